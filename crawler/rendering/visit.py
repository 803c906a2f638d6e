"""One page in one context of the browser, from its first request to its last."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urldefrag
from uuid import uuid4

from crawler.rendering import snapshot
from crawler.rendering.errors import RenderError
from crawler.rendering.exchanges import exchange_of, has_exchange
from crawler.rendering.gate import Gate
from crawler.rendering.interception import Interception
from crawler.rendering.loads import Loads
from crawler.rendering.protocol import Connection, Disconnected, Event, ProtocolError, Session
from crawler.rendering.rendering import Rendering, RenderOptions
from crawler.rendering.targets import Targets

Admit = Callable[[str, str], Awaitable[bool]]
"""From a subresource's URL and kind ("script", "image" ...): whether it may be fetched; may wait for its turn."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a page may load: bytes of one body, bytes in all."""

    resource_bytes: int = 32 << 20
    page_bytes: int = 200 << 20


class Visit:
    """Renders one URL in a browser context that is its own."""

    def __init__(
        self,
        connection: Connection,
        gate: Gate,
        url: str,
        options: RenderOptions,
        bounds: Bounds,
        admit: Admit | None,
    ) -> None:
        self._connection = connection
        self._gate = gate
        self._url = url
        self._options = options
        self._admit = admit
        self._loads = Loads(resource_bytes=bounds.resource_bytes, page_bytes=bounds.page_bytes)
        self._interception = Interception(
            self._loads, self._screen, resource_bytes=bounds.resource_bytes, stream_seconds=options.limit / 4
        )
        self.targets = Targets(
            connection, on_page=self._on_page, on_network=self._on_network, user_agent=options.user_agent
        )
        self._page: asyncio.Future[Session] = asyncio.get_running_loop().create_future()
        self._main_frame = ""
        self._loaded = asyncio.Event()
        self._crashed = asyncio.Event()
        self._notes: dict[str, None] = {}
        self._ends = time.monotonic() + options.limit

    async def run(self, context: str) -> Rendering:
        """Raises RenderError, and Disconnected when the whole browser is gone."""
        started = datetime.now(UTC)
        render = asyncio.ensure_future(self._render(context, started))
        ends = [asyncio.ensure_future(event.wait()) for event in (self._crashed, self._connection.closed)]
        try:
            await asyncio.wait(
                {render, *ends}, timeout=self._options.limit, return_when=asyncio.FIRST_COMPLETED
            )
            if render.done():
                return render.result()
            if self._connection.closed.is_set():
                raise Disconnected("the browser is gone")
            raise RenderError(self._url, "its tab crashed" if self._crashed.is_set() else self._too_long())
        except ProtocolError as error:
            if isinstance(error, Disconnected) and self._connection.closed.is_set():
                raise
            raise RenderError(self._url, f"the browser says {error}") from None
        finally:
            for task in (render, *ends):
                task.cancel()
            await asyncio.gather(render, *ends, return_exceptions=True)
            await self._interception.close()
            self._loads.close()

    def _too_long(self) -> str:
        return f"it took longer than {self._options.limit:g} seconds and did not answer"

    async def _render(self, context: str, started: datetime) -> Rendering:
        await self._connection.root.send(
            "Target.createTarget", url="about:blank", browserContextId=context, width=1280, height=1024
        )
        page = await self._page
        shown = await self._navigate(page)
        dom, image, pdf = b"", None, None
        if shown:
            await self._settle(page)
            dom, image, pdf = await self._snapshot(page)
        return self._rendering(started, dom, image, pdf)

    async def _navigate(self, page: Session) -> bool:
        """Go there; returns whether there is a document to look at."""
        command = page.send("Page.navigate", url=self._url)
        try:
            async with asyncio.timeout(self._loading_seconds()):
                answer = await command
        except TimeoutError:
            page.send("Page.stopLoading")
            answer = {"errorText": "the server did not answer in time"}
        problem = answer.get("errorText")
        if problem is None:
            return True
        if not any(has_exchange(load) for load in self._loads.all):
            raise RenderError(self._url, "; ".join(self._gate.refusals) or problem)
        self._notes[f"there is no document to show: {problem}"] = None
        return False

    def _loading_seconds(self) -> float:
        """Time that is left for loading: a fifth of the limit is kept for markup and pictures."""
        return max(0.1, self._ends - time.monotonic() - min(10.0, self._options.limit / 5))

    async def _settle(self, page: Session) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._loading_seconds()):
                await self._loaded.wait()
                await self._idle()

    async def _idle(self) -> None:
        """Wait until nothing has been loading for a while. A load that takes longer than ten seconds is a stream."""
        while True:
            now = time.monotonic()
            if not self._loads.pending(now - 10) and now - self._loads.changed >= self._options.idle:
                return
            await asyncio.sleep(0.05)

    async def _snapshot(self, page: Session) -> tuple[bytes, bytes | None, bytes | None]:
        world = await page.send("Page.createIsolatedWorld", frameId=self._main_frame, worldName="tearsheet")
        dom = await snapshot.markup(page, world["executionContextId"])
        image = pdf = None
        if self._options.screenshot:
            image, is_cut = await snapshot.picture(page)
            if is_cut:
                self._notes["the screenshot ends before the page does"] = None
        if self._options.pdf:
            pdf = await snapshot.printed(page)
        return dom, image, pdf

    def _rendering(self, started: datetime, dom: bytes, image: bytes | None, pdf: bytes | None) -> Rendering:
        page_id = f"urn:uuid:{uuid4()}"
        loads = [load for load in self._loads.all if has_exchange(load)]
        documents = [load for load in loads if load.kind == "Document" and load.frame == self._main_frame]
        last = documents[-1] if documents else None
        return Rendering(
            url=urldefrag(self._url).url,
            final_url=urldefrag(last.url if last else self._url).url,
            status=last.response["status"] if last and last.response else None,
            started=started,
            exchanges=tuple(
                exchange_of(load, page_id=page_id, main_frame=self._main_frame, peers=self._gate.peers)
                for load in loads
            ),
            dom=dom,
            screenshot=image,
            pdf=pdf,
            notes=(*self._notes, *self._gate.refusals),
        )

    def _on_page(self, session: Session, info: Event) -> None:
        if self._page.done():
            self._notes["a popup was closed"] = None
            self._connection.root.send("Target.closeTarget", targetId=info["targetId"])
            return
        self._main_frame = info["targetId"]
        session.on("Page.loadEventFired", lambda event: self._loaded.set())
        session.on("Page.javascriptDialogOpening", lambda event: self._dialog(session, event))
        session.on("Inspector.targetCrashed", lambda event: self._crashed.set())
        session.send("Page.enable")
        session.send("Inspector.enable")
        self.targets.listen(session)
        session.send("Runtime.runIfWaitingForDebugger")
        self._page.set_result(session)

    def _on_network(self, session: Session) -> None:
        self._loads.watch(session)
        self._interception.watch(session)

    def _dialog(self, session: Session, event: Event) -> None:
        """Dialogs hold the page up until they are answered: no to all but leaving."""
        session.send("Page.handleJavaScriptDialog", accept=event["type"] == "beforeunload")

    async def _screen(self, event: Event) -> bool:
        url, kind = event["request"]["url"], event.get("resourceType", "Other").lower()
        if kind in self._options.left_out:
            self._notes[f"{kind}s were left out"] = None
            return False
        if self._admit is None or url == self._url:
            return True
        return await self._admit(url, kind)
