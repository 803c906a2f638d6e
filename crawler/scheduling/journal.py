"""What the daemon says: a line for each start and end, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime

import orjson

from crawler.commands.console import printable


class Journal:
    """Lines for people, or JSON objects for machines. A daemon whose listener has gone works on in silence."""

    def __init__(self, clock: Callable[[], datetime], *, as_json: bool = False) -> None:
        self._clock = clock
        self._as_json = as_json
        self._heard = True

    def say(self, event: str, text: str, *, outlet: str | None = None, **facts: object) -> None:
        """An `event` is a word for machines, `text` what people read; `facts` are for machines alone."""
        if not self._heard:
            return
        moment = f"{self._clock().astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        if self._as_json:
            row = {
                "time": moment,
                "event": event,
                **({"outlet": outlet} if outlet else {}),
                "text": text,
                **facts,
            }
            line = orjson.dumps(row).decode()
        else:
            line = f"{moment} {f'{outlet}: ' if outlet else ''}{printable(text)}"
        try:
            sys.stderr.write(line + "\n")
            sys.stderr.flush()
        except BrokenPipeError:
            self._heard = False
