"""How many bytes an owner, a storage or a field may have stored: `ROOTS["QUOTAS"]`.

What is used is what the ledger says, added up each time: a counter would be wrong after one raw SQL
statement, for ever. An upload is refused when it obviously does not fit. Just before its
transaction is committed everything is added up once more, one transaction after the other; so two
that fit only one by one are not both let in, and no lock is held while a project does its work.
"""

import os
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from roots import conf, digests
from roots.errors import UploadRejected
from roots.media import ledger
from roots.media.admission import Refused
from roots.media.ledger import Facts
from roots.media.lifecycle import journal
from roots.media.origin import require_fields
from roots.media.referrers import referrers
from roots.media.refusals import refuse, spoken_size

_COUNTED = ("stored", "quarantined")
_ADVISORY_LOCK = "SELECT pg_advisory_xact_lock(%s)"
_CHANGES_NOTHING = "UPDATE {} SET size = size WHERE 1 = 0"


@dataclass(frozen=True, slots=True, order=True)
class Quota:
    """At most `limit` bytes in files whose row in the ledger has `value` in `column`."""

    column: str
    value: str
    limit: int

    def used_bytes(self, alias: str) -> int:
        """What the ledger in the database `alias` says. The trash does not count."""
        connection = connections[alias]
        with connection.cursor() as cursor:
            cursor.execute(_sum_of(self.column, alias), [self.value, *_COUNTED])
            ((found,),) = cursor.fetchall()
        return int(found or 0)

    @property
    def lock(self) -> int:
        """A number of its own, of 64 bits with a sign."""
        digest = digests.of_bytes(f"roots {self.column} {self.value}".encode())
        return int.from_bytes(bytes.fromhex(digest[:16]), "big", signed=True)


@cache
def _sum_of(column: str, alias: str) -> str:
    """One SELECT, put together once."""
    size, state, name = map(connections[alias].ops.quote_name, ("size", "state", column))
    # The last condition is for the index without empty values to be seen fit.
    return (
        f"SELECT SUM({size}) FROM {_table(alias)} "  # noqa: S608  # names of our own
        f"WHERE {name} = %s AND {state} IN (%s, %s) AND NOT ({name} = '')"
    )


def _table(alias: str) -> str:
    """The ledger's, quoted."""
    found = ledger.model()
    assert found is not None  # noqa: S101
    quoted: str = connections[alias].ops.quote_name(found._meta.db_table)
    return quoted


def quotas_on(storage: Any, owner: str, field: str) -> list[Quota]:
    """The quotas that an upload to `storage` counts for, in the order in which they are locked."""
    limits = _limits(conf.configuration().quotas)
    asked = (
        ("field", field, field.lower()),
        ("owner", owner, "owner"),
        ("storage", ledger.alias_of(storage), "storage"),
    )
    return [
        Quota(column, value, limits[key]) for column, value, key in asked if value and key in limits
    ]


@lru_cache(maxsize=1)
def _limits(quotas: tuple[tuple[str, int], ...]) -> dict[str, int]:
    require_fields((key for key, _ in quotas if "." in key), "ROOTS['QUOTAS']")
    return {key.lower(): limit for key, limit in quotas}


def require_quota(storage: Any, file: Any, field: str = "") -> None:
    """Raises UploadRejected where `file`, an upload, does not fit by now. Reserves nothing."""
    found = ledger.model()
    home = ledger.home(connections[router.db_for_write(found)]) if found else None
    if home is not None:
        for quota in quotas_on(storage, getattr(file, "owner", ""), field):
            _require(quota, quota.used_bytes(home.alias), os.path.basename(file.name), file.size)


def is_on(key: str) -> bool:
    """Whether there is a quota on this: "owner", "storage" or a field."""
    return any(each == key for each, _ in conf.configuration().quotas)


def record(
    storage: Any, facts: Facts, connection: BaseDatabaseWrapper, *, is_new: bool = True
) -> None:
    """As `ledger.record`, of a file that fits. Raises Refused where it does not: now, or when the
    transaction is about to be committed, which then rolls back."""
    home = ledger.home(connection)
    quotas = quotas_on(storage, facts.owner, facts.field) if home and is_new else []
    if home is None or not quotas:
        ledger.record(storage, facts, connection, is_new=is_new)
    elif home.get_autocommit() and not home.in_atomic_block:
        with transaction.atomic(using=home.alias):
            _record(storage, facts, home, quotas)
    else:
        _record(storage, facts, home, quotas)


def attribute(storage: Any) -> None:
    """Tell the ledger of the files that fields with a quota named before there was one."""
    limits = _limits(conf.configuration().quotas)
    for referrer in referrers(storage):
        if str(referrer).lower() in limits and referrer.alias in ledger.databases():
            named = referrer.rows().values(referrer.field.attname)
            unknown = ledger.rows(storage, referrer.alias).filter(field="", name__in=named)
            unknown.update(field=str(referrer))


def _record(storage: Any, facts: Facts, home: BaseDatabaseWrapper, quotas: list[Quota]) -> None:
    tally = journal.checked(home, Tally)
    is_heard_of = tally is not None
    tally = tally or Tally(home)
    for quota in quotas:
        tally.add(quota, facts)
    ledger.record(storage, facts, home)
    if any(quota.column == "field" for quota in quotas):
        ledger.rows(storage, home.alias).filter(name=facts.name).update(field=facts.field)
    if not is_heard_of:  # a transaction by hand
        tally.before_commit()


class Tally:
    """What a transaction stores: bytes in use, and the last file, on each quota."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self._stored: dict[Quota, tuple[int, Facts]] = {}

    def add(self, quota: Quota, facts: Facts) -> None:
        """Count a file. Raises Refused where it does not fit."""
        used, _ = self._stored.get(quota, (quota.limit, None))
        if used + facts.size > quota.limit:  # not asked yet, or a savepoint has rolled back
            self._begin_to_write()
            used = quota.used_bytes(self.connection.alias)
        _require(quota, used, facts.original_name, facts.size)
        self._stored[quota] = used + facts.size, facts

    def before_commit(self) -> None:
        """Add up what everybody has stored, one transaction after the other. Raises Refused."""
        for quota in sorted(self._stored):
            self._lock(quota)
        for quota, (_, last) in self._stored.items():
            used = quota.used_bytes(self.connection.alias) - last.size
            try:
                _require(quota, used, last.original_name, last.size)
            except UploadRejected as rejected:
                raise Refused.because(rejected) from rejected

    def _begin_to_write(self) -> None:
        """SQLite lets nobody write who has read before somebody else wrote, however long they would
        wait. So writing comes first, unless Django has begun with BEGIN IMMEDIATE."""
        mode = getattr(self.connection, "transaction_mode", None)
        if self.connection.vendor == "sqlite" and mode in (None, "DEFERRED"):
            with self.connection.cursor() as cursor:
                cursor.execute(_CHANGES_NOTHING.format(_table(self.connection.alias)))

    def _lock(self, quota: Quota) -> None:
        """SQLite has but one writer anyway, and this transaction has written."""
        if self.connection.vendor == "postgresql":
            with self.connection.cursor() as cursor:
                cursor.execute(_ADVISORY_LOCK, [quota.lock])


def _require(quota: Quota, used: int, name: str, size: int) -> None:
    if used + size > quota.limit:
        found = {"used": spoken_size(used), "allowed": spoken_size(quota.limit)}
        raise refuse("quota", name=name, size=spoken_size(size), **found)
