"""A browser over many pages."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from pathlib import Path

import pytest

from crawler.rendering.browser import Browser
from crawler.rendering.chromium import find_chromium
from crawler.rendering.errors import NoBrowser, RenderError
from crawler.rendering.rendering import Rendering, RenderOptions
from tests.crawler.rendering.conftest import Chromium
from tests.crawler.rendering.site import answer, png
from tests.origin.server import Origin

PLAIN = RenderOptions(limit=20.0, idle=0.1, scroll=False, expand=False, consent=False, screenshot=False)


def _close(rendering: Rendering) -> Rendering:
    for exchange in rendering.exchanges:
        exchange.response.close()
    return rendering


def test_a_page_is_rendered(chromium: Chromium) -> None:
    """The one that runs with the fast tests."""
    with Origin(
        {"*": answer("<p>plain<script>document.body.append(' and made by a script')</script>")}
    ) as origin:
        rendering = chromium.render(origin.url("/"), scroll=False, expand=False, consent=False, idle=0.1)

        assert [exchange.url for exchange in rendering.exchanges][:1] == [origin.url("/")]
    assert b"</p> and made by a script</body>" in rendering.dom


@pytest.mark.slow
def test_a_browser_is_started_anew_after_so_many_pages() -> None:
    async def pids(url: str) -> list[int | None]:
        browser = Browser(find_chromium(), pages=2, recycle_after=2)
        await browser.start()
        found = []
        for _ in range(3):
            for rendering in await asyncio.gather(
                *(browser.render(url, PLAIN, lambda host, peer: None) for _ in range(2))
            ):
                assert b"text" in _close(rendering).dom
            found.append(browser.pid)
        await browser.close()
        return found

    with Origin({"*": answer("<p>text")}) as origin:
        first, second, third = asyncio.run(pids(origin.url("/")))

    assert len({first, second, third}) == 3
    for pid in (first, second, third):
        assert pid is not None
        assert _processes(pid) == []


@pytest.mark.slow
def test_the_browser_itself_reaches_nothing() -> None:
    """Every socket of its processes, looked at again and again, leads to a page's proxy or to nobody."""

    async def visit(url: str) -> set[str]:
        browser = Browser(find_chromium())
        await browser.start()
        page = asyncio.ensure_future(browser.render(url, PLAIN, lambda host, peer: None))
        found: set[str] = set()
        ends = time.monotonic() + 5
        while time.monotonic() < ends or not page.done():
            assert browser.pid is not None
            found |= _peers(browser.pid)
            await asyncio.sleep(0.1)
        _close(await page)
        await browser.close()
        return found

    with Origin({"*": answer("<p>text", "text/html")}) as origin:
        peers = asyncio.run(visit(origin.url("/")))

        assert [served.path for served in origin.served] == ["/", "/favicon.ico"]
    assert peers <= {"0100007F", "00000000"}  # 127.0.0.1 and, of a socket that is not connected, none


def _peers(browser: int) -> set[str]:
    """Addresses, as the kernel writes them, that the browser's processes have internet sockets to."""
    found: set[str] = set()
    for process in _processes(browser):
        with suppress(FileNotFoundError, PermissionError, ProcessLookupError):
            sockets = {
                link.readlink().name
                for link in (process / "fd").iterdir()
                if "socket" in str(link.readlink())
            }
            for table in ("tcp", "tcp6", "udp", "udp6"):
                for line in (process / "net" / table).read_text().splitlines()[1:]:
                    fields = line.split()
                    if f"socket:[{fields[9]}]" in sockets:
                        found.add(fields[2].partition(":")[0])
    return found


def _processes(browser: int) -> list[Path]:
    """Folders in /proc of its process group, of what has not ended."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            state, _, group, *_ = status.read_text().rpartition(") ")[2].split()
            if int(group) == browser and state != "Z":
                found.append(status.parent)
    return found


def test_a_program_that_is_no_browser_is_said_to_be_none(tmp_path: Path) -> None:
    missing = tmp_path / "missing"

    with pytest.raises(NoBrowser, match=f"{missing} can't be started"):
        asyncio.run(Browser(missing).start())
    with pytest.raises(NoBrowser, match="/bin/true does not start"):
        asyncio.run(Browser(Path("/bin/true")).start())


@pytest.mark.slow
def test_private_addresses_are_refused_to_pages_and_to_what_they_load(chromium: Chromium) -> None:
    with Origin({"*": answer(png(), "image/png")}, addresses=("127.0.0.1",)) as private:
        page = f"""<p>text<img src={private.url("/a.png", "localhost")}>
<iframe src={private.url("/frame", "localhost")}></iframe>
<script>new WebSocket('ws://localhost:{private.port}/socket'); new Image().src = '/moved';
fetch('{private.url("/data", "localhost")}', {{mode: 'no-cors'}}).catch(() => 0)</script>"""
        moved = answer(b"", "text/plain", "302 Found", f"Location: {private.url('/moved', 'localhost')}")
        with Origin({"/": answer(page), "/moved": moved, "*": answer(b"")}) as origin:
            rendering = chromium.render(origin.url("/"), named={f"127.0.0.1:{origin.port}"})
            with pytest.raises(RenderError, match="a private or local address"):
                chromium.render(private.url("/", "localhost"), named={f"127.0.0.1:{origin.port}"})

        assert private.connections == []
    assert b"text" in rendering.dom
    assert any(f"localhost:{private.port} is at" in note for note in rendering.notes)


@pytest.mark.slow
def test_what_is_left_out_or_not_admitted_is_not_asked_for(chromium: Chromium) -> None:
    asked: list[tuple[str, str]] = []

    async def admit(url: str, kind: str) -> bool:
        asked.append((url.rpartition("/")[2], kind))
        return not url.endswith("no.js")

    page = "<p>text<img src=/a.png><script src=/no.js></script><script src=/yes.js></script>"
    with Origin({"/": answer(page), "*": answer(b"")}) as origin:
        rendering = chromium.render(origin.url("/"), admit, left_out=frozenset({"image"}))

        assert {served.path for served in origin.served} == {"/", "/yes.js", "/favicon.ico"}
        assert rendering.notes == ("not loaded, as asked: image", f"not admitted: {origin.url('/no.js')}")
    assert sorted(asked) == [("favicon.ico", "other"), ("no.js", "script"), ("yes.js", "script")]


@pytest.mark.slow
def test_an_error_of_who_admits_requests_is_raised(chromium: Chromium) -> None:
    async def admit(url: str, kind: str) -> bool:
        raise LookupError(kind)

    with (
        Origin({"*": answer("<p>text<img src=/a.png>")}) as origin,
        pytest.raises(LookupError, match="image"),
    ):
        chromium.render(origin.url("/"), admit)


@pytest.mark.slow
def test_advertisements_are_blocked_when_that_is_asked_for(chromium: Chromium) -> None:
    page = "<p>text<script src=http://ads.doubleclick.net/ad.js></script>"
    with Origin({"/": answer(page), "*": answer(b"")}) as origin:
        rendering = chromium.render(origin.url("/"), block_ads=True)

    assert rendering.notes == ("advertisements and trackers were not loaded, as asked",)


@pytest.mark.slow
def test_pictures_prints_and_the_user_agent_are_as_asked(chromium: Chromium) -> None:
    page = "<p style='height: 20000px'>text<script>document.title = navigator.userAgent</script>"
    with Origin({"/": answer(page), "*": answer(b"")}) as origin:
        rendering = chromium.render(
            origin.url("/"), screenshot=True, pdf=True, user_agent="tearsheet/1", scroll=False
        )

        assert all(b"User-Agent: tearsheet/1\r\n" in served.request for served in origin.served)
    assert b"<title>tearsheet/1</title>" in rendering.dom
    assert rendering.screenshot is not None
    assert rendering.screenshot[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(rendering.screenshot[20:24]) == 16000
    assert (rendering.pdf or b"")[:5] == b"%PDF-"
    assert rendering.notes == ("the screenshot ends before the page does",)


@pytest.mark.slow
def test_pages_side_by_side_keep_apart(chromium: Chromium) -> None:
    async def both() -> list[Rendering]:
        return await asyncio.gather(*(chromium.rendering(origin.url(f"/{n}")) for n in range(4)))

    scripts = {f"/{n}": answer(f"<p>page {n}<img src=/{n}.png>") for n in range(4)}
    with Origin({**scripts, "*": answer(png(), "image/png")}) as origin:
        renderings = chromium.run(both())

        for number, rendering in enumerate(renderings):
            assert f"page {number}".encode() in rendering.dom
            assert [exchange.url for exchange in rendering.exchanges] == [
                origin.url(path) for path in (f"/{number}", f"/{number}.png", "/favicon.ico")
            ]
