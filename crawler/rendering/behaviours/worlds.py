"""Worlds of our own in the frames of a page: its scripts can neither see nor change what runs there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from crawler.rendering.protocol import Event, ProtocolError, Session

_NAME = "tearsheet"
_MOST_FRAMES = 20
_ANSWERS_WITHIN = 3.0
_WAKES_WITHIN = 1.0


@dataclass(frozen=True, slots=True)
class World:
    """A frame's own place for our scripts; `is_main` for the page itself."""

    session: Session
    context: int
    url: str
    is_main: bool

    async def run(self, expression: str, *, seconds: float) -> Any:
        """The value of an expression, promises awaited; None if it takes too long or its frame has gone."""
        return await self._value(expression, seconds, contextId=self.context)

    async def in_page(self, expression: str, *, seconds: float) -> Any:
        """The same in the page's own world, of the session's topmost frame."""
        return await self._value(expression, seconds)

    async def _value(self, expression: str, seconds: float, **where: int) -> Any:
        command = self.session.send(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True, **where
        )
        with suppress(ProtocolError, TimeoutError):
            async with asyncio.timeout(seconds):
                return (await command)["result"].get("value")
        return None


async def worlds(page: Session, frames: Iterable[Session] = ()) -> list[World]:
    """One for each frame of these targets, the main frame's first."""
    found: list[World] = []
    for session in (page, *frames):
        with suppress(ProtocolError, TimeoutError):
            async with asyncio.timeout(_ANSWERS_WITHIN):
                tree = (await session.send("Page.getFrameTree"))["frameTree"]
                for frame in _frames(tree):
                    if len(found) == _MOST_FRAMES:
                        return found
                    is_main = session is page and "parentId" not in frame
                    made = await session.send(
                        "Page.createIsolatedWorld", frameId=frame["id"], worldName=_NAME
                    )
                    found.append(World(session, made["executionContextId"], frame["url"], is_main))
    return found


async def world_in(session: Session, frame: str) -> World:
    """One in a frame below the page, by its id. Raises ProtocolError where the session has no such frame."""
    made = await session.send("Page.createIsolatedWorld", frameId=frame, worldName=_NAME)
    return World(session, made["executionContextId"], "", is_main=False)


async def wake(page: Session) -> None:
    """End the script of a page that does not answer."""
    probe = page.send("Runtime.evaluate", expression="0")
    try:
        async with asyncio.timeout(_WAKES_WITHIN):
            await probe
    except TimeoutError:
        page.send("Runtime.terminateExecution")


def _frames(tree: Event) -> Iterator[Event]:
    yield tree["frame"]
    for child in tree.get("childFrames", ()):
        yield from _frames(child)
