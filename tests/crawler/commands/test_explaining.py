from __future__ import annotations

import io
import re
from pathlib import Path

from archive.extraction.article import Page
from archive.extraction.extract import explain
from crawler.commands.console import Console
from crawler.commands.explaining import Listing
from crawler.commands.saved import Saved

PAGE = """<html><head><link rel="canonical" href="https://daily.example/a/48151.html"></head><body>
<nav><a href="/">Front page</a></nav><h1>Crack in the ramp stops the ferry</h1>
<p class="byline">By Ana Ruiz</p>
<p>The ferry to the islands was called off on Friday after a crack was found in its eastern ramp, the port said.</p>
<p>Read also:</p><ul><li><a href="/a/48150.html">Ferry tickets will cost a quarter more in the spring</a></li></ul>
<p>Engineers will weld the ramp at night so that the [bold]morning[/bold] boats can sail, in two weeks or so.</p>
<p>Islanders asked for a bus to the northern pier, where a smaller boat waits for those who have to be at work.</p>
<p>Source: Harbour Press Agency</p></body></html>"""


def listing(markup: str, *, terminal: bool = False, width: int = 100) -> str:
    page = Page("file:///saved.html", markup.encode())
    out = io.StringIO()
    console = Console(
        file=out,
        force_terminal=terminal,
        width=width,
        color_system="standard" if terminal else None,
        legacy_windows=False,
    )
    Listing(console).tell(Saved("saved.html", Path("saved.html"), page), explain(page))
    return out.getvalue()


def test_a_pipe_has_one_line_for_each_line_of_the_page_marked_by_what_became_of_it() -> None:
    assert listing(PAGE).splitlines()[:14] == [
        "https://daily.example/a/48151.html",
        "saved.html",
        "an article of 63 words",
        "",
        "- chrome.nav     | Front page",
        "  headline       | Crack in the ramp stops the ferry",
        "> author.region  | By Ana Ruiz  → authors",
        "                 | The ferry to the islands was called off on Friday after a crack was found in its eastern "
        "ramp, the port said.",
        "- related.marker | Read also:",
        "- related.marker | Ferry tickets will cost a quarter more in the spring",
        "                 | Engineers will weld the ramp at night so that the [bold]morning[/bold] boats can sail, in "
        "two weeks or so.",
        "                 | Islanders asked for a bus to the northern pier, where a smaller boat waits for those who "
        "have to be at work.",
        "> source.lead    | Source: Harbour Press Agency  → source",
        "",
    ]


def test_the_sum_counts_words_and_the_fields_name_their_places() -> None:
    assert listing(PAGE).splitlines()[14:] == [
        "kept: 70 words",
        "  headline       7 words",
        "  text          63 words",
        "dropped: 21 words",
        "  related.marker      12 words  in 2 lines",
        "  source.lead          4 words  in 1 line",
        "  author.region        3 words  in 1 line",
        "  chrome.nav           2 words  in 1 line",
        "fields, and where the page states the same",
        "  headline        Crack in the ramp stops the ferry   the line marked headline",
        "  authors         Ana Ruiz   the line “By Ana Ruiz”",
        "  date_published  none",
        "  date_modified   none",
        "  source          Harbour Press Agency   the line “Source: Harbour Press Agency”",
        "  outlet          daily.example",
        "  language        en",
    ]


def test_a_terminal_has_lines_that_fit_and_dropped_ones_in_red() -> None:
    shown = listing(PAGE, terminal=True, width=60)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert max(map(len, plain.splitlines())) <= 60
    assert "\x1b[31mRead also:" in shown
    assert (
        "- related.marker | Read also:\n-                | Ferry tickets will cost a quarter more in\n"
        in plain
    )
    assert "\n\n                 | Engineers will weld the ramp at night so\n" in plain


def test_a_page_without_an_article_says_what_it_is_and_why() -> None:
    links = "".join(f"<li><a href=/a/{n}>Title of a story with the number {n}</a></li>" for n in range(12))
    lines = listing(f"<html><body><h1>World</h1><ul>{links}</ul></body></html>").splitlines()
    assert lines[2].startswith("no article (section): ")
    assert lines[16] == "              | Title of a story with the number 11"
    assert lines[18] == "would have been kept: 96 words"


def test_no_control_character_of_a_page_reaches_the_terminal() -> None:
    evil = r"\u001b]0;evil\u0007 and \u009b31m \u202ekcab"
    markup = PAGE.replace(
        "</head>",
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Crack in the ramp'
        f' {evil}", "author": {{"name": "Ana Ruiz"}}, "datePublished": "2024-03-05"}}</script>'
        '<meta name="author" content="Ana Ruiz &#27;[2J"></head>',
    ).replace("<h1>Crack in the ramp stops the ferry</h1>", "<p>Front &#8238;page &#8232;two</p>")
    for terminal in (False, True):
        shown = re.sub(r"\x1b\[[0-9;]*m", "", listing(markup, terminal=terminal))
        assert "evil" in shown
        assert re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]", shown) == []
