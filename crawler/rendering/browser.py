"""One Chromium that renders pages, a few at a time, each in a context of its own, and comes back whatever they do."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from crawler.rendering.errors import NoBrowser, RenderError
from crawler.rendering.gate import Gate, Refuse
from crawler.rendering.process import BrowserProcess, launch
from crawler.rendering.protocol import Disconnected, Event, ProtocolError
from crawler.rendering.rendering import Rendering, RenderOptions
from crawler.rendering.screening import Admit
from crawler.rendering.targets import OF_BROWSER, auto_attach
from crawler.rendering.visit import Bounds, Visit

_ANSWERS_WITHIN = 30.0


class Browser:
    """A Chromium of our own.

    executable     the program, as `find_chromium` gives it
    pages          how many pages are rendered at a time
    recycle_after  pages after which the browser is started anew, so that what leaks in it does not add up
    bounds         what one page may load
    sandbox        whether Chromium's sandbox is on; None: unless we are root, as whom it does not work
    arguments      further arguments of the command line; of two that contradict each other the last counts

    `start` raises NoBrowser if the program does not run. It needs an asyncio loop and holds no global state.
    """

    def __init__(
        self,
        executable: Path,
        *,
        pages: int = 2,
        recycle_after: int = 100,
        bounds: Bounds | None = None,
        sandbox: bool | None = None,
        arguments: tuple[str, ...] = (),
    ) -> None:
        self.sandboxed = os.geteuid() != 0 if sandbox is None else sandbox
        """Whether Chromium's sandbox is on."""
        self._executable = executable
        self._recycle_after = recycle_after
        self._bounds = bounds or Bounds()
        self._arguments = arguments
        self._slots = asyncio.Semaphore(pages)
        self._turn = asyncio.Lock()
        self._quiet = asyncio.Condition()
        self._active = 0
        self._served = 0
        self._process: BrowserProcess | None = None
        self._visits: dict[str, Visit] = {}

    @property
    def pid(self) -> int | None:
        """Process id of the browser, or None while there is none. Its children are in its process group."""
        return self._process.pid if self._process is not None and self._process.alive else None

    async def start(self) -> None:
        """Start Chromium. Raises NoBrowser if it does not come up."""
        async with self._turn:
            await self._ensure()

    async def close(self) -> None:
        """End Chromium; pages that are under way fail."""
        if self._process is not None:
            await self._process.end()
            self._process = None

    async def render(
        self, url: str, options: RenderOptions, refuse: Refuse, admit: Admit | None = None
    ) -> Rendering:
        """Render a page.

        `refuse` has the last word on every address that the page connects to (gate.py), `admit` is asked before each
        request but the first. The caller closes the exchanges' responses. Raises RenderError where nothing was
        fetched; NoBrowser if Chromium is gone and does not start again.
        """
        async with self._slots:
            for attempt in (1, 2):
                process = await self._enter()
                is_last = attempt == 2  # it may have been a neighbour's doing once
                try:
                    return await self._visit(process, url, options, refuse, admit, is_last=is_last)
                except Disconnected:
                    if is_last:
                        raise RenderError(url, "the browser crashed over it") from None
                finally:
                    await self._leave()
        raise AssertionError("unreachable")

    async def _enter(self) -> BrowserProcess:
        async with self._turn:
            process = await self._ensure()
            self._active += 1
            self._served += 1
            return process

    async def _leave(self) -> None:
        async with self._quiet:
            self._active -= 1
            self._quiet.notify_all()

    async def _ensure(self) -> BrowserProcess:
        """The running browser: the one there is, unless it is gone or has served its time."""
        if self._process is not None and self._process.alive and self._served < self._recycle_after:
            return self._process
        async with self._quiet:
            await self._quiet.wait_for(lambda: not self._active)
        await self.close()
        process = await launch(self._executable, sandbox=self.sandboxed, arguments=self._arguments)
        self._served = 0
        root = process.connection.root
        try:
            async with asyncio.timeout(_ANSWERS_WITHIN):
                await root.send("Browser.getVersion")
        except (ProtocolError, TimeoutError):
            await process.end()
            raise NoBrowser(f"{self._executable} does not start: try it by hand, with --headless") from None
        root.on("Target.attachedToTarget", self._attached)
        root.on("Target.detachedFromTarget", lambda event: process.connection.forget(event["sessionId"]))
        auto_attach(root, OF_BROWSER)
        self._process = process
        return process

    def _attached(self, event: Event) -> None:
        assert self._process is not None
        if visit := self._visits.get(event["targetInfo"].get("browserContextId", "")):
            visit.attached(event)
        else:
            session = self._process.connection.session(event["sessionId"])
            session.send("Runtime.runIfWaitingForDebugger")

    async def _visit(
        self,
        process: BrowserProcess,
        url: str,
        options: RenderOptions,
        refuse: Refuse,
        admit: Admit | None,
        *,
        is_last: bool,
    ) -> Rendering:
        gate = Gate(refuse, self._bounds.page_bytes)
        root, context = process.connection.root, ""
        try:
            async with asyncio.timeout(_ANSWERS_WITHIN):
                made = await root.send(
                    "Target.createBrowserContext",
                    proxyServer=await gate.open(),
                    proxyBypassList="<-loopback>",
                    disposeOnDetach=True,
                )
            context = made["browserContextId"]
            root.send("Browser.setDownloadBehavior", behavior="deny", browserContextId=context)
            visit = self._visits[context] = Visit(process.connection, gate, url, options, self._bounds, admit)
            return await visit.run(context, is_last=is_last)
        except TimeoutError:
            process.kill()
            raise Disconnected("the browser does not answer") from None
        finally:
            self._visits.pop(context, None)
            await gate.close()
            if context:
                await self._dispose(process, context)

    async def _dispose(self, process: BrowserProcess, context: str) -> None:
        """Close a context and all that is in it; a browser that can't is done for."""
        try:
            async with asyncio.timeout(_ANSWERS_WITHIN):
                await process.connection.root.send("Target.disposeBrowserContext", browserContextId=context)
        except Disconnected:
            pass  # it is gone, and the context with it
        except (ProtocolError, TimeoutError):
            process.kill()
