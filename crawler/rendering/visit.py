"""One page in one context of the browser, from its first request to its last."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urldefrag
from uuid import uuid4

from crawler.rendering.deadline import Deadline
from crawler.rendering.errors import RenderError
from crawler.rendering.exchanges import exchange_of, has_exchange
from crawler.rendering.gate import Gate
from crawler.rendering.interception import Interception
from crawler.rendering.loads import Load, Loads
from crawler.rendering.protocol import Connection, Disconnected, Event, ProtocolError, Session
from crawler.rendering.rendering import Rendering, RenderOptions
from crawler.rendering.screening import Admit, Screening
from crawler.rendering.settling import Settling
from crawler.rendering.snapshot import Snapshot, take
from crawler.rendering.tab import Tab
from crawler.rendering.targets import Targets


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
        self._deadline = Deadline(options.limit)
        self._screening = Screening(options, admit)
        self._loads = Loads(resource_bytes=bounds.resource_bytes, page_bytes=bounds.page_bytes)
        self._interception = Interception(
            self._loads,
            gate,
            self._screening.may_go,
            resource_bytes=bounds.resource_bytes,
            stream_seconds=options.limit / 4,
        )
        self._targets = Targets(
            connection, on_page=self._on_page, on_network=self._on_network, user_agent=options.user_agent
        )
        self._tab = Tab(connection, on_open=self._targets.listen)
        self._settling = Settling(
            self._tab, self._loads, self._screening, options, self._deadline, lambda: self._targets.frames
        )

    def attached(self, event: Event) -> None:
        """A target of the page's context has appeared."""
        self._targets.attached(event)

    async def run(self, context: str, *, is_last: bool) -> Rendering:
        """Raises RenderError where nothing was fetched, and Disconnected when the whole browser is gone, unless this is
        the last try."""
        started = datetime.now(UTC)
        try:
            return self._rendering(started, await self._looked_at(context))
        except Disconnected:
            if self._connection.closed.is_set() and not is_last:
                raise
            return self._broken_off(started, RenderError(self._url, self._why()))
        except ProtocolError as error:
            problem = self._why() if self._tab.crashed.is_set() else f"the browser says: {error}"
            return self._broken_off(started, RenderError(self._url, problem))
        except RenderError as error:
            return self._broken_off(started, error)
        finally:
            self._targets.forget()
            self._loads.close()

    async def _looked_at(self, context: str) -> Snapshot:
        """The page in the end, unless its limit, its tab or the browser ends before."""
        look = asyncio.ensure_future(self._look(context))
        ends: list[asyncio.Future[Any]] = [self._interception.failed]
        ends += [
            asyncio.ensure_future(event.wait()) for event in (self._tab.crashed, self._connection.closed)
        ]
        try:
            await asyncio.wait(
                {look, *ends}, timeout=self._options.limit, return_when=asyncio.FIRST_COMPLETED
            )
            if self._interception.failed.done():
                self._interception.failed.result()
            if look.done():
                return look.result()
            if self._connection.closed.is_set():
                raise Disconnected("the browser is gone")
            raise RenderError(self._url, self._why())
        finally:
            for task in (look, *ends):
                task.cancel()
            await asyncio.gather(look, *ends, return_exceptions=True)
            await self._interception.close()

    def _why(self) -> str:
        if self._connection.closed.is_set():
            return "the browser crashed over it"
        if self._tab.crashed.is_set():
            return "its tab crashed"
        return f"nothing could be had of it in {self._options.limit:g} seconds"

    async def _look(self, context: str) -> Snapshot:
        page = await self._tab.open(context)
        if not await self._navigate(page):
            return Snapshot()
        await self._settling.settle(page)
        taken = await take(page, self._targets.by_frame, self._options, self._deadline)
        if taken is None:
            raise RenderError(self._url, "its scripts run without end, and it does not answer")
        return taken

    def _broken_off(self, started: datetime, error: RenderError) -> Rendering:
        """What was fetched until the page was lost. Raises the error where that is nothing."""
        if not any(has_exchange(load) for load in self._loads.all):
            raise error
        self._loads.break_off()
        return self._rendering(started, Snapshot(), error.problem)

    async def _navigate(self, page: Session) -> bool:
        """Go there; returns whether there is a document to look at."""
        command = page.send("Page.navigate", url=self._url)
        try:
            async with asyncio.timeout(self._deadline.loading()):
                problem = (await command).get("errorText")
        except TimeoutError:
            page.send("Page.stopLoading")
            problem = "the server did not answer in time"
        if problem is None:
            return True
        if not any(has_exchange(load) for load in self._loads.all):
            raise RenderError(self._url, "; ".join(self._gate.refusals) or problem)
        self._settling.notes.append(f"there is no document to show: {problem}")
        return False

    def _rendering(self, started: datetime, taken: Snapshot, failure: str | None = None) -> Rendering:
        page_id = f"urn:uuid:{uuid4()}"
        loads = [load for load in self._loads.all if has_exchange(load)]
        document = self._document(loads)
        exchanges = tuple(
            exchange_of(load, page_id=page_id, main_frame=self._tab.frame, peers=self._gate.peers)
            for load in loads
        )
        return Rendering(
            url=urldefrag(self._url).url,
            final_url=urldefrag(document.url if document else self._url).url,
            status=document.status if document else None,
            started=started,
            exchanges=exchanges,
            dom=taken.markup,
            screenshot=taken.picture,
            pdf=taken.printed,
            notes=self._notes(loads, taken),
            failure=failure,
        )

    def _document(self, loads: list[Load]) -> Load | None:
        """The load of the document that is shown, else the last that was asked for as one."""
        documents = [load for load in loads if load.kind == "Document" and load.frame == self._tab.frame]
        shown = [load for load in documents if load.request_id == self._tab.document]
        return next(reversed(shown or documents), None)

    def _notes(self, loads: list[Load], taken: Snapshot) -> tuple[str, ...]:
        cut = (f"cut after {load.body.size} bytes: {load.url}" for load in loads if load.cut == "length")
        bound = ("it had more to load than a page may",) if self._gate.exhausted else ()
        return tuple(
            dict.fromkeys(
                (
                    *self._settling.notes,
                    *self._tab.notes,
                    *self._screening.notes,
                    *self._gate.refusals,
                    *bound,
                    *cut,
                    *taken.notes,
                )
            )
        )

    def _on_page(self, session: Session, info: Event) -> None:
        self._tab.attached(session, info)
        self._screening.main_frame = self._tab.frame

    def _on_network(self, session: Session) -> None:
        self._loads.watch(session)
        self._interception.watch(session)
