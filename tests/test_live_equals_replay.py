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
            tearsheet("crawl", *OUTLETS, "--workers", str(edition), cwd=folder)
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
