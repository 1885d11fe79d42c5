"""When a transaction ends, and how: the work on files that each open one carries.

Django calls what `on_commit` was given after the commit, and lets go of it when the transaction or
its savepoint rolls back. So what was let go of without being called was rolled back.
"""

import os
import threading
import weakref
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.core.signals import request_finished
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from roots.media.lifecycle import journal
from roots.media.lifecycle.work import Work


class _Left(threading.local):
    """What this thread could not finish when it should have."""

    def __init__(self) -> None:
        self.work = Work()


_left = _Left()


class _Part:
    """The work of one transaction or savepoint, held by Django until it ends."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.work = Work()
        self.connection = connection
        self.savepoints = set(connection.savepoint_ids)
        self.outermost = _outermost(connection)
        self._let_go = weakref.finalize(self, _rolled_back, self.work, connection, os.getpid())

    def is_of(self, connection: BaseDatabaseWrapper) -> bool:
        """Whether what happens now happens in the same savepoint. A test wraps all of itself in one
        transaction, so there it must be the same transaction within that, too."""
        outermost = _outermost(connection)
        if outermost is None and connection.atomic_blocks:
            return False
        savepoints = set(connection.savepoint_ids)
        return outermost is self.outermost and savepoints == self.savepoints

    def committed(self) -> None:
        """Django's call, or that of a test which never commits."""
        if self.connection.in_atomic_block:
            own = _claimed(self.connection)
            self.work.rehearse(own)
            self.work.settle(own)
            return
        self._let_go.detach()
        finish(self.work, self.connection)


def work_on(connection: BaseDatabaseWrapper) -> Work | None:
    """The work of the transaction, or the savepoint, that is open on `connection`; None in
    autocommit, where what is done is done."""
    if not is_open(connection):
        return None
    last = connection.run_on_commit[-1][1] if connection.run_on_commit else None
    part = getattr(last, "__self__", None)
    if isinstance(part, _Part) and part.is_of(connection):
        return part.work
    return _begin(connection)


def is_open(connection: BaseDatabaseWrapper) -> bool:
    """Whether something done on `connection` may yet be rolled back."""
    return bool(connection.in_atomic_block or not connection.get_autocommit())


def finish(work: Work, connection: BaseDatabaseWrapper | None = None) -> None:
    """Do the work of a transaction on `connection` that was committed, or of none, and what this
    thread has left. While it has transactions open elsewhere, nothing is asked: they may yet be
    rolled back, and name again what they let go of."""
    work.keep()
    _left.work.take_over(work)
    if not _left.work:
        return
    if elsewhere := next(_open_besides(connection), None):
        work_on(elsewhere)  # comes back here when it is over
        _listen()
        return
    left, _left.work = _left.work, Work()
    left.keep()
    left.settle()
    if left:
        _left.work.take_over(left)
        _listen()


def left() -> Work:
    """What this thread does when it next finishes something, or its request is over."""
    _listen()
    return _left.work


def given_up_by(connection: BaseDatabaseWrapper) -> Iterator[Work]:
    """The work of every part of the transaction that is open on `connection`."""
    for _, call, *_ in connection.run_on_commit:
        part = getattr(call, "__self__", None)
        if isinstance(part, _Part):
            yield part.work


def _begin(connection: BaseDatabaseWrapper) -> Work:
    part = _Part(connection)
    if connection.in_atomic_block and getattr(connection, "commit_on_exit", True):
        transaction.on_commit(part.committed, using=connection.alias, robust=True)
    else:  # transactions by hand: Django has no on_commit there, but keeps its list all the same
        entry: Any = (part.savepoints, part.committed, True)
        connection.run_on_commit.append(entry)
        _hear_of_commit(connection)
    return part.work


def _rolled_back(work: Work, connection: BaseDatabaseWrapper, process: int) -> None:
    if process != os.getpid():  # a child forked inside of a transaction: it is the parent's
        return
    if not connection.in_atomic_block:
        journal.discard(connection)
    was_lost = connection.errors_occurred and not connection.in_atomic_block
    if was_lost or next(_open_besides(connection), None):
        # A COMMIT whose answer never came, or rows in another database: the tables will tell.
        _left.work.take_over(work)
    else:
        _left.work.take_over(work.roll_back())
    if _left.work:
        _listen()


def _open_besides(connection: BaseDatabaseWrapper | None) -> Iterator[BaseDatabaseWrapper]:
    """This thread's connections with a transaction that is not just there for a test."""
    for other in connections.all(initialized_only=True):
        is_used = other is not connection and other.connection is not None
        if is_used and is_open(other) and (_outermost(other) or not other.atomic_blocks):
            yield other


def _outermost(connection: BaseDatabaseWrapper) -> transaction.Atomic | None:
    """The block that began the transaction, not counting those that Django wraps tests in."""
    for block in connection.atomic_blocks:
        if not block._from_testcase:  # type: ignore[attr-defined]
            return block
    return None


def _hear_of_commit(connection: BaseDatabaseWrapper) -> None:
    """Do the work of transactions by hand when `commit` is called on this very connection."""
    if "commit" in vars(connection):
        return
    commit = connection.commit

    def commit_and_finish() -> None:
        commit()
        del connection.commit
        calls, connection.run_on_commit = connection.run_on_commit, []
        for entry in calls:
            if isinstance(getattr(entry[1], "__self__", None), _Part):
                entry[1]()
            else:
                connection.run_on_commit.append(entry)
        commit()  # asking began a transaction; nobody expects one to be open here

    connection.commit = commit_and_finish  # type: ignore[method-assign]


def _claimed(connection: BaseDatabaseWrapper) -> set[str]:
    return set().union(*(work.claimed for work in given_up_by(connection)))


@cache
def _listen() -> None:
    """Hear of the end of requests, from the first time something was left to do."""
    request_finished.connect(_finish_left, dispatch_uid="roots.media.lifecycle.transactions")


def _finish_left(**_: Any) -> None:
    """What a request left is tried once more, and then is for the audit to find."""
    finish(Work())
    _left.work = Work()
