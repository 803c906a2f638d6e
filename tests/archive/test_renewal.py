from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive.catalogue.catalogue import Catalogue
from archive.collection import Collection
from archive.collection_writer import CollectionWriter
from archive.extraction.article import OutletRules, Rules
from archive.extraction.workers.pool import ExtractionPool
from archive.renewal import Difference, Renewal, rehearsal
from archive.replay import Replay
from archive.spool import Spool
from archive.text.changes import counts
from archive.wanted import EVERYTHING, Wanted
from tests.archive.sample_collections import START, findings, record, text_files, url
from tests.archive.test_replay import page_exchange, replay

HOST = "news.example"
NEW_RULES = Rules(
    outlets={HOST: "Example"},
    pages={HOST: (OutletRules(drop=("p:nth-of-type(2)",), title_suffixes=(" of b",)),)},
)


@pytest.fixture(scope="module")
def pools() -> Iterator[tuple[ExtractionPool, ExtractionPool]]:
    """Yesterday's rules and today's."""
    opened = ExtractionPool(1, Rules()), ExtractionPool(2, NEW_RULES)
    yield opened
    for pool in opened:
        pool.close()


def collected(collections: Path, pool: ExtractionPool) -> None:
    """Pages a and b, a second look at a that found it unchanged, and a page that was posted."""
    with CollectionWriter(collections, "news") as writer:
        for second, name in enumerate("ab"):
            record(writer, page_exchange(name, second))
        record(writer, page_exchange("a", 60))
        record(writer, page_exchange("posted", 100, "POST"))
    replay(collections, pool)


def rehearsed(collections: Path, pool: ExtractionPool, wanted: Wanted = EVERYTHING) -> list[Difference]:
    with Collection(collections, "news") as collection:
        renewal = Renewal(collection, wanted)
        with rehearsal(collection, renewal.captures()) as writer:
            return [found for found in renewal.run(Replay(writer, pool)) if isinstance(found, Difference)]


def applied(collections: Path, pool: ExtractionPool) -> list[Difference]:
    with CollectionWriter(collections, "news") as writer:
        found = Renewal(writer).run(Replay(writer, pool))
        return [each for each in found if isinstance(each, Difference)]


def everything(collections: Path) -> dict[str, bytes]:
    """Every file of the collection, but those that SQLite keeps beside the catalogue while it is read."""
    files = sorted(path for path in (collections / "news").rglob("*") if path.is_file())
    return {str(path): path.read_bytes() for path in files if not path.name.endswith(("-wal", "-shm"))}


def test_the_same_rules_change_nothing(tmp_path: Path, pools: tuple[ExtractionPool, ExtractionPool]) -> None:
    collected(tmp_path, pools[0])
    before = everything(tmp_path)
    assert [found.kind for found in rehearsed(tmp_path, pools[0])] == ["same", "same"]
    assert everything(tmp_path) == before
    assert [found.kind for found in applied(tmp_path, pools[0])] == ["same", "same"]
    texts = {path: content for path, content in before.items() if "/text/" in path}
    assert {path: content for path, content in everything(tmp_path).items() if "/text/" in path} == texts
    assert findings(tmp_path) == []


def test_what_new_rules_change_is_told_and_nothing_written(
    tmp_path: Path, pools: tuple[ExtractionPool, ExtractionPool]
) -> None:
    collected(tmp_path, pools[0])
    before = everything(tmp_path)
    a, b = rehearsed(tmp_path, pools[1])
    assert everything(tmp_path) == before
    assert [(found.kind, found.capture.url) for found in (a, b)] == [
        ("changed", url("a")),
        ("changed", url("b")),
    ]
    (change,) = a.changes
    assert [piece.kind for piece in change] == ["removed"]
    assert [counts(each)[0] for each in b.changes] == [0, 0]  # the headline, and the paragraph
    assert a.fields == (("outlet", "news.example", "Example"),)
    assert b.fields == (
        ("outlet", "news.example", "Example"),
        ("headline", "The bridge of b", "The bridge"),
    )
    (alone,) = rehearsed(tmp_path, pools[1], Wanted(url_prefixes=(url("a"),)))
    assert alone.capture.url == url("a")


def test_applied_they_make_new_texts_that_name_the_old_ones(
    tmp_path: Path, pools: tuple[ExtractionPool, ExtractionPool]
) -> None:
    collected(tmp_path, pools[0])
    old = text_files(tmp_path)
    found = applied(tmp_path, pools[1])
    assert [each.kind for each in found] == ["changed", "changed"]
    now = text_files(tmp_path)
    assert {name: now[name] for name in old if name.endswith(".txt")} == {
        name: content for name, content in old.items() if name.endswith(".txt")
    }
    names = sorted(name for name in now if name.endswith(".txt"))
    assert [name[:3] for name in names] == ["000", "001", "002", "003"]
    new = [json.loads(now[name.replace(".txt", ".json")]) for name in names[2:]]
    assert [row["versions"] for row in new] == [[names[0]], [names[1]]]
    assert [len(row["captures"]) for row in new] == [2, 1]
    assert [json.loads(now[name.replace(".txt", ".json")])["captures"] for name in names[:2]] == [[], []]
    assert findings(tmp_path) == []
    assert [each.kind for each in rehearsed(tmp_path, pools[1])] == ["same", "same"]
    assert [each.kind for each in applied(tmp_path, pools[1])] == ["same", "same"]
    assert text_files(tmp_path) == now


def test_an_article_that_is_none_any_more_is_lost_and_one_that_was_none_is_new(
    tmp_path: Path, pools: tuple[ExtractionPool, ExtractionPool]
) -> None:
    nothing_kept = Rules(outlets={HOST: "Example"}, pages={HOST: (OutletRules(drop=("article",)),)})
    pool = ExtractionPool(1, nothing_kept)
    try:
        collected(tmp_path, pools[0])
        lost = applied(tmp_path, pool)
    finally:
        pool.close()
    assert [(each.kind, each.after) for each in lost] == [("lost", None), ("lost", None)]
    assert all(each.note for each in lost)
    assert findings(tmp_path) == []
    assert [each.kind for each in rehearsed(tmp_path, pools[0])] == ["new", "new"]
    assert [each.kind for each in applied(tmp_path, pools[0])] == ["new", "new"]
    assert len([name for name in text_files(tmp_path) if name.endswith(".txt")]) == 2
    assert findings(tmp_path) == []


def test_a_text_is_kept_where_its_extraction_fails_today(
    tmp_path: Path, pools: tuple[ExtractionPool, ExtractionPool]
) -> None:
    collected(tmp_path, pools[0])
    (warc,) = (tmp_path / "news/archive").iterdir()
    content = warc.read_bytes()
    with Catalogue(tmp_path / "news/catalogue.sqlite", writable=False) as catalogue:
        first = next(catalogue.captures())
    damaged = bytearray(content)
    damaged[first.offset + first.length // 2] ^= 0xFF
    warc.write_bytes(damaged)
    told = applied(tmp_path, pools[0])
    assert [each.kind for each in told] == ["failed", "same", "same"]
    assert "the text that it had is kept" in (told[0].note or "")
    warc.write_bytes(content)
    assert findings(tmp_path) == []


def test_pages_of_one_article_are_extracted_together(
    tmp_path: Path, pools: tuple[ExtractionPool, ExtractionPool]
) -> None:
    second = url("long?page=2")
    with CollectionWriter(tmp_path, "news") as writer:
        for number, (name, following) in enumerate((("long", second), ("long?page=2", None))):
            exchange = page_exchange(name, number)
            link = f"<link rel='next' href='{following}'>" if following else ""
            raw = exchange.response.getvalue().replace(b"<title>", link.encode() + b"<title>")
            head, _, body = raw.partition(b"\r\n\r\n")
            sized = head.rpartition(b": ")[0] + f": {len(body)}".encode() + b"\r\n\r\n" + body
            exchange.response.close()
            record(
                writer, replace(exchange, response=Spool(sized), started=START + timedelta(seconds=number))
            )
    replay(tmp_path, pools[0])
    (found,) = rehearsed(tmp_path, pools[1], Wanted(url_prefixes=(second,)))
    assert found.kind == "changed"
    assert found.after is not None
    assert [part["url"] for part in found.after.record["parts"]] == [url("long"), second]
