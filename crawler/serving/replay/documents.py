"""The documents of the replay origin that are our own: the one around an archived page, and the one in its place."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

from starlette.responses import Response

from crawler.serving.replay.address import SANDBOX
from crawler.serving.replay.package import DIGESTS, NAME, VERSION, folder_of

_STATIC = Path(__file__).parent / "static"
SCRIPT = (_STATIC / "view.js").read_bytes()
STYLE = (_STATIC / "view.css").read_bytes()
ARCHIVED = "; ".join(
    (
        "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:",
        "frame-src 'self' data: blob:",
        "form-action 'self'",
        "object-src 'none'",
        f"sandbox {SANDBOX}",
    )
)
"""The policy that the worker gives to every document that it replays: nothing leads to the live web."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A page to be replayed.

    time    14 digits
    name    the collection's; where the worker replays it, a name for its record of where the page comes from
    source  the path by which the worker asks for captures, empty where pywb stands in for it
    """

    url: str
    time: str
    name: str
    source: str = ""


def frame(shown: Shown, app_origin: str) -> Response:
    """The document around an archived page."""
    attributes = {
        "url": shown.url,
        "time": shown.time,
        "name": shown.name,
        "source": shown.source,
        "policy": ARCHIVED,
    }
    data = " ".join(f'data-{name}="{escape(value)}"' for name, value in attributes.items())
    body = f'<main {data}><p role="status">Opening the archived page …</p></main>\n<script src="/view.js"></script>'
    return _document("Archived page", body, app_origin)


def explanation(app_origin: str, problem: str | None = None) -> Response:
    """What stands in the page's place where nothing is there to replay it; `problem` says what was tried in vain."""
    tried = f"<p>{escape(problem)}</p>\n" if problem else ""
    folder = escape(str(folder_of()))
    body = f"""<main><h1>The archived page can't be shown yet</h1>
{tried}<p>To replay it as it was, tearsheet uses replayweb.page, which is free software of its own (AGPL-3.0) and not
part of tearsheet. Get it once, with npm and a network:</p>
<pre>tearsheet serve --get-replay</pre>
<p>Or place {", ".join(f"<code>{name}</code>" for name in DIGESTS)} of the npm package <code>{NAME}</code> {VERSION} in
<code>{folder}</code>. Start the server again then.</p>
<p>pywb is used in its place where its program <code>wayback</code> is on the path, or <code>TEARSHEET_PYWB</code>
names it. The text of the article is there without either, and any replay tool opens the WARC files.</p></main>"""
    return _document("No replay", body, app_origin)


def _document(title: str, body: str, app_origin: str) -> Response:
    policy = (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "frame-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        f"frame-ancestors {app_origin}",
        f"sandbox {SANDBOX}",
    )
    content = (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<link rel="stylesheet" href="/view.css">\n</head>\n<body>\n{body}\n</body>\n</html>\n'
    )
    return Response(content, media_type="text/html", headers={"Content-Security-Policy": "; ".join(policy)})
