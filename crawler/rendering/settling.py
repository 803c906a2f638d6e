"""Waits until a page is all there, and does what makes it so."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial

from crawler.rendering.behaviours.behaviours import close_banner, close_known_banner, expand, scroll
from crawler.rendering.behaviours.worlds import World, wake, worlds
from crawler.rendering.deadline import Deadline
from crawler.rendering.loads import Loads
from crawler.rendering.protocol import Session
from crawler.rendering.rendering import RenderOptions
from crawler.rendering.screening import Screening
from crawler.rendering.tab import Tab

Closes = Callable[[Sequence[World], float], Awaitable[str | None]]

_STREAM_AFTER = 10.0  # seconds after which a load that still runs is taken for a stream, and not waited for
_MOST_IDLE = 10.0  # seconds: a page that asks for something every second is never idle
_CALM = 0.3  # seconds after a scroll in which scripts that wait for its end ask for more
_CONSENT = 8.0
_EXPANDING = 5.0
_SCROLLING = 15.0


class Settling:
    """From the first byte of a document to the moment at which its markup is taken."""

    def __init__(
        self,
        tab: Tab,
        loads: Loads,
        screening: Screening,
        options: RenderOptions,
        deadline: Deadline,
        frames: Callable[[], list[Session]],
    ) -> None:
        self._tab = tab
        self._loads = loads
        self._screening = screening
        self._options = options
        self._deadline = deadline
        self._frames = frames
        self.notes: list[str] = []

    async def settle(self, page: Session) -> None:
        if not await self._loaded(self._deadline.loading() * 0.6):
            await wake(page)
        quiet = asyncio.ensure_future(self._idle())
        try:
            if self._options.consent:
                await self._consent(page, partial(close_known_banner, quiet=quiet))
            await quiet
        finally:
            quiet.cancel()
        if self._options.consent:
            await self._consent(page, close_banner)
        self._screening.is_settled = True
        if self._options.expand and (main := await self._main(page)):
            await expand(main, self._seconds(_EXPANDING))
        if self._options.scroll and (main := await self._main(page)):
            await scroll(main, self._seconds(_SCROLLING), self._calm)
        if self._options.expand or self._options.scroll:
            await self._idle()

    async def _consent(self, page: Session, close: Closes) -> None:
        closed = await close(await worlds(page, self._frames()), self._seconds(_CONSENT))
        if closed is None:
            return
        self.notes.append(f"a consent banner was closed {closed}")
        await asyncio.sleep(min(0.3, self._deadline.loading()))  # many then load the page anew
        await self._loaded(self._deadline.loading() / 2)
        await self._idle()

    async def _main(self, page: Session) -> World | None:
        return next(iter(await worlds(page)), None)

    def _seconds(self, most: float) -> float:
        return min(most, self._deadline.loading() / 2)

    async def _loaded(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await self._tab.loaded.wait()
        self.notes.append(f"it had not loaded after {seconds:.0f} seconds; what was there then is kept")
        return False

    async def _calm(self) -> None:
        """Wait until there is what the page asks for when it has been moved."""
        await self._idle(min(_CALM, self._options.idle), time.monotonic())

    async def _idle(self, least: float | None = None, since: float = 0.0) -> None:
        """Wait until nothing has been loading for a while, at least since a moment of the monotonic clock."""
        least = self._options.idle if least is None else least
        ends = time.monotonic() + self._seconds(_MOST_IDLE)
        while (now := time.monotonic()) < ends or (self._screening.waiting and self._deadline.loading()):
            quiet = not self._screening.waiting and not self._loads.pending(now - _STREAM_AFTER)
            if quiet and now - max(self._loads.changed, since) >= least:
                return
            await asyncio.sleep(0.05)
