"""Where policies meet files: which one decides about a save, and what is stored then."""

import tempfile
from collections.abc import Callable, Iterable
from contextvars import ContextVar, Token
from typing import IO, Any, BinaryIO, cast

from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File

from roots import conf
from roots.errors import DiskFull, UploadRejected
from roots.media.content.pictures.measuring import cleaned
from roots.media.content.pictures.picture import BrokenPicture
from roots.media.inspection import Verdict
from roots.media.policy import Choice, Policy
from roots.media.presets import Anything
from roots.media.refusals import refuse
from roots.media.signals import tell_rejected

_ADMITTED: ContextVar[tuple[object, Verdict] | None] = ContextVar("roots.media", default=None)
_ANYTHING = Anything()
_IN_MEMORY_BYTES = 2 << 20


class Refused(UploadRejected, SuspiciousFileOperation):
    """An UploadRejected that a view nobody taught about it answers with 400."""

    @classmethod
    def because(cls, rejected: UploadRejected) -> "Refused":
        """The same refusal, in Django's words."""
        tell_rejected(rejected)
        kind = Full if rejected.code == "full" else cls
        details = {"code": rejected.code, "status": rejected.status, "found": rejected.found}
        return kind(rejected.template, **details)  # type: ignore[arg-type]


class Full(Refused, DiskFull):
    """An upload that the disk has no room for: refused, though it is not the client's fault."""


def project_policy() -> Policy | Choice:
    """What decides where no field says so."""
    return conf.configuration().upload_policy or _ANYTHING


class admitted:  # noqa: N801  # a context manager, quicker than one of contextlib's
    """The name and the file to store for `content`, which was to be stored as `name`: another name
    where its extension contradicts the content, another file where metadata had to go.

    A file that was admitted already is not asked again. Raises Refused where `policy` refuses it.
    """

    def __init__(self, name: str, content: Any, policy: Policy | Choice) -> None:
        self._name, self._content, self._policy = name, content, policy
        self._spools: list[IO[bytes]] = []
        self._token: Token[Any] | None = None

    def __enter__(self) -> "tuple[str, File[Any]]":
        if (found := _ADMITTED.get()) and found[0] is self._content:
            return self._name, cast("File[Any]", self._content)
        folder, slash, last = self._name.rpartition("/")
        try:
            file, verdict = self._judge(last)
        except BaseException:
            self.__exit__()
            raise
        self._token = _ADMITTED.set((file, verdict))
        return folder + slash + verdict.name, file

    def __exit__(self, *_: object) -> None:
        if self._token is not None:
            _ADMITTED.reset(self._token)
        for spool in self._spools:
            spool.close()

    def _judge(self, name: str) -> "tuple[File[Any], Verdict]":
        try:
            if rejected := getattr(self._content, "rejected", None):  # while it arrived
                raise rejected
            file = _binary(self._content, self._spools)
            verdict = judged(name, file, self._policy)
            if verdict.is_to_be_cleaned:
                file = _cleaned(verdict, file, self._spools)
        except UploadRejected as rejected:
            raise Refused.because(rejected) from rejected
        file.seek(0)
        return file, verdict


def judged(name: str, file: Any, policy: Policy | Choice) -> Verdict:
    """What `policy` says of a file called `name`; an upload that nobody has changed since remembers
    what it said before. Raises UploadRejected."""
    judged_by: Callable[[Policy | Choice, str], Verdict] | None = getattr(file, "judged_by", None)
    if judged_by is not None:
        return judged_by(policy, name)
    return policy.judge(name, cast(BinaryIO, file))


def verdict_on(content: object) -> Verdict | None:
    """What was found in a file that is being stored; None for one that was not admitted."""
    found = _ADMITTED.get()
    return found[1] if found and found[0] is content else None


def _binary(content: Any, spools: list[IO[bytes]]) -> "File[Any]":
    """`content` as a file of bytes that can be read twice."""
    file = content if isinstance(content, File) else File(content)
    try:
        file.seek(0)
        if file.read(0) == b"":
            return file
    except (AttributeError, OSError, ValueError):  # a stream, which is read once
        pass
    chunks = (each.encode() if isinstance(each, str) else each for each in file.chunks())
    return _spooled(chunks, content, spools)


def _cleaned(verdict: Verdict, file: "File[Any]", spools: list[IO[bytes]]) -> "File[Any]":
    """The file without metadata."""
    try:
        return _spooled(cleaned(verdict.format.content_type, cast(BinaryIO, file)), file, spools)
    except BrokenPicture as broken:
        raise refuse("broken", name=verdict.name, why=str(broken)) from broken


def _spooled(chunks: Iterable[bytes], original: Any, spools: list[IO[bytes]]) -> "File[Any]":
    """A file with these bytes, and with what else is known of the original one."""
    spool = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115
    spools.append(spool)
    spool.writelines(chunks)
    file: File[Any] = File(spool, name=getattr(original, "name", None))
    if hasattr(original, "owner"):
        file.owner = original.owner  # type: ignore[attr-defined]
    return file
