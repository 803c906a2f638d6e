from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from archive.extraction.article import Article, OutletRules, Page, Rules
from archive.extraction.extract import explain, extract

URL = "https://www.daily.example/a/48151.html"
PROSE = (
    "The ferry to the islands was called off on Friday after a crack was found in its eastern ramp, the port said.",
    "Engineers will weld the ramp at night so that the morning boats can sail, which should take about two weeks.",
    "Islanders asked for a bus to the northern pier, where a smaller boat waits for those who have to be at work.",
)
NOTE = "This is one of forty stories that our readers chose in a vote last year, and it has been told at a fair since."
PAGE = f"""<html><head><meta property="og:title" content="Crack in the ramp stops the ferry ~ Daily of the Coast">
</head><body><p class="who">Ana Ruiz</p><p class="day">5.3.2024</p>
<div class="sidebar-story"><p class="note">{NOTE}</p>{"".join(f"<p>{text}</p>" for text in PROSE)}</div>
<div class="other"><p>Another text stands beside it, which has nothing to do with the ferry or with its ramp at all.</p>
<p>It goes on for a second paragraph, so that it weighs as much as a short item of news does on any page.</p></div>
</body></html>"""


def article(markup: str, *tables: OutletRules, captured: datetime | None = None, url: str = URL) -> Article:
    rules = Rules({"daily.example": "Daily"}, {"daily.example": tables})
    outcome = extract(Page(url, markup.encode(), None, captured), rules)
    assert isinstance(outcome, Article), outcome
    return outcome


def removed(found: Article, rule: str) -> list[str]:
    return [block.text for block in found.removed if block.rule == rule]


def test_what_is_to_be_dropped_is_kept_among_the_removed_under_a_rule_of_its_own() -> None:
    found = article(PAGE, OutletRules(drop=(".note", ".other")))
    assert found.paragraphs == PROSE
    assert removed(found, "outlet.drop")[0] == NOTE
    assert len(removed(found, "outlet.drop")) == 2


def test_the_body_is_sought_inside_of_what_is_to_be_kept_whatever_its_name() -> None:
    found = article(PAGE, OutletRules(keep=(".sidebar-story",)))
    assert found.paragraphs == (NOTE, *PROSE)
    lines = explain(
        Page(URL, PAGE.encode()), Rules({}, {"daily.example": (OutletRules(keep=(".sidebar-story",)),)})
    ).lines
    assert [line.rule for line in lines[-2:]] == ["outlet.keep"] * 2


def test_keep_and_drop_work_together() -> None:
    assert article(PAGE, OutletRules(keep=(".sidebar-story",), drop=(".note",))).paragraphs == PROSE


def test_a_selector_that_matches_nothing_does_no_harm() -> None:
    nothing = OutletRules(
        keep=("#not-there",), drop=("article > .ad",), authors=(".nobody",), dates=("time",)
    )
    assert article(PAGE, nothing) == article(PAGE)


REST = "".join(f"<p>{text}</p>" for text in PROSE[1:])
BROKEN = "<br>".join(PROSE[1:])


@pytest.mark.parametrize(
    "markup",
    [
        f"<p><span class=ad>Buy a boat</span> {PROSE[0]}</p>{REST}",
        f"<p>{PROSE[0][:52]}<span class=ad>Buy <b>a</b> boat</span>{PROSE[0][52:]}</p>{REST}",
        f"<p><b>{PROSE[0][:52]}<i class=ad>Buy a boat</i></b>{PROSE[0][52:]}</p>{REST}",
        f"<p>{PROSE[0]}</p><x-ad class=ad><p>Buy a boat</p></x-ad>{REST}",
        f"{PROSE[0]}<br><a class=ad href=/x>Buy a boat</a><br>{BROKEN}",
    ],
)
def test_an_element_inside_of_a_line_goes_alone(markup: str) -> None:
    page = f"<html><body><h1>Crack in the ramp stops it</h1><div>{markup}</div></body></html>"
    found = article(page, OutletRules(drop=(".ad",)))
    assert found.paragraphs == PROSE
    assert removed(found, "outlet.drop") == ["Buy a boat"]


@pytest.mark.parametrize(("drop", "rule"), [((), "related.aside"), (("#talk",), "not-chosen")])
def test_shares_are_of_what_is_left_when_the_rules_have_dropped_their_part(
    drop: tuple[str, ...], rule: str
) -> None:
    # The margin holds an eighth of all prose, and half of what is left without the readers' letters.
    letters = "".join(f"<p>{text}</p>" for text in PROSE * 2)
    markup = (
        f"<html><body><h1>Crack in the ramp stops it</h1><aside><p>{PROSE[0]}</p></aside><p>{PROSE[1]}</p>"
        f"<div id=talk>{letters}</div></body></html>"
    )
    rules = Rules({}, {"daily.example": (OutletRules(drop=drop),)})
    lines = explain(Page(URL, markup.encode()), rules).lines
    assert next(line.rule for line in lines if line.text == PROSE[0]) == rule


def test_the_headline_loses_its_suffix_and_nothing_else_does() -> None:
    assert article(PAGE).headline == "Crack in the ramp stops the ferry ~ Daily of the Coast"
    suffixes = OutletRules(title_suffixes=(" ~ Weekly", " ~ Daily of the Coast"))
    assert article(PAGE, suffixes).headline == "Crack in the ramp stops the ferry"
    assert (
        article(PAGE, OutletRules(title_suffixes=("Crack in the ramp",))).headline == article(PAGE).headline
    )


def test_authors_and_date_are_read_where_the_rules_say() -> None:
    found = article(PAGE, OutletRules(authors=(".who",), dates=(".day",)))
    assert (found.authors, found.date_published) == (("Ana Ruiz",), date(2024, 3, 5))


SPRING = OutletRules(valid_until=date(2026, 6, 30), title_suffixes=("Coast",))
SUMMER = OutletRules(
    valid_from=date(2026, 7, 1), valid_until=date(2026, 8, 31), title_suffixes=("the Coast",)
)
ALWAYS = OutletRules(drop=(".note",))


@pytest.mark.parametrize(
    ("captured", "headline"),
    [
        (datetime(2020, 1, 1, tzinfo=UTC), "of the"),
        (datetime(2026, 6, 30, 23, 59, 59, tzinfo=UTC), "of the"),
        (datetime(2026, 7, 1, 1, 30, tzinfo=timezone(timedelta(hours=3))), "of the"),
        (datetime(2026, 7, 1, tzinfo=UTC), "Daily of"),
        (datetime(2026, 8, 31, 23, tzinfo=UTC), "Daily of"),
        (datetime(2026, 9, 1, tzinfo=UTC), "the Coast"),
        (None, "Daily of"),
    ],
)
def test_the_day_of_the_capture_in_utc_chooses_the_tables(captured: datetime | None, headline: str) -> None:
    found = article(PAGE, SPRING, SUMMER, ALWAYS, captured=captured)
    assert found.headline.endswith(headline)
    assert NOTE not in found.paragraphs


@pytest.mark.parametrize(
    ("url", "applied"),
    [
        ("https://daily.example/a/48151.html", True),
        ("https://sport.daily.example:8080/a/48151.html", True),
        ("https://arabic.daily.example/a/48151.html", False),
        ("https://notdaily.example/a/48151.html", False),
    ],
)
def test_rules_hold_for_subdomains_but_not_for_another_outlet_s(url: str, applied: bool) -> None:
    rules = Rules({"daily.example": "Daily", "arabic.daily.example": "Arabic"}, {"daily.example": (ALWAYS,)})
    outcome = extract(Page(url, PAGE.encode()), rules)
    assert isinstance(outcome, Article)
    assert (NOTE not in outcome.paragraphs) is applied
