# ruff: noqa: E501 - a line of a page is as long as it is
from __future__ import annotations

import pytest

from archive.extraction.article import Page, Rules
from archive.extraction.metadata import people, read
from archive.extraction.metadata.names import parts_of
from archive.extraction.parsing.tree import parse

URL = "https://www.coastdaily.example/a/1"
H1 = "<h1>Ferry queue reaches customs house</h1>"


def authors(head: str, body: str = "<p>x</p>") -> tuple[str, ...]:
    root = parse(f"<html><head>{head}</head><body>{body}</body></html>", URL)
    assert root is not None
    return read(root, Page(URL, b""), Rules()).authors


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ('{"@type": "Person", "givenName": "Nadia", "familyName": "Okoro"}', ("Nadia Okoro",)),
        ('"Nadia Okoro and Ibrahim Saleh"', ("Nadia Okoro", "Ibrahim Saleh")),
        ('["Nadia Okoro", "Ibrahim Saleh, Staff Writer"]', ("Nadia Okoro", "Ibrahim Saleh")),
        ('"Nadia Okoro, PhD, RD"', ("Nadia Okoro, PhD, RD",)),
        ('"Nadia Okoro, Ibrahim Saleh; Ruth Lind"', ("Nadia Okoro", "Ibrahim Saleh", "Ruth Lind")),
        ('"NADIA OKORO"', ("Nadia Okoro",)),
        ('"NADIA OKORO AND IBRAHIM SALEH"', ("Nadia Okoro", "Ibrahim Saleh")),
        ('"Nadia E Okoro"', ("Nadia E Okoro",)),
        ('"Nadia Okoro, Coast Daily"', ("Nadia Okoro",)),
        ('"Nadia Okoro @nadia"', ("Nadia Okoro",)),
        ('"Nadia Okoro in New Harbour"', ("Nadia Okoro",)),
        ('"김민수 기자"', ("김민수",)),
        ('["Nadia Okoro", "COAST Harbour"]', ("Nadia Okoro", "COAST Harbour")),
        ('"Nadia Okoro (desk@coastdaily.example)"', ("Nadia Okoro",)),
        ('"Nadia Okoro for CNN"', ("Nadia Okoro",)),
        ('"View all posts by Nadia Okoro"', ("Nadia Okoro",)),
        ('"Marit van der Berg"', ("Marit van der Berg",)),
        ('[{"name": "Nadia Okoro"}, {"@type": "Organization", "name": "dpa"}]', ("Nadia Okoro", "dpa")),
        ('{"@type": "Organization", "name": "Centre for Tides and Coasts"}', ("Centre for Tides and Coasts",)),
        ('{"@type": "Person", "name": "Coast Daily"}', ("Coast Daily",)),
        ('"dpa/lno"', ("dpa/lno",)),
        ('"AFP, MANILA"', ("AFP",)),
        ('"null"', ()),
        ('"7 minutes"', ()),
    ],
)  # fmt: skip
def test_a_stated_author_is_split_and_cleaned_as_a_reader_would(author: str, names: tuple[str, ...]) -> None:
    node = f'{{"@type": "NewsArticle", "author": {author}, "publisher": {{"name": "Coast Daily"}}}}'
    assert authors(ld(node)) == names


def test_a_reference_in_json_ld_is_looked_up() -> None:
    graph = '{"@graph": [{"@type": "Article", "author": {"@id": "#p"}}, {"@type": "Person", "@id": "#p", "name": "Nadia Okoro"}]}'
    assert authors(ld(graph)) == ("Nadia Okoro",)


def test_sources_are_trusted_in_order() -> None:
    body = f'{H1}<p class="byline">By Ruth Lind</p><a rel="author" href="/x">Omar Haddad</a>'
    prop = '<span itemprop="author">Tomas Vik</span>'
    meta = '<meta name="author" content="Ibrahim Saleh">'
    told = ld('{"@type": "NewsArticle", "author": "Nadia Okoro"}')
    body = body.replace("By Ruth Lind", "Ruth Lind")
    assert authors(told + meta, body + prop) == ("Nadia Okoro",)
    assert authors(meta, body + prop) == ("Ibrahim Saleh",)
    assert authors("", body + prop) == ("Tomas Vik",)
    assert authors("", body) == ("Omar Haddad",)
    assert authors("", f'{H1}<p class="byline">By Ruth Lind</p>') == ("Ruth Lind",)


def test_an_account_or_another_hand_gives_way_to_the_byline() -> None:
    account, uploader = (
        ld('{"@type": "Article", "author": "nadia.o"}'),
        ld('{"@type": "Article", "author": "Tomas Vik"}'),
    )
    marked, opened = '<p class="byline">Nadia Okoro</p>', "<p>By Nadia Okoro</p>"
    assert authors(account, H1 + marked) == authors(uploader, H1 + opened) == ("Nadia Okoro",)
    assert authors(account, H1) == ("nadia.o",)
    assert authors(uploader, H1 + marked) == authors(uploader, H1 + "<p>By T. Vik</p>") == ("Tomas Vik",)


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ('<div><a href="/author/nadia-okoro">Nadia Okoro</a> and <a href="/author/ibrahim">Ibrahim Saleh</a></div>', ("Nadia Okoro", "Ibrahim Saleh")),
        ('<span class="byline">By Nadia Okoro | 14 November 2023</span>', ("Nadia Okoro",)),
        ('<div class="post-author-name">Nadia Okoro</div>', ("Nadia Okoro",)),
        ("<p>By Nadia Okoro and Ibrahim Saleh</p>", ("Nadia Okoro", "Ibrahim Saleh")),
        ("<p>Von Nadia Okoro, 14. November 2023</p>", ("Nadia Okoro",)),
        ("<p>Par Nadia Okoro</p>", ("Nadia Okoro",)),
        ("<span>كتبت سلمى حداد</span>", ("سلمى حداد",)),
        ("<p><strong>حوار: سلمى حداد</strong></p>", ("سلمى حداد",)),
        ("<p>نویسنده: علی رضایی</p>", ("علی رضایی",)),
        ("<p>Yazan: Selim Kaya</p>", ("Selim Kaya",)),
        ("<p>Nadia Okoro 14 November 2023</p>", ("Nadia Okoro",)),
        ("<p>14 November 2023 · Nadia Okoro</p>", ("Nadia Okoro",)),
        ("<p>14 November 2023 · 3 min read · By Nadia Okoro</p>", ("Nadia Okoro",)),
        ("<div><p>Written by</p><p>Nadia Okoro</p></div>", ("Nadia Okoro",)),
        ("<p>By Nadia Okoro , Harbour Reporter</p>", ("Nadia Okoro",)),
        ("<p>By Nadia Okoro, in News, Harbour · 14 Nov 2023</p>", ("Nadia Okoro",)),
        ("<p>By June Lind</p>", ("June Lind",)),
        ('<div>By <a href="/author/n">Nadia Okoro</a>, edited by <a href="/author/r">Ruth Lind</a></div>', ("Nadia Okoro",)),
        ("<p>Beitrag von Nadia Okoro</p>", ("Nadia Okoro",)),
        ("<p>إعداد: سلمى حداد</p>", ("سلمى حداد",)),
        ("<p>به قلم: علی رضایی</p>", ("علی رضایی",)),
        ("<p>מאת: נועה לוי</p>", ("נועה לוי",)),
        ("<p>作者：王小明</p>", ("王小明",)),
        ("<p>김민수 기자</p>", ()),
        ("<p>by ibby</p>", ("ibby",)),
        ("<p>By the Coast Daily Team</p>", ("the Coast Daily Team",)),
    ],
)  # fmt: skip
def test_the_byline_by_the_headline_is_read(byline: str, names: tuple[str, ...]) -> None:
    assert authors("", f"<main>{H1}{byline}<p>The queue grew all day.</p></main>") == names


@pytest.mark.parametrize(
    "line",
    [
        "<p>Real Estate</p><p>14 November 2023</p>",
        "<p>نشر الخميس 14 نوفمبر 2023</p>",
        "<p>Veröffentlicht Dienstag 14. November 2023</p>",
        '<p class="byline">Share on Facebook</p>',
        '<a href="https://social.example/profile/coast">Bluesky</a>',
        "<p>By the time the ferry left, all of the cars had gone.</p>",
        '<div class="author">新規登録</div>',
        '<nav><a href="/author/nadia">Nadia Okoro</a></nav>',
    ],
)
def test_no_author_is_made_up(line: str) -> None:
    assert authors("", f"<main>{H1}{line}<p>The queue grew all day.</p></main>") == ()


def test_one_box_about_the_author_will_do_and_two_persons_will_not() -> None:
    text = "<p>The queue grew all day.</p>" * 300
    box = '<section class="about-author"><h3 class="author__name">{}</h3></section>'
    assert authors("", H1 + text + box.format("Nadia Okoro")) == ("Nadia Okoro",)
    assert authors("", H1 + text + box.format("Nadia Okoro") + box.format("Ruth Lind")) == ()


@pytest.mark.parametrize(
    "signature",
    [
        "<li><b>Autorin/Autor</b> Nadia Okoro</li>",
        "<p>Posted by Nadia on 14 November 2023</p>",
        "<p>نوشته: نادیا</p>",
    ],
)
def test_a_line_that_is_signed_will_do_anywhere(signature: str) -> None:
    text = "<p>The queue grew all day.</p>" * 300
    assert len(authors("", H1 + text + signature)) == ("Nadia" in signature)
    assert authors("", H1 + text + f'<div class="comments">{signature}</div>') == ()


def test_microdata_of_comments_and_of_other_articles_is_left_out() -> None:
    page = (
        '<article><p><span itemprop="author">Nadia Okoro</span></p></article>'
        '<div itemtype="https://schema.org/Comment"><p><span itemprop="author">Guest One</span></p></div>'
        '<section><div><p><span itemprop="author">Ruth Lind</span></p></div></section>'
    )
    assert authors("", page) == ("Nadia Okoro",)


def test_dropped_lines_give_a_byline_only_where_they_name_a_person() -> None:
    assert people.from_byline(["By", "Nadia Okoro"], []) == ("Nadia Okoro",)
    assert people.from_byline(["Harbour", "Coast Daily"], ["Coast Daily"]) == ()


@pytest.mark.parametrize(
    ("statement", "parts"),
    [
        ("Okoro, Nadia", ["Nadia Okoro"]),
        ("Okoro, Nadia B.", ["Nadia B. Okoro"]),
        ("Nadia Okoro/Ibrahim Saleh", ["Nadia Okoro", "Ibrahim Saleh"]),
        ("Linny and Peter", ["Linny and Peter"]),
        ("Nadia Okoro, Shipping Expert", ["Nadia Okoro"]),
    ],
)
def test_last_first_is_one_name_and_a_role_is_none(statement: str, parts: list[str]) -> None:
    assert parts_of(statement) == parts
