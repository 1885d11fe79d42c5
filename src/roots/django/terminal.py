"""Progress on a terminal: with `rich` where it is installed, as one line that changes elsewhere."""

import contextlib
import time
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TextIO

from roots.progress import Progress, Silent

_REDRAW_S = 0.1
_NAME_WIDTH = 50


@contextlib.contextmanager
def showing(stream: TextIO, *, is_wanted: bool) -> Iterator[Progress]:
    """Progress on `stream` while the block runs; nothing where that is no terminal."""
    if not is_wanted or not stream.isatty():
        yield Silent()
    elif find_spec("rich"):
        bars = _Bars(stream)
        with bars.shown:
            yield bars
    else:
        line = Line(stream)
        try:
            yield line
        finally:
            line.clear()


class Line:
    """One line that is written over: `Compressing 12/340 css/app.css`."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._title, self._done, self._total = stream, "", 0, 0
        self._drawn_at_s = float("-inf")

    def phase(self, title: str, total: int) -> None:
        """Begin a part of the build."""
        self._title, self._done, self._total = title, 0, total

    def advance(self, name: str, steps: int = 1) -> None:
        """Count steps, and show them if the last ones were shown long enough."""
        self._done += steps
        now_s = time.monotonic()
        if now_s - self._drawn_at_s >= _REDRAW_S:
            self._drawn_at_s = now_s
            shown = name if len(name) <= _NAME_WIDTH else "…" + name[1 - _NAME_WIDTH :]
            of_all = f"/{self._total:,}" if self._total >= self._done else ""
            self._write(f"{self._title} {self._done:,}{of_all} {shown}")

    def clear(self) -> None:
        """Leave no trace."""
        self._write("")
        self._drawn_at_s = float("-inf")

    def _write(self, text: str) -> None:
        self._stream.write(f"\r\x1b[K{text}")
        self._stream.flush()


class _Bars:
    def __init__(self, stream: TextIO) -> None:
        console = import_module("rich.console").Console(file=stream)
        rich = import_module("rich.progress")
        columns = [*rich.Progress.get_default_columns(), rich.TextColumn("{task.fields[name]}")]
        self.shown: Any = rich.Progress(*columns, console=console, transient=True)
        self._task: Any = None

    def phase(self, title: str, total: int) -> None:
        self._task = self.shown.add_task(title, total=total or None, name="")

    def advance(self, name: str, steps: int = 1) -> None:
        self.shown.start()
        self.shown.update(self._task, advance=steps, name=name)

    def clear(self) -> None:
        self.shown.stop()
