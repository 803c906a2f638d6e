from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.extraction.article import Rules
from archive.extraction.workers.pool import ExtractionPool
from tests.archive.repair.collections import differing, history, repaired
from tests.archive.sample_collections import findings


@pytest.fixture(scope="module")
def pool() -> Iterator[ExtractionPool]:
    opened = ExtractionPool(2, Rules())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, pool: ExtractionPool) -> Path:
    collections = tmp_path_factory.mktemp("made")
    history(collections, pool)
    assert findings(collections) == []
    return collections / "news"


@pytest.fixture
def news(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "news")
    return tmp_path / "news"


def delete_all_but_the_archive(news: Path) -> None:
    for path in news.iterdir():
        if path.is_dir() and path.name != "archive":
            shutil.rmtree(path)
        elif path.is_file():
            path.unlink()


def test_all_but_the_archive_is_made_again_byte_for_byte(
    news: Path, made: Path, pool: ExtractionPool
) -> None:
    delete_all_but_the_archive(news)
    deeds = repaired(news, pool)
    assert differing(news, made) == {}
    assert findings(news.parent) == []
    assert all(deed.done for deed in deeds)
    assert repaired(news, pool) == []
