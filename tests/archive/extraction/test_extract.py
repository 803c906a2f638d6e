# ruff: noqa: E501 - a line of a page is as long as it is
from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date

import pytest

from archive.errors import DecodeError, ExtractionError
from archive.extraction.article import Article, NoArticle, Page, Rules, Source
from archive.extraction.document import text_file_bytes
from archive.extraction.explanation.explained import NOT_CHOSEN
from archive.extraction.extract import extract
from tests.archive.extraction.layouts import LAYOUTS, MARKUPS, Layout, broken, soup, theme

URL = "https://daily.example/news/2024/03/05/story-of-the-day-48151.html"


def article(markup: str, url: str = URL) -> Article:
    outcome = extract(Page(url, markup.encode(), "text/html; charset=utf-8"))
    assert isinstance(outcome, Article), outcome
    return outcome


@pytest.mark.parametrize("markup", MARKUPS, ids=lambda markup: str(markup.__name__))
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: str(layout.name))
def test_a_layout_gives_its_body_and_no_noise_in_every_markup(
    layout: Layout, markup: Callable[[Layout], str]
) -> None:
    found = article(markup(layout))
    assert [*filter(None, [found.standfirst]), *found.paragraphs] == layout.body
    assert found.headline == layout.headline


@pytest.mark.parametrize("markup", MARKUPS, ids=lambda markup: str(markup.__name__))
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: str(layout.name))
def test_every_dropped_line_is_kept_with_the_rule_that_dropped_it(
    layout: Layout, markup: Callable[[Layout], str]
) -> None:
    found = article(markup(layout))
    dropped = "\n".join(block.text for block in found.removed)
    assert [line for line in layout.noise if line not in dropped] == []
    assert all("." in block.rule or block.rule == NOT_CHOSEN for block in found.removed)


def test_what_a_marker_opens_is_one_block_under_its_heading() -> None:
    found = article(soup(LAYOUTS[3]))
    (block,) = [block for block in found.removed if block.heading == "إقرأ أيضاً:"]
    assert block.rule == "related.marker"
    assert block.text.split("\n")[1] == "إغلاق الجسر القديم أمام الشاحنات الثقيلة"


@pytest.mark.parametrize(
    ("number", "source"),
    [
        (
            1,
            Source(
                "news.coast-wire.example", "https://news.coast-wire.example/2024/03/05/library", "Source link"
            ),
        ),
        (3, Source("صحيفة الساحل", None, "المصدر: صحيفة الساحل")),
        (
            4,
            Source(
                "coast-monitor.example",
                "https://www.coast-monitor.example/originals/2024/03/late-olive-season-mountain-villages",
                "https://www.coast-monitor.example/originals/2024/03/late-olive-season-mountain-villages",
            ),
        ),
    ],
)
def test_the_wording_that_names_the_source_becomes_the_source(number: int, source: Source) -> None:
    for markup in MARKUPS:
        assert article(markup(LAYOUTS[number])).source == source


def test_the_text_file_has_headline_and_paragraphs_with_a_blank_line_between() -> None:
    layout = LAYOUTS[4]
    assert (
        text_file_bytes(article(theme(layout))).decode()
        == "\n\n".join([layout.headline, *layout.body]) + "\n"
    )


def test_the_same_bytes_give_the_same_outcome_whatever_ran_before_and_in_a_fresh_process() -> None:
    page = Page(URL, theme(LAYOUTS[0]).encode(), "text/html")
    first = extract(page)
    for number in range(50):
        layout = LAYOUTS[number % len(LAYOUTS)]
        extract(Page(f"{URL}?{number}", MARKUPS[number % 3](layout).encode(), "text/html"))
    assert extract(page) == first
    script = (
        "import sys; from archive.extraction.article import Page; from archive.extraction.extract import extract\n"
        f"print(ascii(extract(Page({URL!r}, sys.stdin.buffer.read(), 'text/html'))))"
    )
    for seed in ("1", "2"):
        told = subprocess.run(
            [sys.executable, "-c", script],
            input=page.body,
            capture_output=True,
            check=True,
            env={
                "PYTHONHASHSEED": seed,
                "PYTHONPATH": ":".join(filter(None, sys.path)),
                "TZ": "Asia/Tehran",
                "LC_ALL": "C",
            },
        )
        assert told.stdout.decode().strip() == ascii(first)


def test_zero_width_non_joiners_and_direction_marks_survive_and_soft_hyphens_do_not() -> None:
    persian = (
        "نماینده‌های مجلس می‌گویند که طرح تازه‌ی آب‌رسانی به روستاهای کوهستانی تا پایان سال آماده می‌شود.",
        "شهردار گفت که پروژه‌های نیمه‌تمام را نمی‌توان بدون بودجه‌ی کافی به پایان رساند و از دولت کمک خواست.",
        "کار\u00adشناسان می\u200cگویند چاه\u200cهای کم\u200cعمق تا \u200e12\u200f متر خشک شده\u200cاند و \ufeffباید دوباره کنده شوند.",
    )
    markup = "<html lang=fa><title>آب‌رسانی به روستاها</title><article><h1>آب‌رسانی به روستاها</h1>{}</article>"
    found = article(markup.format("".join(f"<p>{line}</p>" for line in persian)))
    assert found.paragraphs == (*persian[:2], persian[2].replace("\u00ad", "").replace("\ufeff", ""))
    assert found.headline == "آب‌رسانی به روستاها"
    assert found.language == "fa"


def test_a_windows_1256_page_reads_like_its_utf_8_twin() -> None:
    markup = theme(LAYOUTS[2])
    legacy = markup.replace("utf-8", "windows-1256").encode("cp1256")
    assert extract(Page(URL, legacy, "text/html; charset=windows-1256")) == extract(
        Page(URL, markup.encode(), None)
    )


def test_paragraphs_that_repeat_on_purpose_stay_and_responsive_twins_go() -> None:
    refrain = (
        "And the people of the coast town answered as one that the harbour belongs to those who built it."
    )
    lines = [HARBOUR_LINE.format(n=n) for n in ("first", "second", "third")]
    sung = [lines[0], refrain, lines[1], refrain, lines[2]]
    body = "".join(f"<p>{line}</p>" for line in sung)
    once = "<html><title>The song</title><article><h1>The song of the harbour</h1><div>{}</div></article>"
    assert article(once.format(body)).paragraphs == tuple(sung)
    twice = f'<div class="desktop">{body}</div><div class="mobile">{body}</div>'
    assert article(once.format(twice)).paragraphs == tuple(sung)


HARBOUR_LINE = (
    "In the {n} verse the singer tells how the boats came home late and how nobody was missing on the quay."
)


def test_a_body_split_over_sibling_containers_is_joined() -> None:
    lines = [HARBOUR_LINE.format(n=n) for n in ("first", "second", "third", "fourth", "fifth", "sixth")]
    pieces = "".join(
        f'<div class="copy"><p>{lines[n]}</p><p>{lines[n + 1]}</p></div><div class="adslot">Advertisement</div>'
        for n in (0, 2, 4)
    )
    markup = f"<html><title>Six verses of one song</title><body><h1>Six verses of one song</h1><div>{pieces}</div></body>"
    assert article(markup).paragraphs == tuple(lines)


def test_a_short_news_item_is_an_article() -> None:
    item = "<html><title>Ferry runs again</title><article><h1>Ferry to the island runs again</h1><p>The ferry runs again since noon.</p><p>Tickets of the morning stay valid, the company said.</p></article>"
    assert article(item).paragraphs == (
        "The ferry runs again since noon.",
        "Tickets of the morning stay valid, the company said.",
    )


def test_the_outlet_is_the_one_that_the_rules_name_for_the_host() -> None:
    page = Page("http://www.daily.example:8001/a/1", theme(LAYOUTS[0]).encode(), "text/html")
    for host in ("daily.example", "www.daily.example", "www.daily.example:8001"):
        outcome = extract(page, Rules({host: "The Daily"}))
        assert isinstance(outcome, Article)
        assert outcome.outlet == "The Daily"
    unnamed = extract(page)
    assert isinstance(unnamed, Article)
    assert unnamed.outlet == "Coast Daily"


def test_metadata_stands_in_the_article() -> None:
    markup = theme(LAYOUTS[0]).replace(
        "</head>",
        '<meta property="article:published_time" content="2024-03-05"><meta name="author" content="By Nadia Okoro">'
        '<meta property="article:tag" content="harbour"><link rel="canonical" href="/news/quay"></head>',
    )
    found = article(markup)
    assert (found.authors, found.date_published, found.tags) == (
        ("Nadia Okoro",),
        date(2024, 3, 5),
        ("harbour",),
    )
    assert (found.canonical_url, found.language) == ("https://daily.example/news/quay", "en")


def test_json_ld_gives_the_text_only_where_the_page_shows_none() -> None:
    told = " ".join(HARBOUR_LINE.format(n=n) for n in ("first", "second", "third"))
    script = f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "A song", "articleBody": "{told}"}}</script>'
    shell = f"<html><head><title>A song</title>{script}</head><body><div id=app></div></body></html>"
    assert article(shell).paragraphs == (told,)
    shown = broken(LAYOUTS[1]).replace("</head>", f"{script}</head>")
    assert list(article(shown).paragraphs) == LAYOUTS[1].body


@pytest.mark.parametrize("body", [b"", b"   \n", b"\xef\xbb\xbf", b"<html><body></body></html>"])
def test_a_page_without_content_is_empty(body: bytes) -> None:
    outcome = extract(Page(URL, body, "text/html"))
    assert isinstance(outcome, NoArticle)
    assert outcome.kind == "empty"


def test_binary_data_is_refused_with_the_address() -> None:
    with pytest.raises(DecodeError, match=r"story-of-the-day-48151\.html: the body is binary data"):
        extract(Page(URL, bytes(range(256)) * 200, "text/html"))


def test_nul_bytes_leave_the_text_whole() -> None:
    clean = theme(LAYOUTS[0])
    assert extract(Page(URL, clean.replace("the", "th\x00e").encode(), None)) == extract(
        Page(URL, clean.encode(), None)
    )


def test_nesting_past_the_bound_is_an_error_that_says_so() -> None:
    started = time.monotonic()
    with pytest.raises(ExtractionError, match="nest deeper than"):
        extract(Page(URL, b"<html><body>" + b"<div>" * 5_000 + b"text" + b"</div>" * 5_000, "text/html"))
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "odd",
    [
        f'<div data-state="{"x" * 1_000_000}"></div>',
        f"<p>{'<b>word</b> ' * 4_000}</p>",
        f"<ul>{'<li><a href=/a/some-story-of-the-day-1>A story of the day in other words</a></li>' * 3_000}</ul>",
        f"<p>{'&#xD800;&bogus;&#0;' * 2_000}</p>",
        "<table><tr><td>" * 200,
    ],
    ids=["attribute", "inline", "links", "entities", "tables"],
)
def test_odd_markup_beside_an_article_costs_bounded_time_and_no_line(odd: str) -> None:
    layout = LAYOUTS[4]
    started = time.monotonic()
    found = article(theme(layout).replace("</body>", f"<div>{odd}</div></body>"))
    assert time.monotonic() - started < 10
    assert [line for line in layout.body if line not in found.paragraphs] == []
