"""What stands before the replay origin: whom it answers, and what a browser may do with the answer.

All that is shown here is hostile. Frames of this origin are those of archived pages, which share it; what keeps them
from the app is that the app has another origin, and what keeps them from the web is the policy of each document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crawler.serving.machine.answers import guarded

OWN_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
WORKER = "/replay/sw.js"
"""The only script of this origin that may become a service worker."""
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[^\[\]:/@\s]+)(?::[0-9]{1,5})?", re.IGNORECASE)


class Guard:
    """An ASGI layer. `names` are hosts that it answers to besides this machine's own, without port."""

    def __init__(self, app: ASGIApp, names: Iterable[str] = ()) -> None:
        self._app = app
        self._names = OWN_NAMES | {name.lower() for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in guarded().items():
                    headers.setdefault(name, value)
            await send(message)

        await (self._refusal(scope) or self._app)(scope, receive, send_guarded)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        match = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        # A page elsewhere can point a name of its own at this machine (DNS rebinding); the browser sends that name.
        if match is None or match["name"].lower() not in self._names:
            return PlainTextResponse("This server answers to the names of this machine alone.\n", 421)
        if scope["method"] not in ("GET", "HEAD"):
            return PlainTextResponse("GET and HEAD alone.\n", 405, {"Allow": "GET, HEAD"})
        # An archived script, given as it is, would else be of this origin and could take its pages over for good.
        if headers.get("service-worker") == "script" and scope["path"] != WORKER:
            return PlainTextResponse("This is no service worker of this server.\n", 403)
        return None
