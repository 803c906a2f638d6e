"""What stands in a page's frames, written into its markup."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from time import monotonic

import pytest
from lxml.html import HtmlElement, document_fromstring

from archive.extraction.article import Article, Page
from archive.extraction.extract import extract
from archive.extraction.framed import SEEN
from crawler.rendering.rendering import Rendering
from tests.crawler.rendering.conftest import Chromium
from tests.crawler.rendering.site import answer
from tests.origin.server import Origin

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

PARAGRAPHS = tuple(
    f'Paragraph {number} of the report tells, with "quotes" & <brackets>, what the council of the town has decided '
    "on Monday about the bridge, the road to it and the houses beside both."
    for number in range(6)
)
STORY = "<article><h1>The bridge is to be built</h1>" + "".join(
    f"<p>{escape(text)}</p>" for text in PARAGRAPHS
)
XHTML = (
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Daily</title></head><body>'
    '<iframe src="/story" width="800" height="700"></iframe></body></html>'
)
LARGE = "width=800 height=700"


def page(body: str) -> str:
    head = "<!DOCTYPE html><html lang=en><head><title>Daily</title></head>"
    return f"{head}<body><a href=/>Daily</a>{body}</body></html>"


@pytest.fixture(scope="module")
def origin() -> Iterator[Origin]:
    with Origin({}) as started:
        other = f"http://localhost:{started.port}"
        shadow = "document.currentScript.previousElementSibling.attachShadow({mode: 'open'}).innerHTML"
        bodies = {
            "story": STORY,
            "same": f"<iframe src=/story {LARGE}></iframe>",
            "other": f"<iframe src={other}/story {LARGE}></iframe>",
            "sandboxed": f"<iframe src={other}/story sandbox {LARGE}></iframe>",
            "nested": f"<iframe src={other}/same {LARGE}></iframe>",
            "shadow": f"<div></div><script>{shadow} = '<iframe src=/story {LARGE}></iframe>'</script>",
            "own": f'<iframe srcdoc="{escape(STORY)}" {LARGE}></iframe>',
            "small": "<iframe src=/story width=970 height=250></iframe>"
            "<iframe src=/story width=300 height=1050></iframe>",
            "hidden": "".join(
                f'<iframe src=/story {LARGE} style="{style}"></iframe>'
                for style in (
                    "display: none",
                    "visibility: hidden",
                    "opacity: 0",
                    "position: absolute; left: -9999px",
                )
            ),
            "forged": f'<iframe {SEEN}="{other}/" srcdoc="{escape(STORY)}" width=50></iframe>',
            "busy": f"<iframe src={other}/loop {LARGE}></iframe>" + STORY,
            "loop": "<script>setTimeout(() => { for (;;); }, 300)</script>",
            "long": f"<iframe src=/padded {LARGE}></iframe>",
            "padded": STORY + "<p>" + "word " * 402_000,
            "written": f"<iframe {LARGE}></iframe><script>"
            f"frames[0].document.write({STORY!r}); frames[0].document.close()</script>",
            "many": f"<iframe src=/story {LARGE}></iframe>" * 6,
        }
        started.scripts.update({f"/{name}": answer(page(body)) for name, body in bodies.items()})
        started.scripts["/xhtml"] = answer(XHTML, "application/xhtml+xml")
        started.scripts["*"] = answer("", status="404 Not Found")
        yield started


def framed(rendering: Rendering) -> list[HtmlElement]:
    return document_fromstring(rendering.dom.decode()).xpath(f"//iframe[@{SEEN}]")


@pytest.mark.parametrize(
    ("name", "host", "path"),
    [
        ("same", "127.0.0.1", "story"),
        ("other", "localhost", "story"),
        ("sandboxed", "localhost", "story"),
        ("nested", "localhost", "story"),
        ("shadow", "127.0.0.1", "story"),
        ("own", "127.0.0.1", "own"),
        ("written", "127.0.0.1", "written"),
    ],
)
def test_an_article_in_a_large_frame_is_the_page_s(
    chromium: Chromium, origin: Origin, name: str, host: str, path: str
) -> None:
    rendering = chromium.render(origin.url(f"/{name}"))
    article = extract(Page(rendering.final_url, rendering.dom, "text/html; charset=utf-8"))
    assert isinstance(article, Article), (article, rendering.dom)
    assert (article.headline, article.paragraphs) == ("The bridge is to be built", PARAGRAPHS)
    assert article.frame == f"http://{host}:{origin.port}/{path}"
    assert rendering.notes == ()


def test_what_is_written_of_a_frame_runs_nothing_and_has_the_frame_s_addresses(
    chromium: Chromium, origin: Origin
) -> None:
    [frame] = framed(chromium.render(origin.url("/other")))
    address = f"http://localhost:{origin.port}/story"
    assert (frame.get("src"), frame.get("sandbox"), frame.get(SEEN)) == (address, "", address)
    assert frame.get("srcdoc") == (
        f'<!DOCTYPE html>\n<html lang="en"><head><base href="{address}"><title>Daily</title></head><body>'
        f'<a href="/">Daily</a>{STORY}</article></body></html>'.replace("&quot;", '"')
    )


@pytest.mark.parametrize("name", ["small", "hidden", "forged"])
def test_frames_that_nobody_reads_are_left_as_they_are(chromium: Chromium, origin: Origin, name: str) -> None:
    assert framed(chromium.render(origin.url(f"/{name}"))) == []


def test_the_page_is_left_as_it_was(chromium: Chromium, origin: Origin) -> None:
    """But for the elements of frames that are read, and their attributes in the order in which they stood."""
    rendering = chromium.render(origin.url("/same"))
    [frame] = framed(rendering)
    for name in ("sandbox", SEEN, "srcdoc"):
        del frame.attrib[name]
    assert dict(frame.attrib) == {"src": "/story", "width": "800", "height": "700"}
    assert list(frame.attrib) == ["src", "width", "height"]


def test_a_frame_that_hangs_costs_its_own_text(chromium: Chromium, origin: Origin) -> None:
    begun = monotonic()
    rendering = chromium.render(origin.url("/busy"))
    article = extract(Page(rendering.final_url, rendering.dom, "text/html; charset=utf-8"))
    assert isinstance(article, Article)
    assert (article.paragraphs, article.frame) == (PARAGRAPHS, None)
    assert monotonic() - begun < 25


def test_a_frame_that_is_too_long_is_left_out_and_it_is_said(chromium: Chromium, origin: Origin) -> None:
    rendering = chromium.render(origin.url("/long"))
    assert framed(rendering) == []
    assert rendering.notes == (
        f"what a frame shows is left out, it can't be read or is too long: {origin.url('/padded')}",
    )


def test_no_more_than_four_frames_are_written(chromium: Chromium, origin: Origin) -> None:
    assert len(framed(chromium.render(origin.url("/many")))) == 4


def test_a_page_in_xml_is_kept_without_its_frames(chromium: Chromium, origin: Origin) -> None:
    assert chromium.render(origin.url("/xhtml")).dom.decode() == XHTML
