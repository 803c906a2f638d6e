"""Pages that do their worst: each costs itself alone, within its limit, and the next one is rendered."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crawler.rendering.errors import RenderError
from crawler.rendering.rendering import Rendering
from tests.crawler.rendering.conftest import Chromium
from tests.crawler.rendering.site import answer, moved, script
from tests.origin.server import Answer, Origin, Script, Wait

pytestmark = pytest.mark.slow

_STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\n\r\n"
_PIECE = b"<p>" + b"words " * 2000


def _endless(kind: bytes) -> Answer:
    return Answer(
        (_STREAM % kind, *[step for _ in range(600) for step in (b"<p>still" * 50, Wait(0.1))]), "close"
    )


def _huge(kind: bytes, size: int) -> Answer:
    return Answer((_STREAM % kind, *[_PIECE] * (size // len(_PIECE))), "close")


def _page(text: str, **paths: Script) -> dict[str, Script]:
    return {
        "/": answer(text),
        "*": answer(b"", "text/plain"),
        **{f"/{name}": say for name, say in paths.items()},
    }


@pytest.fixture
def visit(chromium: Chromium) -> Iterator[Callable[..., object]]:
    """Renders the front page of such a site; after each test the browser still renders."""
    yield chromium.render
    with Origin({"*": answer("<p>as ever")}) as origin:
        assert b"as ever" in chromium.render(origin.url("/")).dom


def test_a_script_without_end_is_stopped_and_what_is_there_is_kept(visit, chromium: Chromium) -> None:
    with Origin(_page("<p>before<script>for (;;);</script>")) as origin:
        began = time.monotonic()
        rendering = chromium.render(origin.url("/"), limit=8.0)

    assert b"before" in rendering.dom
    assert time.monotonic() - began < 12


def test_a_tab_that_crashes_leaves_what_was_fetched_until_then(visit, chromium: Chromium) -> None:
    async def crash() -> Rendering:
        rendering = asyncio.ensure_future(chromium.rendering(origin.url("/")))
        while not origin.of("/hang"):
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.5)
        for renderer in _renderers(chromium.browser.pid):
            os.kill(renderer, signal.SIGKILL)
        return await rendering

    text = "<p>text<script src=/done.js></script><script>fetch('/hang').then(r => r.text())</script>"
    scripts = _page(text, **{"done.js": script("1"), "hang": _endless(b"text/plain")})
    with Origin(scripts) as origin:
        rendering = chromium.run(crash())

        assert (rendering.failure, rendering.dom, rendering.status) == ("its tab crashed", b"", 200)
        assert {exchange.url: exchange.truncated for exchange in rendering.exchanges} == {
            origin.url("/"): None,
            origin.url("/done.js"): None,
            origin.url("/favicon.ico"): None,
            origin.url("/hang"): "unspecified",
        }
        document, done = (exchange.response.getvalue() for exchange in rendering.exchanges[:2])
        assert (document, done) == (origin.of("/")[0].response, origin.of("/done.js")[0].response)


def test_a_tab_that_crashes_before_anything_came_is_an_error(visit, chromium: Chromium) -> None:
    async def crash() -> None:
        rendering = asyncio.ensure_future(chromium.rendering(origin.url("/")))
        while not origin.of("/"):
            await asyncio.sleep(0.05)
        for renderer in _renderers(chromium.browser.pid):
            os.kill(renderer, signal.SIGKILL)
        await rendering

    with (
        Origin({"*": Answer((), "hang")}) as origin,
        pytest.raises(RenderError, match="its tab crashed"),
    ):
        chromium.run(crash())


def _renderers(browser: int | None) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = status.read_bytes()
            of_browser = os.getpgid(int(status.parent.name)) == browser
        except (FileNotFoundError, ProcessLookupError):
            continue
        if of_browser and b"--type=renderer" in command:
            found.append(int(status.parent.name))
    return found


def test_a_browser_that_is_killed_is_started_anew_and_the_page_rendered(visit, chromium: Chromium) -> None:
    async def kill() -> bytes:
        rendering = asyncio.ensure_future(chromium.rendering(origin.url("/")))
        while not origin.of("/"):
            await asyncio.sleep(0.05)
        assert chromium.browser.pid is not None
        os.kill(chromium.browser.pid, signal.SIGKILL)
        return (await rendering).dom

    with Origin(_page("<p>text")) as origin:
        assert b"text" in chromium.run(kill())
        assert len(origin.of("/")) == 2


def test_a_download_is_refused_and_what_came_is_kept(visit, chromium: Chromium) -> None:
    file = answer(b"PK" * 50, "application/zip", "200 OK", "Content-Disposition: attachment")
    with Origin({"*": file}) as origin:
        rendering = chromium.render(origin.url("/"))

    assert (rendering.dom, rendering.status) == (b"", 200)
    assert rendering.notes[0].startswith("there is no document to show")
    assert rendering.exchanges[0].response.getvalue().endswith(b"PK" * 50)


def test_dialogs_and_popups_are_closed(visit, chromium: Chromium) -> None:
    text = """<p id=out>before<script>
      addEventListener('beforeunload', event => { event.preventDefault(); event.returnValue = 'stay'; });
      alert('one'); confirm('two'); prompt('three'); print(); open('/popup'); open('about:blank');
      document.getElementById('out').textContent = 'after';
    </script>"""
    with Origin(_page(text)) as origin:
        rendering = chromium.render(origin.url("/"))

        assert origin.of("/popup") == []
    assert b"after" in rendering.dom
    assert [note for note in rendering.notes if "closed" in note] == [
        "a dialog was closed: alert",
        "a dialog was closed: confirm",
        "a dialog was closed: prompt",
        "a popup was closed",
    ]


def test_redirects_without_end_leave_the_hops(visit, chromium: Chromium) -> None:
    with Origin({"/": moved("/0"), **{f"/{n}": moved(f"/{n + 1}") for n in range(50)}}) as origin:
        rendering = chromium.render(origin.url("/"))
        assert len(rendering.exchanges) == len(origin.served) == 20

    assert "ERR_TOO_MANY_REDIRECTS" in rendering.notes[0]
    assert (rendering.status, rendering.dom) == (302, b"")
    assert {exchange.truncated for exchange in rendering.exchanges} == {None}


def test_a_huge_page_is_cut_at_the_bound(visit, chromium: Chromium) -> None:
    with Origin({"*": _huge(b"text/html", 100 << 20)}) as origin:
        rendering = chromium.render(origin.url("/"), scroll=False, consent=False)

    assert rendering.exchanges[0].truncated == "length"
    assert rendering.exchanges[0].response.size < (2 << 20) + 500
    assert any("cut after 2097152 bytes" in note for note in rendering.notes)


def test_a_huge_script_is_cut_and_the_page_is_there(visit, chromium: Chromium) -> None:
    with Origin(
        _page("<p>text<script src=/huge></script>", huge=_huge(b"text/javascript", 100 << 20))
    ) as origin:
        rendering = chromium.render(origin.url("/"))

    [huge] = [exchange for exchange in rendering.exchanges if exchange.url.endswith("/huge")]
    assert (huge.truncated, b"text" in rendering.dom) == ("length", True)
    assert "it had more to load than a page may" in rendering.notes


def test_a_document_without_end_is_cut_in_time(visit, chromium: Chromium) -> None:
    with Origin({"*": _endless(b"text/html")}) as origin:
        began = time.monotonic()
        rendering = chromium.render(origin.url("/"), limit=8.0)

    assert time.monotonic() - began < 10
    assert rendering.dom.count(b"<p>still") > 10
    assert rendering.exchanges[0].truncated == "time"
    assert rendering.exchanges[0].response.getvalue().count(b"<p>still") > 10


def test_a_stream_in_a_page_is_kept_as_far_as_it_came(visit, chromium: Chromium) -> None:
    page = "<p>text<script>new EventSource('/events')</script>"
    with Origin(_page(page, events=_endless(b"text/event-stream"))) as origin:
        rendering = chromium.render(origin.url("/"), limit=12.0)

    [events] = [exchange for exchange in rendering.exchanges if exchange.url.endswith("/events")]
    assert events.truncated == "time"
    assert events.response.getvalue().count(b"<p>still") > 3


def test_a_page_that_asks_without_end_is_rendered_in_its_limit(visit, chromium: Chromium) -> None:
    with Origin(_page("<p>text<script>setInterval(() => fetch('/more'), 100)</script>")) as origin:
        began = time.monotonic()
        rendering = chromium.render(origin.url("/"), limit=15.0)

    assert time.monotonic() - began < 15
    assert b"text" in rendering.dom


@pytest.mark.parametrize(
    "leave",
    ["<script>location.href = '/there'</script>", "<meta http-equiv=refresh content='0; url=/there'>"],
)
def test_a_page_that_leads_on_is_followed(visit, chromium: Chromium, leave: str) -> None:
    with Origin(_page(f"<p>here{leave}", there=answer("<p>arrived"))) as origin:
        rendering = chromium.render(origin.url("/"))

        assert (rendering.final_url, rendering.status) == (origin.url("/there"), 200)
    assert b"arrived" in rendering.dom


def test_a_page_that_leads_on_and_on_is_held(visit, chromium: Chromium) -> None:
    with Origin(_page("<p>again<script>setTimeout(() => location.reload(), 50)</script>")) as origin:
        rendering = chromium.render(origin.url("/"))

        assert 1 < len(origin.of("/")) <= 6
    assert b"again" in rendering.dom
    assert any("kept from leaving" in note for note in rendering.notes)


def test_a_server_that_does_not_answer_is_an_error(visit, chromium: Chromium) -> None:
    with Origin({"*": Answer((), "hang")}) as origin:
        began = time.monotonic()
        with pytest.raises(RenderError, match="did not answer in time"):
            chromium.render(origin.url("/"), limit=5.0)

    assert time.monotonic() - began < 7


def test_a_server_that_is_not_there_is_an_error(visit, chromium: Chromium) -> None:
    with pytest.raises(RenderError, match=r"http://127.0.0.1:1/: not rendered: "):
        chromium.render("http://127.0.0.1:1/")
