"""What stands before every page: whom the server answers, and what a browser may do with the answer.

Whatever an archive holds is taken for hostile. A page of the app runs no script but its own, loads nothing from
elsewhere, and is shown in nobody's frame; only a frame with the replayed page leads to the other origin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OWN_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[^\[\]:/@\s]+)(?::[0-9]{1,5})?", re.IGNORECASE)
_READING = ("GET", "HEAD")


class Guard:
    """An ASGI layer. `names` are hosts that it answers to besides this machine's own, without port."""

    def __init__(self, app: ASGIApp, names: Iterable[str] = (), frames: str | None = None) -> None:
        self._app = app
        self._names = OWN_NAMES | {name.lower() for name in names}
        self._headers = _headers(frames)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers:
                    headers.setdefault(name, value)
            await send(message)

        refusal = self._refusal(scope)
        await (refusal or self._app)(scope, receive, send_guarded)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        match = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        # A site can point its own name at this machine (DNS rebinding); the browser still sends that name.
        if match is None or match["name"].lower() not in self._names:
            sentence = (
                "This server answers to this machine's own names; start it with --host for another one.\n"
            )
            return PlainTextResponse(sentence, 421)
        if scope["method"] not in _READING:
            return PlainTextResponse(
                "Nothing can be changed here: GET and HEAD alone.\n", 405, {"Allow": "GET, HEAD"}
            )
        # Fetch Metadata: other sites, and the replayed pages on the other port, may lead here but not read from here.
        foreign = headers.get("sec-fetch-site") in ("cross-site", "same-site")
        if foreign and headers.get("sec-fetch-mode", "navigate") != "navigate":
            return PlainTextResponse("Pages of other sites get nothing from here.\n", 403)
        return None


def _headers(frames: str | None) -> tuple[tuple[str, str], ...]:
    policy = (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        f"frame-src {frames}" if frames else "frame-src 'none'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
    return (
        ("Content-Security-Policy", "; ".join(policy)),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
        ("Cache-Control", "no-cache"),
    )
