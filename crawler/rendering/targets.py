"""A page's targets: the page itself, frames of other sites, workers. Each is heard from its first request on.

Chromium holds every new target until it is told to run (Target.setAutoAttach with waitForDebuggerOnStart), so nothing
goes out that is not seen. Workers and frames hang on the target that made them; pages and shared workers on
the browser. A service worker does on both, but its script's request is seen through the page alone.
"""

from __future__ import annotations

from collections.abc import Callable

from crawler.rendering.protocol import Connection, Event, Session

OF_BROWSER = [{"type": kind} for kind in ("page", "shared_worker")]
_OF_PAGE = [{"type": kind} for kind in ("iframe", "worker", "service_worker")]


def auto_attach(session: Session, kinds: list[dict[str, str]]) -> None:
    session.send(
        "Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=True, flatten=True, filter=kinds
    )


class Targets:
    """Sets new targets of one page up and lets them run.

    on_page     called with the session of a page (the main one or a popup), which is still held
    on_network  called with each session that loads something
    """

    def __init__(
        self,
        connection: Connection,
        *,
        on_page: Callable[[Session, Event], None],
        on_network: Callable[[Session], None],
        user_agent: str | None,
    ) -> None:
        self._connection = connection
        self._on_page = on_page
        self._on_network = on_network
        self._user_agent = user_agent
        self._known: set[str] = set()
        self._sessions: list[str] = []
        self.by_frame: dict[str, Session] = {}

    @property
    def frames(self) -> list[Session]:
        """Frames that have a process of their own, in the order in which they came."""
        return list(self.by_frame.values())

    def attached(self, event: Event) -> None:
        """Take a new target in, by its event Target.attachedToTarget."""
        session, info = self._connection.session(event["sessionId"]), event["targetInfo"]
        self._sessions.append(event["sessionId"])
        if info["targetId"] in self._known:  # a service worker hangs on each page of its scope
            session.send("Runtime.runIfWaitingForDebugger")
            return
        self._known.add(info["targetId"])
        if info["type"] == "page":
            self._on_page(session, info)
            return
        if info["type"] == "iframe":
            self.by_frame[info["targetId"]] = session  # such a target has the id of its frame
            session.send("Page.enable")
        self.listen(session)
        session.send("Runtime.runIfWaitingForDebugger")

    def listen(self, session: Session) -> None:
        """Hear all that a target loads, and what hangs on it."""
        session.on("Target.attachedToTarget", self.attached)
        session.on("Target.detachedFromTarget", self._detached)
        session.send("Network.enable", maxPostDataSize=1 << 24)
        if self._user_agent is not None:
            session.send("Network.setUserAgentOverride", userAgent=self._user_agent)
        self._on_network(session)
        auto_attach(session, _OF_PAGE)

    def forget(self) -> None:
        """The page is done: nobody listens to its targets any more."""
        for session_id in self._sessions:
            self._connection.forget(session_id)

    def _detached(self, event: Event) -> None:
        session = self._connection.session(event["sessionId"])
        for frame in [frame for frame, held in self.by_frame.items() if held is session]:
            del self.by_frame[frame]
        self._connection.forget(event["sessionId"])
