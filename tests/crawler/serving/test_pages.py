from __future__ import annotations

import gzip
import re
import sqlite3
from pathlib import Path
from urllib.parse import quote

import pytest

from archive.collection import Collection
from archive.warc.reader import read_record_at
from tests.archive.search.shelf import store, story
from tests.crawler.serving.conftest import HOSTILE
from tests.crawler.serving.served import Served, serving


def text_of(html: str) -> str:
    """What is left of a page without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def stems(collections: Path, name: str = "news") -> list[str]:
    with Collection(collections, name) as collection:
        return [row.name.stem for row in collection.text_rows()]


def test_the_first_page_lists_the_collections_and_says_which_is_damaged(served: Served) -> None:
    answer = served.ask("/")
    said = text_of(answer.text)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "news 2 articles from 3 captures · newest of 1 March 2026" in said
    assert "broken" in said
    assert "catalogue.sqlite can&#39;t be used as a catalogue" in said
    assert "not a collection" not in said


def test_articles_are_found_in_arabic_and_marked(served: Served) -> None:
    html = served.ask(f"/collections/news?q={quote('ميناء')}").text
    assert '<article lang="ar" dir="rtl">' in html
    assert "حريق في <mark>الميناء</mark>" in html
    assert "1 article for" in text_of(html)


def test_filters_and_order_stay_in_the_form(served: Served) -> None:
    html = served.ask(
        "/collections/news?outlet=Courier&language=en&since=2026-03-01&until=nonsense&sort=oldest"
    ).text
    assert "1 article" in text_of(html)
    assert '<option value="Courier" selected>Courier (1)</option>' in html
    assert '<option value="en" selected>English (1)</option>' in html
    assert 'name="since" value="2026-03-01"' in html
    assert 'name="until" value=""' in html


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=99999999999", "page=x", "page=%D9%A2", "sort=x", "q=%00", "q=%ff"]
)
def test_what_makes_no_sense_in_an_address_is_passed_over(served: Served, query: str) -> None:
    assert served.ask(f"/collections/news?{query}").status == 200


def test_all_collections_are_searched_from_the_first_page(served: Served) -> None:
    assert 'action="/search"' in served.ask("/").text
    html = served.ask("/search?q=headline+OR").text
    assert "0 articles for" in text_of(html)
    html = served.ask("/search?q=needle").text
    assert '<a href="/collections/hostile?q=needle">hostile</a>' in html
    assert 'href="/collections/hostile/texts/000_' in html
    assert "1 article for needle · broken is left out: " in text_of(html)
    everything = served.ask("/search?language=ar").text
    assert '<article lang="ar" dir="rtl">' in everything
    assert '<option value="ar" selected>Arabic (1)</option>' in everything
    assert '<option value="Courier">Courier (1)</option>' in everything
    assert "<script>alert" not in everything + html


def test_a_list_of_all_collections_ends_where_it_would_cost_too_much(tmp_path: Path) -> None:
    for name in "ab":
        store(tmp_path, *(story(f"{name}{number}", f"Story {number}") for number in range(11)), name=name)
    with serving(tmp_path) as served:
        second = served.ask("/search?q=story&page=2").text
        assert second.count("<article") == 2
        assert '<ol class="entries" start="21">' in second
        assert 'href="?q=story&amp;sort=relevance&amp;page=1"' in second
        last = served.ask("/search?q=story&page=9999").text
        assert '<ol class="entries"' not in last
        assert "Page 50 of 2" in text_of(last)


def test_long_lists_have_pages(tmp_path: Path) -> None:
    store(tmp_path, *(story(f"s{number}", f"Story {number}") for number in range(25)))
    with serving(tmp_path) as served:
        first, second = (
            served.ask("/collections/news?q=story").text,
            served.ask("/collections/news?q=story&page=2").text,
        )
    assert first.count("<article") == 20
    assert 'rel="next" href="?q=story&amp;sort=relevance&amp;page=2"' in first
    assert second.count("<article") == 5
    assert '<ol class="entries" start="21">' in second


def test_an_article_shows_its_text_and_all_that_is_known_of_it(served: Served, collections: Path) -> None:
    first, _, last = stems(collections)
    html = served.ask(f"/collections/news/texts/{last}?q=ferry").text
    said = text_of(html)
    assert "<p>A <mark>ferry</mark> burned at dawn.</p>" in html
    assert "Harbour fire The third one this year Isaura Penn 1 March 2026, 09:30 UTC" in said
    assert '<a href="https://daily.example/1" rel="noreferrer nofollow noopener"><bdi>Daily</bdi></a>' in html
    assert "the page says Source: Daily" in said
    assert "related.marker 1 block, 2 words Read also Other news" in said
    assert "rights reserved, by the response’s header; terms: https://daily.example/terms" in said
    assert f"/collections/news/texts/{last}/changes?since={first}" in html
    assert '<a href="/collections/news/captures/3">' in html
    assert '<a href="/collections/news/captures/3/record">' in html
    assert "tearsheet serve --get-replay gets them" in said
    assert "<iframe" not in html


def test_changes_are_shown_word_by_word(served: Served, collections: Path) -> None:
    first, _, last = stems(collections)
    html = served.ask(f"/collections/news/texts/{last}/changes?since={first}").text
    assert "A ferry burned at <del>night</del><ins>dawn</ins>." in html
    assert "1 word added, 1 removed, in 1 paragraph." in text_of(html)


def test_a_capture_leads_to_its_bytes(served: Served, collections: Path) -> None:
    html = served.ask("/collections/news/captures/1").text
    assert "The record’s block has the digest that was noted" in html
    assert f'href="/collections/news/texts/{stems(collections)[0]}?capture=1#archived"' in html
    answer = served.ask("/collections/news/captures/1/record")
    with Collection(collections, "news") as collection:
        capture = next(collection.captures())
        path = collection.places.warc(capture.warc)
    assert answer.body == path.read_bytes()[capture.offset : capture.offset + capture.length]
    assert f"WARC-Record-ID: {capture.record_id}" in gzip.decompress(answer.body).decode()
    assert answer.headers["content-type"] == "application/warc"
    assert answer.headers["content-disposition"] == 'attachment; filename="capture-1.warc.gz"'
    read_record_at(path, capture.offset).close()


def test_a_record_that_is_damaged_is_told_of(tmp_path: Path) -> None:
    store(tmp_path, story("a", "One"))
    (warc,) = (tmp_path / "news" / "archive").iterdir()
    with Collection(tmp_path, "news") as collection:
        offset = next(collection.captures()).offset
    content = bytearray(warc.read_bytes())
    content[offset + 40] ^= 0xFF
    warc.write_bytes(content)
    with serving(tmp_path) as served:
        assert 'class="problem"' in served.ask("/collections/news/captures/1").text
        warc.unlink()
        assert "the file can&#39;t be read" in served.ask("/collections/news/captures/1").text
        answer = served.ask("/collections/news/captures/1/record")
    assert (answer.status, "the file can&#39;t be read" in answer.text) == (500, True)


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/collections/nope",
        "/collections/..",
        "/collections/%2e%2e%2fnews",
        "/collections/../../etc/passwd",
        "/collections/not%20a%20collection",
        "/collections/news/texts/..%2f..%2fcatalogue",
        "/collections/news/texts/000_0000000000000000",
        "/collections/news/texts/99999999999999999999_0000000000000000",
        "/collections/news/captures/999",
        "/collections/news/captures/99999999999999999999",
        "/collections/news/captures/-1",
        "/collections/news/captures/1/../../x",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/nothing.css",
        "/collections/%00",
        "/collections/news%0d%0aSet-Cookie:%20a=b",
    ],
)
def test_what_is_not_there_is_a_page_that_says_so(served: Served, path: str) -> None:
    answer = served.ask(path)
    assert answer.status == 404
    assert "<h1>Not Found</h1>" in answer.text
    assert "set-cookie" not in answer.headers


def test_a_damaged_collection_is_a_page_that_says_so(served: Served) -> None:
    answer = served.ask("/collections/broken")
    assert answer.status == 500
    assert "can&#39;t be used as a catalogue" in answer.text
    assert served.ask("/collections/news").status == 200


def test_a_collection_that_comes_and_goes_does_not_end_the_server(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        assert "There is none yet" in served.ask("/").text
        store(tmp_path, story("a", "One"))
        assert "1 article" in text_of(served.ask("/collections/news").text)
        store(tmp_path, story("b", "Two"), first=1)
        assert "1 article for" in text_of(served.ask("/collections/news?q=two").text)
        (tmp_path / "news").rename(tmp_path.parent / "elsewhere")
        assert served.ask("/collections/news?q=two").status == 404
        assert served.ask("/").status == 200


def test_nothing_in_an_article_becomes_markup(served: Served, collections: Path) -> None:
    (stem,) = stems(collections, "hostile")
    pages = [
        "/",
        "/collections/hostile",
        "/collections/hostile?q=needle",
        f"/collections/hostile?q={quote(HOSTILE)}&outlet={quote(HOSTILE)}&language={quote(HOSTILE)}&kind={quote(HOSTILE)}",
        f"/collections/hostile/texts/{stem}?q={quote(HOSTILE)}",
        f"/collections/hostile/texts/{stem}/changes?since={stem}",
        f"/collections/hostile/texts/{quote(HOSTILE)}",
        "/collections/hostile/captures/1",
    ]
    for path in pages:
        html = served.ask(path).text
        assert "<script>" not in html, path
        assert not re.search(r'(?:href|src)="(?!/|#|\?|https?://)', html), path
    assert (
        "javascript:alert(1)" in html or "javascript:alert(1)" in served.ask(pages[4]).text
    )  # as text alone


def test_a_catalogue_from_elsewhere_leads_to_no_other_file(tmp_path: Path) -> None:
    store(tmp_path, story("a", "One"))
    (tmp_path / "secret").write_bytes(b"WARC/1.1\r\nsecret")
    with sqlite3.connect(tmp_path / "news" / "catalogue.sqlite") as connection:
        connection.execute("UPDATE captures SET warc = '../../secret', offset = 0, length = 100")
    connection.close()
    with serving(tmp_path) as served:
        for path in ("/collections/news/captures/1", "/collections/news/captures/1/record"):
            answer = served.ask(path)
            assert (answer.status, b"WARC/1.1" in answer.body) == (500, False)
            assert "names a file outside of its collection" in answer.text


def test_a_record_is_not_given_past_the_end_of_its_file(tmp_path: Path) -> None:
    store(tmp_path, story("a", "One"))
    with sqlite3.connect(tmp_path / "news" / "catalogue.sqlite") as connection:
        connection.execute("UPDATE captures SET length = 1 << 40")
    connection.close()
    (warc,) = (tmp_path / "news" / "archive").iterdir()
    with Collection(tmp_path, "news") as collection:
        offset = next(collection.captures()).offset
    with serving(tmp_path) as served:
        assert served.ask("/collections/news/captures/1/record").body == warc.read_bytes()[offset:]
