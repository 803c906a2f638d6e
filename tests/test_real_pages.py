"""Real pages of outlets in 27 countries, where they lie beside the project: served, crawled, archived, replayed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from archive.collection import Collection
from archive.warc.coding import entity

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"
TEARSHEET = [sys.executable, "-m", "crawler"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        not (CORPORA / "score.py").exists(), reason="the corpora do not lie beside the project"
    ),
]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    folder = tmp_path_factory.mktemp("pages")
    subprocess.run([sys.executable, CORPORA / "score.py", "pages", "outlets", "--dir", folder], check=True)
    index = (folder / "index.jsonl").read_text(encoding="utf-8").splitlines()
    return [(folder / json.loads(line)["path"]).read_bytes() for line in index]


@contextmanager
def serving(pages: list[bytes]) -> Iterator[str]:
    """The pages under /story/N and a feed of them, on loopback; gives the base URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, kind, body = 404, "text/plain", b"no such page"
            if self.path == "/feed.xml":
                status, kind, body = 200, "application/rss+xml", feed
            elif self.path.startswith("/story/"):
                status, kind, body = 200, "text/html; charset=utf-8", pages[int(self.path.rpartition("/")[2])]
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        base = f"http://127.0.0.1:{server.server_port}"
        items = "".join(f"<item><link>{base}/story/{n}</link></item>" for n in range(len(pages)))
        feed = f'<rss version="2.0"><channel><title>All</title>{items}</channel></rss>'.encode()
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield base
        finally:
            server.shutdown()
            thread.join()


def test_every_page_is_archived_byte_for_byte_and_its_text_is_that_of_its_replay(
    pages: list[bytes], tmp_path: Path
) -> None:
    outlets = tmp_path / "outlets"
    outlets.mkdir()
    with serving(pages) as base:
        host = base.removeprefix("http://")
        (outlets / "real.toml").write_text(
            f'[[outlet]]\nname = "real"\ndomains = ["{host}"]\nfeeds = ["{base}/feed.xml"]\n'
            "article_patterns = ['^/story/']\ndelay = 0.0\n",
            encoding="utf-8",
        )
        common = ["--collections", str(tmp_path), "--outlets", str(outlets)]
        crawl = [*TEARSHEET, "crawl", "real", "-c", "live", "--render", "never", *common]
        subprocess.run(crawl, check=False, capture_output=True)
    with Collection(tmp_path, "live") as live:
        archived = {}
        for capture in live.captures():
            if "/story/" in capture.url:
                with live.read_response(capture) as response:
                    archived[int(capture.url.rpartition("/")[2])] = entity(response.getvalue())[1]
        warcs = live.places.warcs()
    assert archived == dict(enumerate(pages))
    subprocess.run([*TEARSHEET, "replay", *warcs, "-c", "again", *common], check=True, capture_output=True)
    assert texts(tmp_path / "live") == texts(tmp_path / "again")
    assert len(texts(tmp_path / "live")) > 2 * 120  # a text and its JSON for nearly every page


def test_a_warc_of_another_tool_gives_the_articles_of_its_pages(pages: list[bytes], tmp_path: Path) -> None:
    warc = tmp_path / "outlets.warc.gz"
    subprocess.run([sys.executable, CORPORA / "score.py", "warc", "outlets", warc], check=True)
    done = subprocess.run(
        [*TEARSHEET, "replay", warc, "-c", "replayed", "--collections", tmp_path, "--json"],
        check=True,
        capture_output=True,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len({row["url"] for row in rows}) >= 0.95 * len(pages)
    with Collection(tmp_path, "replayed") as collection:
        bodies = []
        for capture in collection.captures():
            with collection.read_response(capture) as response:
                bodies.append(entity(response.getvalue())[1])
    assert bodies == pages


def texts(collection: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (collection / "text").iterdir()}
