"""Where policies meet files: which one decides about a save, and what is stored then."""

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import Any, BinaryIO, cast

from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File

from roots import conf
from roots.errors import UploadRejected
from roots.media.content.pictures.measuring import cleaned
from roots.media.content.pictures.picture import BrokenPicture
from roots.media.inspection import Verdict
from roots.media.policy import Choice, Policy
from roots.media.presets import Anything
from roots.media.refusals import refuse

_ADMITTED: ContextVar[tuple[object, Verdict] | None] = ContextVar("roots.media", default=None)
_ANYTHING = Anything()
_IN_MEMORY_BYTES = 2 << 20


class Refused(UploadRejected, SuspiciousFileOperation):
    """An UploadRejected that a view nobody taught about it answers with 400."""

    @classmethod
    def because(cls, rejected: UploadRejected) -> "Refused":
        """The same refusal, in Django's words."""
        details = {"code": rejected.code, "status": rejected.status, "found": rejected.found}
        return cls(rejected.template, **details)  # type: ignore[arg-type]


def project_policy() -> Policy | Choice:
    """What decides where no field says so."""
    return conf.configuration().upload_policy or _ANYTHING


@contextlib.contextmanager
def admitted(name: str, content: Any, policy: Policy | Choice) -> "Iterator[tuple[str, File[Any]]]":
    """The name and the file to store for `content`, which was to be stored as `name`: another name
    where its extension contradicts the content, another file where metadata had to go.

    A file that was admitted already is not asked again. Raises Refused where `policy` refuses it.
    """
    if verdict_on(content):
        yield name, cast("File[Any]", content)
        return
    with contextlib.ExitStack() as stack:
        try:
            if rejected := getattr(content, "rejected", None):  # while it arrived
                raise rejected
            file = _binary(content, stack)
            verdict = policy.judge(os.path.basename(name), cast(BinaryIO, file))
            if verdict.is_to_be_cleaned:
                file = _cleaned(verdict, file, stack)
        except UploadRejected as rejected:
            raise Refused.because(rejected) from rejected
        file.seek(0)
        stack.callback(_ADMITTED.reset, _ADMITTED.set((file, verdict)))
        yield os.path.join(os.path.dirname(name), verdict.name), file


def verdict_on(content: object) -> Verdict | None:
    """What was found in a file that is being stored; None for one that was not admitted."""
    found = _ADMITTED.get()
    return found[1] if found and found[0] is content else None


def _binary(content: Any, stack: contextlib.ExitStack) -> "File[Any]":
    """`content` as a file of bytes that can be read twice."""
    file = content if isinstance(content, File) else File(content)
    try:
        file.seek(0)
        if file.read(0) == b"":
            return file
    except (AttributeError, OSError, ValueError):  # a stream, which is read once
        pass
    chunks = (each.encode() if isinstance(each, str) else each for each in file.chunks())
    return _spooled(chunks, content, stack)


def _cleaned(verdict: Verdict, file: "File[Any]", stack: contextlib.ExitStack) -> "File[Any]":
    """The file without metadata."""
    try:
        return _spooled(cleaned(verdict.format.content_type, cast(BinaryIO, file)), file, stack)
    except BrokenPicture as broken:
        raise refuse("broken", name=verdict.name, why=str(broken)) from broken


def _spooled(chunks: Iterable[bytes], original: Any, stack: contextlib.ExitStack) -> "File[Any]":
    """A file with these bytes, and with what else is known of the original one."""
    spool = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115
    stack.callback(spool.close)
    spool.writelines(chunks)
    file: File[Any] = File(spool, name=getattr(original, "name", None))
    if hasattr(original, "owner"):
        file.owner = original.owner  # type: ignore[attr-defined]
    return file
