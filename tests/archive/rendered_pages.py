"""Pages as a browser would have rendered them: a shell, what its scripts fetched, and the DOM that came of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from archive.exchange import Exchange
from archive.rendered import RenderedPage
from archive.spool import Spool
from tests.archive.sample_collections import START, raw_response, url

SHELL = (
    b"<!DOCTYPE html><html><head><title>News</title></head><body><div id='app'></div><script src='/app.js'>"
)
PNG = b"\x89PNG\r\n\x1a\nno picture, but enough of one"
PDF = b"%PDF-1.7 no document, but enough of one"


def story_html(name: str, *, charset: str = "utf-8") -> str:
    paragraphs = "".join(
        f"<p>In part {part} of the story of {name}, the harbour board met on Friday in the café and agreed to dredge "
        f"the northern channel, which captains say will take {part + 2} months and cost less than was feared.</p>"
        for part in range(4)
    )
    return (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='{charset}'><title>The channel of {name}</title>"
        f"<meta property='og:type' content='article'></head><body><article><h1>The channel of {name}</h1>{paragraphs}"
        "</article></body></html>"
    )


@dataclass
class Browser:
    """Makes exchanges as rendering hands them over, all of one page."""

    seconds: float = 0
    page_id: str = "4a1b5a3e-6f1c-4a5b-9d3e-0c8f5b6f7a10"
    exchanges: list[Exchange] = field(default_factory=list)

    @property
    def started(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def fetch(
        self,
        name: str,
        body: bytes = b"",
        *,
        kind: str = "document",
        content_type: str = "text/html",
        status: str = "200 OK",
        header: str = "",
    ) -> None:
        raw = raw_response(body, status=status, content_type=content_type)
        self.exchanges.append(
            Exchange(
                url=url(name),
                request=f"GET /{name} HTTP/1.1\r\nHost: news.example\r\n\r\n".encode(),
                response=Spool(raw.replace(b"\r\n", f"\r\n{header}".encode(), 1)),
                started=self.started + timedelta(milliseconds=len(self.exchanges)),
                peer="192.0.2.7",
                fields=(("WARC-Page-ID", self.page_id), ("WARC-Resource-Type", kind)),
            )
        )

    def page(self, name: str, dom: str = "") -> RenderedPage:
        return RenderedPage(url(name), tuple(self.exchanges), dom.encode())


def rendered(name: str, seconds: float = 0, *, dom: str | None = None, shell: bytes = SHELL) -> RenderedPage:
    """A story that a script has built: the document, the script, its data, and a frame that holds a page of its own."""
    browser = Browser(seconds)
    browser.fetch(name, shell)
    browser.fetch("app.js", b"render()", kind="script", content_type="text/javascript")
    browser.fetch(f"{name}.json", b"{}", kind="fetch", content_type="application/json")
    browser.fetch("frame", story_html("the frame").encode())
    return browser.page(name, story_html(name) if dom is None else dom)


def with_pictures(page: RenderedPage) -> RenderedPage:
    return replace(page, screenshot=PNG, pdf=PDF)
