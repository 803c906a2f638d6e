from __future__ import annotations

from archive.extraction.article import Page
from archive.extraction.explanation.explained import Field
from archive.extraction.extract import explain

PAGE = """<html lang="en"><head><title>Crack in the ramp stops the ferry | Daily</title>
<meta property="og:title" content="Crack in the ramp stops the ferry">
<meta property="og:site_name" content="Daily"><meta name="author" content="Ana Ruiz">
<meta property="article:modified_time" content="2024-03-06T08:00:00Z">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Crack in the ramp stops the ferry",
"datePublished": "2024-03-05T07:30:00Z", "author": {"@type": "Person", "name": "Ana Ruiz"}}</script></head>
<body><article><h1>Crack in the ramp stops the ferry</h1><p class="byline">By Ana Ruiz</p>
<p>The ferry to the islands was called off on Friday after a crack was found in its eastern ramp, the port said.</p>
<p>Engineers will weld the ramp at night so that the morning boats can sail, which should take about two weeks.</p>
<p>Islanders asked for a bus to the northern pier, where a smaller boat waits for those who have to be at work.</p>
<p>Source: Harbour Press Agency</p></article></body></html>"""


def test_each_field_names_the_places_that_state_the_same() -> None:
    explanation = explain(Page("https://daily.example/2024/03/05/ferry-ramp", PAGE.encode()))
    assert explanation.fields == (
        Field(
            "headline",
            "Crack in the ramp stops the ferry",
            ("the line marked headline", "JSON-LD headline", "meta og:title", "<title> (longer)"),
        ),
        Field("authors", "Ana Ruiz", ("JSON-LD author", "meta author", "the line “By Ana Ruiz”")),
        Field("date_published", "2024-03-05T07:30:00+00:00", ("JSON-LD datePublished", "the address")),
        Field("date_modified", "2024-03-06T08:00:00+00:00", ("meta article:modified_time",)),
        Field("source", "Harbour Press Agency", ("the line “Source: Harbour Press Agency”",)),
        Field("outlet", "Daily"),
        Field("language", "en"),
    )


def test_a_field_that_the_page_does_not_have_is_empty() -> None:
    body = PAGE[PAGE.index("<p>The ferry") : PAGE.index("<p>Source")]
    explanation = explain(Page("https://daily.example/ferry", f"<html><body>{body}</body></html>".encode()))
    fields = {field.name: (field.value, field.places) for field in explanation.fields}
    assert fields["authors"] == fields["date_published"] == fields["date_modified"] == ("", ())
