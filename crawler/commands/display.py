"""Standard error while a command works: a line for each thing that is told, and on a terminal one of progress."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Literal

from rich.progress import Progress, ProgressColumn, SpinnerColumn, Task, TextColumn, TimeElapsedColumn
from rich.text import Text

from crawler.commands.console import Console, printable
from crawler.monitoring.logs import event

Kind = Literal["article", "archived", "source", "note", "failed", "warning"]
_STYLES: dict[Kind, str] = {"note": "dim", "failed": "red", "warning": "yellow"}
_LEVELS: dict[Kind, str] = {"failed": "error", "warning": "warning"}
_SHOWN = 80  # characters of the latest page in the line of progress


class Display:
    """`state` gives the words of the line of progress, and is asked many times a second from a thread of its own.
    With `json` each line is an object, as those of the log are, and there is no progress."""

    def __init__(self, state: Callable[[], str], *, progress: bool, json: bool) -> None:
        self._console = Console(stderr=True, soft_wrap=True, highlight=False)
        self._json = json
        self._progress: Progress | None = None
        if progress and not json and self._console.is_terminal:
            columns = (SpinnerColumn(), _State(state), TextColumn("{task.description}", markup=False))
            self._progress = Progress(*columns, TimeElapsedColumn(), console=self._console, transient=True)
            self._task = self._progress.add_task("", total=None)

    @property
    def moves(self) -> bool:
        """Whether there is a line of progress."""
        return self._progress is not None

    def start(self) -> None:
        if self._progress is not None:
            self._progress.start()

    def stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def latest(self, text: str) -> None:
        """What the work is at, for the line of progress."""
        if self._progress is not None:
            self._progress.update(self._task, description=printable(text)[:_SHOWN])

    def say(self, kind: Kind, text: str, url: str | None = None) -> None:
        """A line; `url` is the page that it is about."""
        if self._json:
            sys.stderr.buffer.write(event(kind, _LEVELS.get(kind, "info"), text, url))
            sys.stderr.buffer.flush()
        else:
            self._console.print(Text(f"{kind}: {printable(text)}", style=_STYLES.get(kind, "")))


class _State(ProgressColumn):
    def __init__(self, state: Callable[[], str]) -> None:
        super().__init__()
        self._state = state

    def render(self, task: Task) -> Text:
        return Text(self._state())
