from __future__ import annotations

import sys
from pathlib import Path

import pytest

from crawler.demo.server import NewsroomServer
from tests.command import Done, tearsheet

OFFLINE = """
import os, socket, sys
def refuse(*_arguments, **_options):
    sys.stderr.write("the network was asked for\\n")
    sys.stderr.flush()
    os._exit(99)
def guarded(own):
    def call(self, *arguments):
        return refuse() if self.family in (socket.AF_INET, socket.AF_INET6) else own(self, *arguments)
    return call
for name in ("connect", "connect_ex", "sendto"):
    setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
for name in ("getaddrinfo", "gethostbyname"):
    setattr(socket, name, refuse)
from crawler.cli import main
main()
"""
COMMAND = (sys.executable, "-W", "error", "-c", OFFLINE)
OUTLET = "harbour-courier"


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """A folder with a collection of one outlet crawled twice, the second time after edits, and what the first crawl
    said. The newsroom is closed by then."""
    folder = tmp_path_factory.mktemp("crawled")
    with NewsroomServer() as newsroom:
        newsroom.outlet_files(folder / "outlets")
        first = tearsheet("crawl", OUTLET, "--delay", "0", "--json", cwd=folder)
        newsroom.edition = 2
        tearsheet("crawl", OUTLET, "--delay", "0", "--recheck", cwd=folder)
    return folder, first


def crawl(folder: Path, *arguments: object) -> Done:
    return tearsheet("crawl", OUTLET, "--from", "news", *arguments, cwd=folder, command=COMMAND)


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path): path.read_bytes() for path in found if not path.name.endswith(("-wal", "-shm"))}


def test_the_spider_finds_over_the_archive_what_it_found_in_the_network(crawled: tuple[Path, Done]) -> None:
    folder, live = crawled
    before = files(folder)
    early = min(row["captures"][0]["date"] for row in live.articles)
    done = crawl(folder, "--json", "--at", early)
    assert "the network was asked for" not in done.err
    shown = {row["url"]: (row["headline"], row["body"], row["captures"]) for row in done.articles}
    for row in live.articles:
        headline, body, captures = shown[row["url"]]
        assert (headline, body) == (row["headline"], row["body"])
        assert captures == row["captures"][:1]
    assert all(row["text_file"] is None for row in done.articles)
    assert (
        done.notes.items()
        >= {url: note for url, note in live.notes.items() if "robots" in note or "HTTP 4" in note}.items()
    )
    assert files(folder) == before


def test_twice_over_one_archive_gives_the_same_to_the_byte_and_another_time_other_texts(
    crawled: tuple[Path, Done],
) -> None:
    folder, live = crawled
    one, other = crawl(folder, "--json"), crawl(folder, "--json", "--workers", "1")
    assert one.out == other.out
    assert len(one.articles) >= len(live.articles)
    newest = {row["url"]: row["body"] for row in one.articles}
    assert any(newest[row["url"]] != row["body"] for row in live.articles if row["url"] in newest)


def test_with_a_name_the_texts_are_stored_there_and_the_same_each_time(
    crawled: tuple[Path, Done],
) -> None:
    folder, _ = crawled
    shown = {row["url"]: row["body"] for row in crawl(folder, "--json").articles}
    texts = []
    for name in ("one", "other"):
        done = crawl(folder, "--json", "-c", name)
        assert {row["url"]: row["body"] for row in done.articles} == shown
        text = folder / "collections" / name / "text"
        texts.append({path.name: path.read_bytes() for path in text.iterdir()})
        assert tearsheet("verify", f"collections/{name}", cwd=folder).status == 0
    assert texts[0] == texts[1]
    assert crawl(folder, "--json", "-c", "one").articles == crawl(folder, "--json", "-c", "one").articles


def test_what_is_not_in_the_archive_is_named(crawled: tuple[Path, Done], tmp_path: Path) -> None:
    folder, _ = crawled
    (folder / "more").mkdir(exist_ok=True)
    (folder / "more/other.toml").write_text(
        """[[outlet]]
name = "other"
title = "Other"
domains = ["other.example"]
country = "QA"
languages = ["en"]
feeds = ["https://other.example/feed"]
checked = false
"""
    )
    done = tearsheet(
        "crawl", "other", "--from", "news", "--outlets", "more", "--json", cwd=folder, command=COMMAND
    )
    assert done.status == 1
    assert done.failures == {"https://other.example/feed": "https://other.example/feed: not in the archive"}


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("--from", "news", "-c", "news"), 2, "nothing is written to news"),
        (("--from", "missing"), 1, "collections/missing is no collection"),
        (("--from", "news", "--at", "noon"), 2, "'noon' is no time; write it as 2026-11-21T12:00Z"),
        (("--at", "2026-11-21"), 2, "it goes with --from"),
        (("--from", "news", "--recheck"), 2, "it says nothing of an archive"),
    ],
)
def test_what_can_not_be_meant_is_said_in_a_sentence(
    arguments: tuple[str, ...], status: int, said: str, crawled: tuple[Path, Done]
) -> None:
    done = tearsheet("crawl", OUTLET, *arguments, cwd=crawled[0], command=COMMAND)
    assert done.status == status
    assert said in done.err
