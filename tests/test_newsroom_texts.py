"""What the newsroom's outlets meant to say is what the text files hold, word for word."""

from __future__ import annotations

import pytest

from archive.collection import Collection
from crawler.demo.newsroom import Newsroom
from crawler.demo.server import NewsroomServer
from tests.command import tearsheet

SLUGS = [story.slug for outlet in Newsroom.load().outlets for story in outlet.in_edition(2)]


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    """Slug -> the text that is expected, and the text that is there."""
    folder = tmp_path_factory.mktemp("newsroom")
    with NewsroomServer(edition=2) as newsroom:
        wanted = {slug: newsroom.expected(slug) for slug in SLUGS}
        tearsheet("scrape", *(article.url for article in wanted.values()), "--delay", "0", cwd=folder)
    with Collection(folder / "collections", "news") as collection:
        found = {row.url: collection.read_text(row)[0] for row in collection.text_rows()}
    return {
        slug: (
            "\n\n".join(filter(None, (article.headline, article.standfirst, *article.paragraphs))) + "\n",
            found.get(article.url, ""),
        )
        for slug, article in wanted.items()
    }


@pytest.mark.parametrize("slug", SLUGS)
def test_the_text_of_a_story_is_what_the_outlet_meant(slug: str, texts: dict[str, tuple[str, str]]) -> None:
    expected, found = texts[slug]
    assert found == expected
