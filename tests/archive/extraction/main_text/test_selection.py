# ruff: noqa: E501 - markup is as long as it is
"""Compiled selections give what libxml2 gives, node for node and in the same order, for every expression."""

from __future__ import annotations

import pytest
from lxml import etree, html
from trafilatura import baseline, settings, xpaths

from archive.extraction.main_text import selection
from archive.extraction.main_text.attributes import forget
from archive.extraction.main_text.selection import attributes_of, compiled
from tests.archive.extraction.layouts import LAYOUTS, MARKUPS

EXPRESSIONS = {
    f"{module.__name__}.{name}.{number}": expression
    for module in (xpaths, settings, baseline)
    for name, value in vars(module).items()
    for number, expression in enumerate(value if isinstance(value, list) else [value])
    if isinstance(expression, etree.XPath)
}
# The part of the main text; the others are Trafilatura's metadata, which is not used.
WORKING = (
    "BODY_XPATH.0", "BODY_XPATH.2", "BODY_XPATH.3", "REMOVE_COMMENTS_XPATH.0", "REMOVE_COMMENTS_AND_LISTS_XPATH.0",
    "RAW_TREE_PRUNE_XPATH.0", "OVERALL_DISCARD_XPATH.0", "OVERALL_DISCARD_XPATH.1", "PRECISION_DISCARD_XPATH.1",
)  # fmt: skip

TAGS = ("div", "section", "p", "span", "article", "main", "list", "item", "ol", "ul", "details", "aside")
VALUES = (
    "post", "entry", "story", "text", "cell", "articleBody", "entry-content", "article__content body", "Post", "fullText",
    "article single", "main-content x", "Main-Content", "pageContent", "content", "content_main", "comments-title",
    "comment", "commentary", "Comments-list", "reply-1", "x-reply-y", "sharedaddy", "share-", "social", "tags", "sidebar",
    "cookie", "author-box", "footer", "navbar", "top-menu", "widget", "elementor-widget", "elated", "teaser", "my-Teaser",
    "hidden", "x hide", "noprint", "caption", "mvp-post-add-box", "infinite-scroll", "disqus_thread", "bottom", "link",
    "display:none", "display: none", "border: 0", "navigation", "true", "",
)  # fmt: skip
NAMES = (
    "class",
    "id",
    "style",
    "role",
    "itemprop",
    "aria-hidden",
    "data-component",
    "data-lp-replacement-content",
)


def crowd() -> html.HtmlElement:
    """A page on which each value stands in each attribute of some element, alone and with an id before or after it."""
    pieces = []
    for number, value in enumerate(VALUES):
        tag = TAGS[number % len(TAGS)]
        for name in NAMES:
            pieces.append(f'<{tag} {name}="{value}"><h1>a</h1></{tag}><{tag} {name}="{value}">b</{tag}>')
        other = VALUES[(number * 7) % len(VALUES)]
        for attributes in (f'id="{value}" class="{other}"', f'class="{other}" id="{value}"'):
            pieces.append(f"<{TAGS[(number * 5) % len(TAGS)]} {attributes}><div {attributes}>c</div></div>")
    return html.fromstring(f"<html><body><p>x</p>{''.join(pieces)}</body></html>")


PAGES = [crowd(), *(html.fromstring(markup(layout)) for layout in LAYOUTS for markup in MARKUPS)]


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_every_expression_of_trafilatura_selects_the_same_elements(name: str) -> None:
    expression, select = EXPRESSIONS[name], compiled(EXPRESSIONS[name])
    for _ in ("anew", "remembered"):
        for page in PAGES:
            expected = [one for one in expression(page) if isinstance(one, etree._Element)]
            assert select(page) == expected


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_knowing_the_attributes_of_the_page_changes_nothing(name: str) -> None:
    expression, select = EXPRESSIONS[name], compiled(EXPRESSIONS[name])
    for page in (*PAGES, html.fromstring("<div><p class='x'>1</p></div>"), *PAGES[0].iter("span")):
        with attributes_of(page):
            assert select(page) == [one for one in expression(page) if isinstance(one, etree._Element)]


def test_the_expressions_that_cost_most_are_compiled() -> None:
    for name in WORKING:
        assert isinstance(compiled(EXPRESSIONS[f"trafilatura.xpaths.{name}"]), selection._Steps), name


@pytest.mark.parametrize(
    "path",
    [
        ".//*[self::div][re:test(@class, 'a')][2]",
        ".//div[count(p) > 3 and re:test(@class, 'a')]",
        ".//div/p[re:test(@class, 'a')]",
        ".//*[re:test(@class, 'x*')]",
        "//div[re:test(@class, 'a')]",
    ],
)
def test_what_is_not_known_is_left_to_libxml2(path: str) -> None:
    expression = etree.XPath(path, namespaces={"re": "http://exslt.org/regular-expressions"})
    page = html.fromstring(
        "<div><div class=a><p class=a>1</p></div><div class=ba><p>2<p>3<p>4<p class=a>5</div></div>"
    )
    assert compiled(expression)(page) == expression(page)


def test_a_position_counts_among_the_children_of_one_parent() -> None:
    expression = etree.XPath(
        ".//*[self::div or self::p][re:test(@class, '^a')][1]",
        namespaces={"re": "http://exslt.org/regular-expressions"},
    )
    page = html.fromstring(
        "<div><div class=a><p class=b>1</p><p class=a>2</p></div><div class=ab><p class=a>3</div></div>"
    )
    select = compiled(expression)
    assert isinstance(select, selection._Steps)
    assert select(page) == expression(page)
    assert len(select(page)) == 3


def test_a_value_of_any_length_is_judged_and_none_is_kept_that_is_no_name() -> None:
    forget()
    expression = etree.XPath(
        ".//*[re:test(@class, 'far-away$')]", namespaces={"re": "http://exslt.org/regular-expressions"}
    )
    page = html.fromstring(f"<div><p class='{'x' * 1_000_000} far-away'>1</p><p class='far'>2</p></div>")
    assert [element.text for element in compiled(expression)(page)] == ["1"]


def test_a_test_that_several_expressions_make_holds_for_each_by_the_attributes_that_it_names() -> None:
    namespaces = {"re": "http://exslt.org/regular-expressions"}
    by_class = etree.XPath(".//*[contains(@class, 'near') or @id='far']", namespaces=namespaces)
    by_either = etree.XPath(".//*[re:test(@id|@class, 'x') or contains(@id, 'near')]", namespaces=namespaces)
    page = html.fromstring(
        "<div><p class=near>1<p id=near>2<p class=far>3<p id=far>4<p id=a class=x>5<p class=x>6</div>"
    )
    assert [one.text for one in compiled(by_class)(page)] == ["1", "4"]
    assert [one.text for one in compiled(by_either)(page)] == [one.text for one in by_either(page)]
