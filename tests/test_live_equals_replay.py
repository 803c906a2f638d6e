from __future__ import annotations

from pathlib import Path

import pytest

from crawler.demo.server import NewsroomServer
from tests.command import tearsheet

OUTLETS = ("harbour-courier", "al-marfa", "newsline-24")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working folder of two crawls of the newsroom, one an edition."""
    folder = tmp_path_factory.mktemp("live")
    with NewsroomServer() as newsroom:
        newsroom.outlet_files(folder / "outlets")
        for edition in (1, 2):
            newsroom.edition = edition
            tearsheet("crawl", *OUTLETS, "--recheck", "--workers", str(edition), cwd=folder)
    return folder


@pytest.mark.parametrize("workers", [1, 2])
def test_the_texts_and_the_index_of_a_crawl_are_those_of_its_replay(live: Path, workers: int) -> None:
    crawled = live / "collections/news"
    warcs = sorted((crawled / "archive").iterdir())
    tearsheet("replay", *warcs, "-c", f"replayed-{workers}", "--workers", workers, cwd=live)
    replayed = live / f"collections/replayed-{workers}"
    assert len(contents(crawled / "text")) > 50
    assert contents(replayed / "text") == contents(crawled / "text")
    assert contents(replayed / "indexes") == contents(crawled / "indexes")
    assert contents(replayed / "archive") == contents(crawled / "archive")


OLD = '[[outlet.rules]]\nvalid_until = 2999-12-31\ndrop = ["p:nth-of-type(2)"]\n'
NEW = '[[outlet.rules]]\nvalid_from = 3000-01-01\ndrop = ["p:nth-of-type(3)"]\n'


def test_a_replay_uses_the_outlet_s_rules_of_the_day_of_the_capture(tmp_path: Path) -> None:
    with NewsroomServer() as newsroom:
        (own,) = [file for file in newsroom.outlet_files(tmp_path / "outlets") if "harbour" in file.name]
        plain = own.read_text()
        story = newsroom.expected("tram-line-seven")
        own.write_text(plain + OLD.partition("\n")[0] + OLD.partition("2999-12-31")[2])
        tearsheet("scrape", story.url, "--delay", "0", cwd=tmp_path)
    live = contents(tmp_path / "collections/news/text")
    (text,) = [content.decode() for name, content in live.items() if name.endswith(".txt")]
    assert story.paragraphs[1] not in text
    assert story.paragraphs[2] in text
    (warc,) = (tmp_path / "collections/news/archive").iterdir()
    for rules, same in ((OLD + NEW, True), (NEW, False), (NEW.replace("3000", "2000"), False)):
        own.write_text(plain + rules)
        tearsheet("replay", warc, "-c", f"again-{same}", cwd=tmp_path)
        assert (contents(tmp_path / f"collections/again-{same}/text") == live) is same
    own.write_text(plain + OLD + NEW)
    explained = tearsheet("extract", warc, "--explain", cwd=tmp_path)
    assert f"| {story.paragraphs[1]}\n" in explained.out
    assert "- outlet.drop" in explained.out
