"""A user of this machine, and what the modes of files let that user do."""

import contextlib
import grp
import os
import pwd
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_ACL = "system.posix_acl_access"


@dataclass(frozen=True, slots=True)
class Account:
    """`where` says that it is this user who serves, as `/etc/systemd/system/shop.service:7`; ""
    for the user that runs this process, whom the system itself is asked about."""

    name: str
    uid: int
    gids: frozenset[int]
    where: str = ""

    @property
    def label(self) -> str:
        """As people name it."""
        return f"{self.name} ({self.where or 'who runs this command'})"

    @property
    def is_root(self) -> bool:
        """Whether modes do not matter to this user."""
        return self.uid == 0

    def obstacle(self, path: str, wanted: int) -> str | None:
        """The part of `path` that keeps this user from what is `wanted` of it, of os.R_OK, W_OK
        and X_OK together; None where nothing does. What does not exist yet has to be created."""
        for directory in _parents(path):
            if not os.path.exists(directory):
                parent = os.path.dirname(directory)
                return None if self.may(parent, os.W_OK | os.X_OK) else parent
            if not self.may(directory, os.X_OK):
                return directory
        if not os.path.exists(path):
            parent = os.path.dirname(path)
            return None if self.may(parent, os.W_OK | os.X_OK) else parent
        return None if self.may(path, wanted) else path

    def may(self, path: str, wanted: int) -> bool:
        """Whether modes and mounts let this user do what is `wanted` to `path` itself. Where an
        access list says more than modes do, it is taken to say yes."""
        if not self.where:
            return os.access(path, wanted, effective_ids=os.access in os.supports_effective_ids)
        if wanted & os.W_OK and os.statvfs(path).f_flag & os.ST_RDONLY:
            return False
        return self.may_by_mode(os.stat(path), wanted) or _has_access_list(path)

    def may_by_mode(self, facts: os.stat_result, wanted: int) -> bool:
        """The same, by what `stat` said. Root may do everything."""
        shift = 0
        if facts.st_uid == self.uid:
            shift = 6
        elif facts.st_gid in self.gids:
            shift = 3
        return self.is_root or (facts.st_mode >> shift) & wanted == wanted


def of_this_process() -> Account:
    """Who runs this command."""
    uid = os.geteuid()
    return Account(name_of(uid), uid, frozenset({os.getegid(), *os.getgroups()}))


def called(name: str, where: str) -> Account | None:
    """The user called `name`, or with this number; None for a name this machine does not know."""
    try:
        entry = pwd.getpwuid(int(name)) if name.isdigit() else pwd.getpwnam(name)
    except KeyError:
        return Account(name, int(name), frozenset(), where) if name.isdigit() else None
    groups = frozenset(os.getgrouplist(entry.pw_name, entry.pw_gid))
    return Account(entry.pw_name, entry.pw_uid, groups, where)


def told(path: str) -> str:
    """Mode, owner and group of `path`, as `ls` tells them: `drwxr-xr-x root:root`."""
    facts = os.stat(path)
    group = str(facts.st_gid)
    with contextlib.suppress(KeyError):
        group = grp.getgrgid(facts.st_gid).gr_name
    return f"{stat.filemode(facts.st_mode)} {name_of(facts.st_uid)}:{group}"


def name_of(uid: int) -> str:
    """The name of the user with this number; else the number."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _parents(path: str) -> Iterator[str]:
    """Every directory on the way to `path`, and to what it leads to where it is a link."""
    real = os.path.realpath(path)
    for each in dict.fromkeys((*Path(path).parents[::-1], *Path(real).parents[::-1])):
        yield str(each)


def _has_access_list(path: str) -> bool:
    try:
        return _ACL in os.listxattr(path)
    except (OSError, AttributeError):  # none here, or not asked for like this
        return False
