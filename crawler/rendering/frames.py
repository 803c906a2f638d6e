"""A page's markup with what stands in its frames, where a reader reads there.

A frame's document is no part of the markup of the page around it, so an article in a frame would give no text. It is
written as the `srcdoc` of its iframe element (WHATWG HTML, 4.8.5): standard markup, which a browser shows as it
was and which needs no second record, so extraction reads the same bytes from the wire and from the WARC. The element
is marked as a frame that was read, with the address of its document: a `srcdoc` of the page's own is no such thing,
whatever it holds. Its `sandbox` is made empty, since a script in a `srcdoc` would run as one of the page.

Which frames are read is for the browser to say, that alone knows what is seen: those of a column's width that take a
good part of the window. Advertisements, players of comments and counters are smaller, or come from the domains that
are known for them. Whether there is an article in one is for extraction to say.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib.resources import files
from uuid import uuid4

import orjson

from archive.extraction.framed import SEEN
from crawler.rendering.behaviours.worlds import World, world_in
from crawler.rendering.blocking import is_advert
from crawler.rendering.deadline import Deadline
from crawler.rendering.protocol import ProtocolError, Session

_LEAST = {
    "width": 400,
    "height": 300,
    "share": 0.25,
}  # CSS pixels, and of the window; a billboard takes 0.18 of it
_MOST = 4  # of one document
_DEEPEST = 2
_LONGEST = 2_000_000  # characters of one frame; the largest article of real pages has fewer with all that is around it
_MOST_CHARACTERS = 4_000_000  # of all frames, as they are written
_WITHIN = 6.0  # seconds for all of them
_ANSWERS_WITHIN = 3.0


class Framing:
    """Reads one page. `sessions` are those of frames that have a process of their own, by the id of the frame."""

    def __init__(self, sessions: Mapping[str, Session], deadline: Deadline, notes: list[str]) -> None:
        self._sessions = sessions
        self._deadline = deadline
        self._notes = notes
        self._token = f"t{uuid4().hex}"
        self._left = _MOST_CHARACTERS

    async def markup(self, main: World) -> str | None:
        """The page's document as it is now, doctype first; None if the page does not answer."""
        frames: list[tuple[str, str]] = []
        try:
            async with asyncio.timeout(min(_WITHIN, self._deadline.left() * 0.3)):
                frames = await self._frames(main, 1)
        except TimeoutError:
            self._notes.append("frames of the page did not answer in time; what they show is left out")
        return await self._document(main, "markup", frames, self._deadline.left())

    async def _frames(self, world: World, depth: int) -> list[tuple[str, str]]:
        """Address and markup of each frame that is read; empty markup for one that can't be had."""
        count = await _said(world, "frames", [_MOST, _LEAST], _ANSWERS_WITHIN)
        if not isinstance(count, int):
            return []
        return [await self._frame(world, number, depth) for number in range(count)]

    async def _frame(self, around: World, number: int, depth: int) -> tuple[str, str]:
        world = await self._world(around, number)
        if world is None:
            return "", ""
        url = await _said(world, "address", [], _ANSWERS_WITHIN)
        if not isinstance(url, str) or is_advert(url):
            return "", ""
        inner = await self._frames(world, depth + 1) if depth < _DEEPEST else []
        text = await self._document(world, "framed", inner, _ANSWERS_WITHIN) or ""
        written = _attribute(text)
        if not text or len(written) > self._left:
            self._notes.append(f"what a frame shows is left out, it can't be read or is too long: {url}")
            return "", ""
        self._left -= len(written)
        return url, text

    async def _world(self, around: World, number: int) -> World | None:
        """A world in a frame of the document around it, in whichever process it is."""
        with suppress(ProtocolError, TimeoutError):
            async with asyncio.timeout(_ANSWERS_WITHIN):
                held = await around.session.send(
                    "Runtime.evaluate", expression=f"tearsheet.frame({number})", contextId=around.context
                )
                node = await around.session.send("DOM.describeNode", objectId=held["result"]["objectId"])
                frame = node["node"]["frameId"]
                return await world_in(self._sessions.get(frame, around.session), frame)
        return None

    async def _document(
        self, world: World, function: str, frames: list[tuple[str, str]], seconds: float
    ) -> str | None:
        places = {number: f"{self._token}-{number}" for number, (_, text) in enumerate(frames) if text}
        written = [[number, place, frames[number][0]] for number, place in places.items()]
        text = await _said(world, function, [self._token, written, _LONGEST], seconds)
        if not isinstance(text, str):
            return None
        for number, place in places.items():
            text = text.replace(f'srcdoc="{place}"', f'srcdoc="{_attribute(frames[number][1])}"')
        return text


async def _said(world: World, function: str, values: list[object], seconds: float) -> object:
    """What a function of document.js gives in a world, where the frames that it has found stay known."""
    asked = orjson.dumps(values).decode()
    return await world.run(
        f"globalThis.tearsheet ??= {_script()}; tearsheet.{function}(...{asked})", seconds=seconds
    )


def _attribute(text: str) -> str:
    """Text as the value of an attribute in quotes. Angle brackets need not be written so, but what looks through the
    markup for tags finds those of the page itself then."""
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")


@cache
def _script() -> str:
    """An expression for an object that reads the document."""
    text = files(__package__).joinpath("document.js").read_text("utf-8").strip()
    return f'({text})("{SEEN}")'
