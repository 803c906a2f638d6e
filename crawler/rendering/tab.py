"""The page's own target: what happens in it that it does not load."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from crawler.rendering.protocol import Connection, Event, Session

_WIDTH, _HEIGHT = 1280, 1024
_POPUP = 0.5  # seconds in which what it asks for first has been refused; closed before, that would go out


class Tab:
    """The main page of a context; popups are closed.

    on_open   called with the session of the page while it is still held
    frame     id of its frame
    document  network id of the document that it shows
    loaded    its event `load` has come
    crashed   its process has ended
    notes     what was refused, a sentence each, each once
    """

    def __init__(self, connection: Connection, on_open: Callable[[Session], None]) -> None:
        self._root = connection.root
        self._on_open = on_open
        self.session: asyncio.Future[Session] = asyncio.get_running_loop().create_future()
        self.frame = ""
        self.document = ""
        self.loaded = asyncio.Event()
        self.crashed = asyncio.Event()
        self.notes: dict[str, None] = {}

    async def open(self, context: str) -> Session:
        """Open it in a context. `attached` must be called with its session meanwhile."""
        await self._root.send(
            "Target.createTarget", url="about:blank", browserContextId=context, width=_WIDTH, height=_HEIGHT
        )
        return await self.session

    def attached(self, session: Session, info: Event) -> None:
        if self.session.done():
            self.notes["a popup was closed"] = None
            self._close(session, info["targetId"])
            return
        self.frame = info["targetId"]
        session.on("Page.frameStartedLoading", self._starts)
        session.on("Page.frameStoppedLoading", self._stops)
        session.on("Page.frameNavigated", self._navigated)
        session.on("Page.loadEventFired", lambda event: self.loaded.set())
        session.on("Page.javascriptDialogOpening", lambda event: self._dialog(session, event))
        session.on("Page.downloadWillBegin", self._download)
        session.on("Inspector.targetCrashed", lambda event: self.crashed.set())
        session.send("Page.enable")
        session.send("Inspector.enable")
        self._on_open(session)
        session.send("Runtime.runIfWaitingForDebugger")
        self.session.set_result(session)

    def _close(self, popup: Session, target: str) -> None:
        """A popup shares its opener's process, which stands still while it is held: it runs, but loads nothing."""
        popup.on("Fetch.requestPaused", lambda event: _refuse(popup, event))
        popup.send("Fetch.enable")
        popup.send("Runtime.runIfWaitingForDebugger")
        close = {"targetId": target}
        asyncio.get_running_loop().call_later(_POPUP, lambda: self._root.send("Target.closeTarget", **close))

    def _starts(self, event: Event) -> None:
        """Another document takes the page's place, by a script or a refresh: wait for that one."""
        if event["frameId"] == self.frame:
            self.loaded.clear()

    def _stops(self, event: Event) -> None:
        """Loaded, or given up: the event `load` does not come where a download takes the document's place."""
        if event["frameId"] == self.frame and self.document:
            self.loaded.set()

    def _navigated(self, event: Event) -> None:
        if event["frame"]["id"] == self.frame and event["frame"]["url"] != "about:blank":
            self.document = event["frame"]["loaderId"]

    def _dialog(self, session: Session, event: Event) -> None:
        """Dialogs hold the page up until they are answered: no to all but leaving."""
        self.notes[f"a dialog was closed: {event['type']}"] = None
        session.send("Page.handleJavaScriptDialog", accept=event["type"] == "beforeunload")

    def _download(self, event: Event) -> None:
        self.notes[f"a download was refused: {event['url']}"] = None


def _refuse(session: Session, event: Event) -> None:
    session.send("Fetch.failRequest", requestId=event["requestId"], errorReason="Aborted")
