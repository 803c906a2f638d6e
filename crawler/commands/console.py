"""Text for a terminal, or for a pipe: harmless, and without a word when its reader has gone."""

from __future__ import annotations

import re
import sys

import orjson
from rich import console

from archive.text.record import Json

# C0, DEL and C1; line and paragraph separators; the overrides that would show a line back to front.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202d\u202e]")


def printable(text: str) -> str:
    """Text from a page without the control characters by which it could drive the terminal."""
    return _CONTROL.sub(" ", text)


def counted(number: int, noun: str) -> str:
    """`1 page`, `2 pages`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def print_json(row: Json) -> None:
    """A JSON line on standard output, at once."""
    sys.stdout.buffer.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()


class Console(console.Console):
    """Rich's console, raising BrokenPipeError as it is: rich would end the process, below a running reactor."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        raise BrokenPipeError
