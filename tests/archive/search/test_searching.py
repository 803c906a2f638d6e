from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.catalogue.search_rows import Facets, Order, Wanted
from archive.collection_writer import CollectionWriter
from archive.errors import CollectionError
from archive.exports.selection import Selection
from archive.search.query import parse
from archive.search.searching import Searching, searching
from tests.archive.sample_collections import findings
from tests.archive.search.shelf import store, story

REPOSITORY = Path(__file__).parents[3]
FIRE = story(
    "fire", "Harbour fire", "A ferry burned at night.", "Nobody was hurt.", outlet="Courier", language="en"
)
FERRY = story(
    "ferry",
    "Night ferries",
    "The harbour wants them.",
    outlet="Daily",
    language="en",
    authors=("Isaura Penn",),
)
ARABIC = story(
    "ar", "حريق في الميناء", "احترقت عبّارة ليلاً في ميناء فيلمار، وقالت الحكومةُ إنّ أحداً لم يُصب.",
    outlet="المرفأ", language="ar", date_published=date(2026, 3, 9),
)  # fmt: skip
HEBREW = story("he", "שריפה בנמל", 'צה"ל והממשלה לא הגיבו.', language="he")
PERSIAN = story("fa", "کتاب‌های بندر", "می‌خواهند کتابخانه‌ای بسازند.", language="fa")
CHINESE = story("zh", "北京市长谈港口", "东京都知事也来了。", language="zh")
TURKISH = story("tr", "Erdoğan’ın İstanbul ziyareti", "Çığ düştü.", language="tr", date_published=None)
EVERY = (FIRE, FERRY, ARABIC, HEBREW, PERSIAN, CHINESE, TURKISH)


def found(collections: Path, typed: str, order: Order = "relevance", **selection: object) -> list[str]:
    """The headlines of what is found, by their addresses."""
    with searching(collections, "news") as search:
        wanted = Wanted(parse(typed), Selection(**selection), order=order)  # type: ignore[arg-type]
        return [hit.url.rpartition("/")[2] for hit in search.find(wanted).hits]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("collections")
    store(folder, *EVERY)
    return folder


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("fire", ["fire"]),
        ("FERRY harbour", ["fire"]),
        ("harbour", ["fire", "ferry"]),  # a headline counts more
        ('"night ferries"', ["ferry"]),
        ('"ferries night"', []),
        ("harbour -fire", ["ferry"]),
        ("ferr*", ["ferry", "fire"]),
        ("isaura penn", ["ferry"]),
        ("ميناء", ["ar"]),
        ("الميناء", ["ar"]),
        ("والحكومة", ["ar"]),
        ("عبارة", ["ar"]),
        ('"في ميناء فيلمار"', ["ar"]),
        ("احدا", ["ar"]),
        ("נמל", ["he"]),
        ("הנמל", ["he"]),
        ("ממשלה", ["he"]),
        ("צהל", ["he"]),
        ("کتاب", ["fa"]),
        ("كتابهاى", ["fa"]),
        ("میخواهند", ["fa"]),
        ("می‌خواهند", ["fa"]),
        ("北京", ["zh"]),
        ("京都", ["zh"]),
        ("港", ["zh"]),
        ("京市长", ["zh"]),
        ("都北", []),
        ("erdogan istanbul", ["tr"]),
        ("ERDOĞAN", ["tr"]),
        ("cig", ["tr"]),
    ],
)
def test_words_are_found_however_they_are_written(shelf: Path, typed: str, wanted: list[str]) -> None:
    assert found(shelf, typed) == wanted


def test_filters_leave_what_they_name(shelf: Path) -> None:
    assert found(shelf, "", outlets=frozenset({"courier"})) == ["fire"]
    assert found(shelf, "", languages=frozenset({"ar", "he"})) == ["ar", "he"]
    assert found(shelf, "harbour", languages=frozenset({"ar"})) == []
    assert found(shelf, "", since=date(2026, 3, 2)) == ["ar"]
    assert found(shelf, "harbour", until=date(2026, 2, 28)) == []
    with searching(shelf, "news") as search:
        assert search.find(Wanted(kind="gallery")).total == 0
        assert search.find(Wanted(kind="article", limit=2, offset=6)).total == 7


def test_without_a_query_everything_is_listed_by_its_day(shelf: Path) -> None:
    # What has no date of its own has that of its capture: the first of March, at noon.
    assert found(shelf, "", "newest") == ["ar", "tr", "zh", "fa", "he", "ferry", "fire"]
    assert found(shelf, "", "oldest") == ["fire", "ferry", "he", "fa", "zh", "tr", "ar"]
    assert found(shelf, "harbour", "oldest") == ["fire", "ferry"]
    assert found(shelf, "-harbour", "oldest") == ["he", "fa", "zh", "tr", "ar"]


def test_outlets_languages_and_kinds_are_counted(shelf: Path) -> None:
    with searching(shelf, "news") as search:
        assert search.facets() == Facets(
            articles=7,
            outlets=((None, 4), ("Courier", 1), ("Daily", 1), ("المرفأ", 1)),
            languages=(("en", 2), ("ar", 1), ("fa", 1), ("he", 1), ("tr", 1), ("zh", 1)),
            kinds=(("article", 7),),
            newest="2026-03-09T00:00:00Z",
        )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(alphabet=st.one_of(st.characters(), st.sampled_from('"*-()^:+{}ا北\u200c\x00 '))))
def test_no_query_is_an_error_to_the_database(shelf: Path, typed: str) -> None:
    with Searching(shelf, "news") as search:
        query = parse(typed)
        if query:
            search.find(Wanted(query, order="relevance"))


def test_the_longest_query_is_answered(shelf: Path) -> None:
    assert found(shelf, " ".join(f"وزير{letter}" for letter in "ابتثجحخدذرزسشصضطظعغفقكلم")) == []


def test_what_a_crawl_adds_meanwhile_is_found(tmp_path: Path) -> None:
    store(tmp_path, FIRE)
    with searching(tmp_path, "news") as search:
        store(tmp_path, FERRY, first=1)
        assert search.find(Wanted(parse("ferries"))).total == 0
        search.refresh()
        assert search.find(Wanted(parse("ferries"))).total == 1


def test_of_an_article_s_versions_the_newest_that_matches_is_found(tmp_path: Path) -> None:
    later = replace(FIRE, paragraphs=("A ferry burned at dawn.",))
    store(tmp_path, FIRE, later)
    with searching(tmp_path, "news") as search:
        (current,) = search.find(Wanted(parse("ferry"))).hits
        (earlier,) = search.find(Wanted(parse("night"))).hits
        assert (current.number, current.current) == (1, True)
        assert (earlier.number, earlier.current) == (0, False)
        assert search.find(Wanted()).total == search.facets().articles == 1
        store(tmp_path, FIRE, first=2)  # the outlet goes back to what it had
        search.refresh()
        assert [hit.number for hit in search.find(Wanted()).hits] == [0]


def test_a_text_that_newer_rules_replaced_is_not_found(tmp_path: Path) -> None:
    store(tmp_path, FIRE)
    assert found(tmp_path, "burned") == ["fire"]
    with CollectionWriter(tmp_path, "news") as writer:
        (capture,) = writer.captures()
        writer.expect(capture)
        writer.settle(capture.number, replace(FIRE, paragraphs=("It sank.",)))
    assert (found(tmp_path, "burned"), found(tmp_path, "sank"), found(tmp_path, "")) == (
        [],
        ["fire"],
        ["fire"],
    )


@pytest.mark.parametrize("damage", ["garbage", "cut", "empty", "other tables", "gone"])
def test_a_damaged_index_is_made_anew(tmp_path: Path, damage: str) -> None:
    store(tmp_path, *EVERY)
    index = tmp_path / "news" / "indexes" / "search.sqlite"
    with searching(tmp_path, "news") as search:
        content = index.read_bytes()
        match damage:
            case "garbage":
                index.write_bytes(b"no database" * 1000)
            case "cut":
                index.write_bytes(content[: len(content) // 3])
            case "empty":
                index.write_bytes(b"")
            case "other tables":
                with sqlite3.connect(index) as connection:
                    connection.execute("DROP TABLE documents")
                connection.close()
            case "gone":
                index.unlink()
        assert search.find(Wanted(parse("ferry"))).total == 1
    assert found(tmp_path, "harbour") == ["fire", "ferry"]


def test_an_index_of_another_version_is_made_anew(tmp_path: Path) -> None:
    store(tmp_path, FIRE)
    assert found(tmp_path, "fire") == ["fire"]
    with sqlite3.connect(tmp_path / "news" / "indexes" / "search.sqlite") as connection:
        connection.execute("UPDATE made_by SET version = 'older'")
        connection.execute("DELETE FROM documents")
    connection.close()
    assert found(tmp_path, "fire") == ["fire"]


def test_a_text_that_can_t_be_read_is_listed_and_found_when_it_is_back(tmp_path: Path) -> None:
    store(tmp_path, FIRE)
    (text,) = (tmp_path / "news" / "text").glob("*.txt")
    content = text.read_bytes()
    text.unlink()
    assert found(tmp_path, "ferry") == []
    assert found(tmp_path, "") == ["fire"]
    text.write_bytes(content)
    assert found(tmp_path, "ferry") == ["fire"]


def test_a_catalogue_that_was_made_anew_is_followed(tmp_path: Path) -> None:
    store(tmp_path, FIRE, FERRY)
    assert found(tmp_path, "night") == ["ferry", "fire"]
    index = (tmp_path / "news" / "indexes" / "search.sqlite").read_bytes()
    store(tmp_path / "other", FERRY)
    other = tmp_path / "other" / "news"
    (other / "indexes" / "search.sqlite").write_bytes(index)
    assert found(tmp_path / "other", "night") == ["ferry"]
    assert found(tmp_path / "other", "fire") == []


def test_a_folder_that_can_t_be_written_to_is_searched_by_an_index_elsewhere(tmp_path: Path) -> None:
    store(tmp_path, FIRE)
    indexes = tmp_path / "news" / "indexes"
    (indexes / "search.sqlite").mkdir()  # so that not even root can write the file
    with searching(tmp_path, "news") as search:
        assert search.note is not None
        assert search.note.startswith(
            f"{indexes} can't be written to: the index of words is kept in a temporary"
        )
        assert search.find(Wanted(parse("fire"))).total == 1


SEARCH_AS_NOBODY = """
import os, sys
from pathlib import Path
from archive.catalogue.search_rows import Wanted
from archive.search.query import parse
from archive.search.searching import searching
import sqlalchemy.dialects.sqlite.pysqlite
parse("حبر")
if os.geteuid() == 0:
    os.setuid(65534)
with searching(Path(sys.argv[1]), "news") as search:
    print(search.note is None, search.find(Wanted(parse("fire"))).total)
"""


@pytest.mark.parametrize("indexed", [False, True])
def test_a_read_only_collection_is_searched(open_folder: Path, indexed: bool) -> None:
    store(open_folder, FIRE)
    if indexed:
        assert found(open_folder, "fire") == ["fire"]
    places = [path for path in (open_folder / "news", *(open_folder / "news").rglob("*")) if path.is_dir()]
    for place in places:
        place.chmod(0o555)
    command = [sys.executable, "-W", "error", "-c", SEARCH_AS_NOBODY, str(open_folder)]
    try:
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    finally:
        for place in places:
            place.chmod(0o755)
    assert (done.stdout, done.stderr) == ("False 1\n", "")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users can read; those above `tmp_path` are their owner's alone."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        yield Path(made)


def test_several_may_bring_it_up_to_date_at_once(tmp_path: Path) -> None:
    store(tmp_path, *EVERY)
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: found(tmp_path, "harbour"), range(8)))
    assert answers == [["fire", "ferry"]] * 8


def test_verification_and_later_crawls_do_not_mind_the_index(tmp_path: Path) -> None:
    store(tmp_path, FIRE)
    assert found(tmp_path, "fire") == ["fire"]
    store(tmp_path, FERRY, first=1)
    assert findings(tmp_path) == []


def test_a_collection_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="is no collection"):
        Searching(tmp_path, "news")
    with pytest.raises(CollectionError, match="can't name a collection"):
        Searching(tmp_path, "../news")


def test_a_collection_that_vanishes_is_an_error(tmp_path: Path) -> None:
    store(tmp_path, FIRE)
    with searching(tmp_path, "news") as search:
        (tmp_path / "news").rename(tmp_path / "elsewhere")
        with pytest.raises(CollectionError):
            search.find(Wanted(parse("fire")))
        (tmp_path / "elsewhere").rename(tmp_path / "news")
        assert search.find(Wanted(parse("fire"))).total == 1
