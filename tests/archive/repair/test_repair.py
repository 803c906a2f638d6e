from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.collection_writer import CollectionWriter
from archive.errors import CollectionInUse
from archive.extraction.article import OutletRules, Rules
from archive.extraction.workers.pool import ExtractionPool
from archive.places import Places
from archive.renewal import Renewal
from archive.repair.rehearsal import rehearse
from archive.replay import Replay
from tests.archive.repair.collections import crawled, differing, files, history, repaired
from tests.archive.sample_collections import exchange, findings, reading, record
from tests.archive.test_replay import Foreign, page_exchange


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


def execute(news: Path, statement: str) -> None:
    connection = sqlite3.connect(news / "catalogue.sqlite")
    with connection:
        connection.execute(statement)
    connection.close()


def catalogue(news: Path) -> None:
    (news / "catalogue.sqlite").unlink()


def rubbish_for_a_catalogue(news: Path) -> None:
    (news / "catalogue.sqlite").write_bytes(b"rubbish" * 1000)


def texts(news: Path) -> None:
    shutil.rmtree(news / "text")


def index(news: Path) -> None:
    shutil.rmtree(news / "indexes")


def some_texts_and_the_catalogue(news: Path) -> None:
    for pattern in ("001_*", "004_*", "007_*.txt"):
        for path in (news / "text").glob(pattern):
            path.unlink()
    catalogue(news)


def rows_of_captures(news: Path) -> None:
    execute(news, "DELETE FROM captures WHERE number IN (1, 2, 7, 13)")


def rows_that_say_something_else(news: Path) -> None:
    execute(news, "UPDATE captures SET url = 'http://x.example/', offset = offset WHERE number = 2")
    execute(news, "UPDATE captures SET status = 500, length = 1, mime = NULL WHERE number = 12")


def rows_of_texts(news: Path) -> None:
    execute(news, "UPDATE captures SET text_number = NULL, state = 'pending' WHERE text_number IN (0, 5)")
    execute(news, "DELETE FROM texts WHERE number IN (0, 5)")


def bytes_of_a_text(news: Path) -> None:
    (path,) = (news / "text").glob("002_*.txt")
    path.write_bytes(path.read_bytes()[:-3])


def json_files(news: Path) -> None:
    one, two, three = sorted((news / "text").glob("*.json"))[:3]
    one.unlink()
    two.write_bytes(b"{}")
    three.write_bytes(three.read_bytes().replace(b'"The bridge', b'"A bridge'))


def captures_that_a_json_names(news: Path) -> None:
    (path,) = (news / "text").glob("000_*.json")
    record = json.loads(path.read_bytes())
    path.write_bytes(json.dumps(record | {"captures": record["captures"][:1]}).encode())


def lines_of_the_index(news: Path) -> None:
    path = news / "indexes/index.cdxj"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[3:]) + b"zzz 2026 {}\n")


DAMAGES: list[Callable[[Path], None]] = [
    catalogue,
    rubbish_for_a_catalogue,
    texts,
    index,
    some_texts_and_the_catalogue,
    rows_of_captures,
    rows_that_say_something_else,
    rows_of_texts,
    bytes_of_a_text,
    json_files,
    captures_that_a_json_names,
    lines_of_the_index,
]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_what_is_derived_is_mended_byte_for_byte(
    news: Path, made: Path, pool: ExtractionPool, damage: Callable[[Path], None]
) -> None:
    damage(news)
    before = files(news)
    planned = [str(deed) for deed in rehearse(Places(news))]
    assert files(news) == before
    deeds = repaired(news, pool)
    assert differing(news, made) == {}
    assert findings(news.parent) == []
    assert (len(planned) > 0, all(deed.done for deed in deeds)) == (True, True)
    assert repaired(news, pool) == []


def test_a_catalogue_that_can_not_be_used_is_kept(news: Path, pool: ExtractionPool) -> None:
    rubbish_for_a_catalogue(news)
    first = repaired(news, pool)[0]
    assert str(first) == (
        f"{news}/catalogue.sqlite: can't be used (file is not a database); it is kept as set-aside/catalogue.sqlite"
    )
    assert (news / "set-aside/catalogue.sqlite").read_bytes() == b"rubbish" * 1000


def test_a_torn_end_is_kept_beside_and_what_was_lost_with_it_is_named(
    news: Path, pool: ExtractionPool
) -> None:
    *_, last = sorted((news / "archive").iterdir())
    content = last.read_bytes()
    last.write_bytes(content[:-100])
    with reading(news.parent) as collection:
        *_, before, lost = collection.captures()
    end = before.offset + before.length
    deeds = repaired(news, pool)
    size = len(content) - 100 - end
    assert str(deeds[0]) == (
        f"{last}: cut off {size} bytes from offset {end} on, which were not written to their end; they are kept in "
        f"{last.name}.torn"
    )
    assert last.read_bytes() == content[:end]
    assert last.with_name(last.name + ".torn").read_bytes() == content[end:-100]
    assert findings(news.parent) == [
        f"archive/{last.name}: record at offset {lost.offset}: the catalogue has a capture of {lost.url} here; no "
        "whole record of it is there"
    ]
    assert [str(deed) for deed in repaired(news, pool)] == []


def test_a_file_left_open_is_cut_in_the_same_way_by_a_repair_and_by_the_next_writer(
    tmp_path: Path, pool: ExtractionPool
) -> None:
    with CollectionWriter(tmp_path / "killed", "news") as writer:
        for second, name in enumerate("ab"):
            record(writer, exchange(name, second))
    (warc,) = (tmp_path / "killed/news/archive").iterdir()
    whole = warc.read_bytes()
    warc.rename(warc.with_name(f"{warc.name}.open"))
    with reading(tmp_path / "killed") as collection:
        first, other = collection.captures()
    torn = whole[: other.offset]  # a request without its response
    for name in ("repaired", "written"):
        shutil.copytree(tmp_path / "killed", tmp_path / name)
        execute(tmp_path / name / "news", "DELETE FROM captures WHERE number = 2")
        (tmp_path / name / f"news/archive/{warc.name}.open").write_bytes(torn)
    end = first.offset + first.length
    said = (
        f"cut off {len(torn) - end} bytes from offset {end} on, which were not written to their end; they are kept in "
        f"{warc.name}.torn"
    )
    would, *_ = rehearse(Places(tmp_path / "repaired/news"))
    assert would.what == said.partition(";")[0].replace("cut", "would cut")
    assert repaired(tmp_path / "repaired/news", pool)[0].what == said
    with CollectionWriter(tmp_path / "written", "news") as writer:
        assert writer.repairs[0] == f"{warc.name}: {said}"
    for name in ("repaired", "written"):
        archive = tmp_path / name / "news/archive"
        assert {path.name: path.read_bytes() for path in archive.iterdir()} == {
            warc.name: whole[:end],
            f"{warc.name}.torn": torn[end:],
        }
        assert findings(tmp_path / name) == []


def test_a_repair_is_rehearsed_on_a_copy_where_the_catalogue_is_of_an_older_tearsheet(
    news: Path, pool: ExtractionPool
) -> None:
    *_, last = sorted((news / "archive").iterdir())
    last.write_bytes(last.read_bytes()[:-100])
    (news / "indexes/index.cdxj").unlink()
    for statement in ("ALTER TABLE captures DROP COLUMN rendering", "UPDATE schema_version SET version = 3"):
        execute(news, statement)
    before = {path: path.read_bytes() for path in sorted(news.rglob("*")) if path.is_file()}
    planned = [(deed.path, deed.what) for deed in rehearse(Places(news))]
    assert {path: path.read_bytes() for path in sorted(news.rglob("*")) if path.is_file()} == before
    done = [(deed.path, deed.what) for deed in repaired(news, pool)]
    assert done == [
        (news / "catalogue.sqlite", "was made by an older tearsheet; brought up to date"),
        (last, f"{planned[1][1].removeprefix('would ')}; they are kept in {last.name}.torn"),
        (news / "indexes/index.cdxj", "written anew"),
    ]
    assert planned == [
        (news / "catalogue.sqlite", "was made by an older tearsheet; would be brought up to date"),
        (last, planned[1][1]),
        (news / "indexes/index.cdxj", "would be written anew"),
    ]


def test_a_changed_byte_of_a_record_is_left_and_named(news: Path, pool: ExtractionPool) -> None:
    with reading(news.parent) as collection:
        damaged = list(collection.captures())[-1]
    path = news / "archive" / damaged.warc
    content = bytearray(path.read_bytes())
    content[damaged.offset + damaged.length // 2] ^= 0x20
    path.write_bytes(content)
    before = files(news)
    assert repaired(news, pool) == []
    assert files(news) == before
    named, alone, lost = findings(news.parent)
    assert f"archive/{path.name}: record at offset {damaged.offset}: the gzip member" in named
    assert alone.endswith("it is a request, and the response to it is missing")
    assert lost.endswith("no whole record of it is there")


def test_a_record_that_was_lost_with_the_catalogue_leaves_the_others_their_texts(
    news: Path, made: Path, pool: ExtractionPool
) -> None:
    with reading(news.parent) as collection:
        damaged = list(collection.captures())[1]
    path = news / "archive" / damaged.warc
    content = bytearray(path.read_bytes())
    content[damaged.offset + damaged.length // 2] ^= 0x20
    path.write_bytes(content)
    catalogue(news)
    repaired(news, pool)
    unchanged = files(made).keys() - {f"archive/{damaged.warc}", "indexes/index.cdxj"}
    assert {name: files(news)[name] for name in unchanged} == {name: files(made)[name] for name in unchanged}
    with reading(news.parent) as collection:
        assert collection.counts().captures == 12
    lines = findings(news.parent)
    assert len(lines) == 4
    assert lines[-1].endswith(f"its capture {damaged.record_id} is not what the catalogue has")


def test_a_collection_that_is_being_written_to_is_left_alone(news: Path, pool: ExtractionPool) -> None:
    before = files(news)
    with (
        CollectionWriter(news.parent, "news"),
        pytest.raises(CollectionInUse, match="is being written to by"),
    ):
        repaired(news, pool)
    assert files(news) == before


def foreign(folder: Path, name: str, pages: str, more: str = "") -> Path:
    """A WARC file of another tool, or with `more` pages, the same file when it has grown."""
    written = Foreign(folder / f"{name}.warc.gz")
    for second, page in enumerate(pages + more):
        written.response(page, second)
    return written.close()


def test_files_from_elsewhere_come_back_in_the_order_in_which_they_came_in(
    tmp_path: Path, pool: ExtractionPool
) -> None:
    collections, files_of_others = tmp_path / "collections", tmp_path / "elsewhere"
    files_of_others.mkdir()

    def replayed(file: Path) -> None:
        with CollectionWriter(collections, "news") as writer:
            for _ in Replay(writer, pool).run([file]):
                pass

    late = foreign(files_of_others, "zulu", "za")
    content = late.read_bytes()
    replayed(late)
    replayed(foreign(files_of_others, "alpha", "ab"))
    grown = foreign(files_of_others, "further", "cd").read_bytes()
    late.write_bytes(content + grown)
    replayed(late)
    crawled(collections, pool, [page_exchange("e", 500), page_exchange("z", 501)])
    news = collections / "news"
    assert (
        news.joinpath("archive/order.txt").read_text()
        == f"0 zulu.warc.gz\n0 alpha.warc.gz\n{len(content)} zulu.warc.gz\n"
    )
    shutil.copytree(news, tmp_path / "copy/news")
    delete_all_but_the_archive(news)
    repaired(news, pool)
    assert differing(news, tmp_path / "copy/news") == {}


def test_texts_of_former_rules_stay_where_the_catalogue_is_lost(
    tmp_path: Path, made: Path, pool: ExtractionPool
) -> None:
    shutil.copytree(made, tmp_path / "news")
    rules = Rules(pages={"news.example": (OutletRules(drop=("p:nth-of-type(2)",)),)})
    newer = ExtractionPool(1, rules)
    try:
        with CollectionWriter(tmp_path, "news") as writer:
            for _ in Renewal(writer).run(Replay(writer, newer)):
                pass
        news = tmp_path / "news"
        assert len(list((news / "text").glob("*.txt"))) > len(list((made / "text").glob("*.txt")))
        shutil.copytree(news, tmp_path / "copy/news")
        (next((news / "text").glob("009_*.txt"))).unlink()
        catalogue(news)
        repaired(news, newer)
    finally:
        newer.close()
    assert differing(news, tmp_path / "copy/news") == {}
