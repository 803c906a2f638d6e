# ruff: noqa: E501 - a line of a page is as long as it is
from __future__ import annotations

from datetime import date

import pytest

from archive.extraction.article import Page, Rules
from archive.extraction.metadata import Metadata, read
from archive.extraction.metadata.language import choose
from archive.extraction.parsing.tree import parse

URL = "https://www.coastdaily.example/a/1"


def metadata(head: str, body: str = "<p>x</p>") -> Metadata:
    root = parse(f"<html><head>{head}</head><body>{body}</body></html>", URL)
    assert root is not None
    return read(root, Page(URL, b""), Rules())


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize(
    ("head", "body", "headline"),
    [
        ("<title>Ferry queue reaches customs house | Coast Daily</title>", "<h1>Ferry queue reaches customs house</h1>", "Ferry queue reaches customs house"),
        ('<meta property="og:title" content="Ferry queue reaches old customs house - Coast Daily"><meta property="og:site_name" content="Coast Daily">', "", "Ferry queue reaches old customs house"),
        ('<meta property="og:title" content="Ferry chaos: what we know"><title>x</title>', "<h1>Coast Daily</h1><h1>Ferry chaos: what we know so far</h1>", "Ferry chaos: what we know so far"),
        ('<meta property="og:title" content="Ferry queue reaches customs house">', "<h1><span>Harbour</span> Ferry queue reaches customs house</h1>", "Ferry queue reaches customs house"),
        (ld('{"@graph": [{"@type": "WebSite", "name": "Coast Daily"}, {"@type": ["NewsArticle"], "headline": "Ferry &amp; ramp"}]}'), "", "Ferry & ramp"),
    ],
)  # fmt: skip
def test_the_headline_is_what_the_reader_saw_without_kicker_and_site(
    head: str, body: str, headline: str
) -> None:
    assert metadata(head, body).headline == headline


@pytest.mark.parametrize(
    ("head", "authors"),
    [
        (ld('{"@type": "NewsArticle", "author": [{"@type": "Person", "name": "Nadia Okoro"}, {"name": "Ibrahim Saleh"}]}'), ("Nadia Okoro", "Ibrahim Saleh")),
        (ld('{"@type": "NewsArticle", "author": {"name": "Reuters"}}') + '<meta name="author" content="By Nadia Okoro and Ibrahim Saleh">', ("Nadia Okoro", "Ibrahim Saleh")),
        ('<meta name="author" content="بقلم: سلمى حداد">', ("سلمى حداد",)),
        ('<meta name="author" content="Okoro, Nadia">', ("Nadia Okoro",)),
        ('<meta property="article:author" content="https://social.example/nadia"><meta name="author" content="Reuters">', ("Reuters",)),
        ('<meta property="og:site_name" content="Coast Daily"><meta name="author" content="Coast Daily">', ("Coast Daily",)),
        ('<meta property="og:site_name" content="Coast Daily">', ()),
        ('<meta name="author" content="admin">', ()),
    ],
)  # fmt: skip
def test_authors_are_persons_first_else_the_organisation_that_the_page_names(
    head: str, authors: tuple[str, ...]
) -> None:
    assert metadata(head).authors == authors


def test_json_ld_that_is_nearly_json_is_mended() -> None:
    broken = '{"@type": "NewsArticle", "headline": "A line\nbroken", "author": {"name": "Nadia \\ud83d Okoro"}, "keywords": ["a", "b",],}'
    found = metadata(ld(broken))
    assert (found.headline, found.authors, found.tags) == ("A line broken", ("Nadia Okoro",), ("a", "b"))


def test_dates_prefer_json_ld_over_meta_over_the_visible_one() -> None:
    visible = '<time datetime="2024-03-03">3 March</time>'
    meta = '<meta property="article:published_time" content="2024-03-04">'
    told = ld('{"@type": "NewsArticle", "datePublished": "2024-03-05"}')
    assert metadata(meta + told, visible).date_published == date(2024, 3, 5)
    assert metadata(meta, visible).date_published == date(2024, 3, 4)
    assert metadata("", visible).date_published == date(2024, 3, 3)


@pytest.mark.parametrize(
    ("declared", "text", "language"),
    [
        (["en"], "قالت هيئة المياه إن الإصلاح سيستغرق ثلاثة أسابيع على الأقل", "ar"),
        (["ar"], "نماینده‌ها می‌گویند که گزارش پنج ماهه‌ی پروژه چاپ شده است", "fa"),
        (["en"], "Die Brücke bleibt für die Fußgänger offen, und der Verkehr wird auf die andere Seite der Stadt geleitet, weil die Pfeiler nicht fest sind", "de"),
        (["en-GB"], "The bridge stays open for the people of the town and the traffic is led to the other side of it", "en"),
        ([None], "Міст закрили на ремонт, і рух їде через інший берег", "uk"),
        ([], "橋は修理のために閉鎖された", "ja"),
    ],
)  # fmt: skip
def test_the_language_is_that_of_the_text(declared: list[str | None], text: str, language: str) -> None:
    assert choose(declared, text) == language


def test_the_outlet_falls_back_to_the_registered_domain() -> None:
    assert metadata("").outlet == "coastdaily.example"


@pytest.mark.parametrize(
    ("stated", "address"),
    [
        (
            "http://الاخبار.example/شركة?q=ü",
            "http://xn--mgbaad3au2k.example/%D8%B4%D8%B1%D9%83%D8%A9?q=%C3%BC",
        ),
        ("/a/%D8%B4?b=%20", "https://www.coastdaily.example/a/%D8%B4?b=%20"),
    ],
)
def test_a_canonical_address_is_escaped_as_those_of_captures_are(stated: str, address: str) -> None:
    assert metadata(f'<link rel="canonical" href="{stated}">').canonical_url == address
