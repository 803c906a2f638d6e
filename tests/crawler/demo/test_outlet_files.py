from __future__ import annotations

import tomllib
from pathlib import Path
from urllib.parse import urlsplit

from crawler.demo.server import NewsroomServer
from crawler.outlets.loader import load_outlets


def test_an_outlet_file_says_where_the_outlet_is(newsroom: NewsroomServer, tmp_path: Path) -> None:
    paths = newsroom.outlet_files(tmp_path / "outlets")
    base_url = newsroom.outlets[0].base_url

    assert [path.name for path in paths] == ["harbour-courier.toml", "al-marfa.toml", "newsline-24.toml"]
    assert tomllib.loads(paths[0].read_text(encoding="utf-8")) == {
        "outlet": [
            {
                "name": "harbour-courier",
                "title": "The Harbour Courier",
                "domains": [urlsplit(base_url).netloc],
                "country": "XX",
                "languages": ["en"],
                "feeds": [f"{base_url}/rss.xml"],
                "news_sitemaps": [f"{base_url}/news-sitemap.xml"],
                "sitemaps": [],
                "sections": [f"{base_url}/{name}/" for name in ("harbour", "city", "science", "culture")],
                "article_patterns": [r"^/\d{4}/\d{2}/\d{2}/[^/]+$"],
                "delay": 0.0,
                "checked": False,
            }
        ]
    }


def test_the_crawler_reads_the_files_and_knows_every_article(
    newsroom: NewsroomServer, tmp_path: Path
) -> None:
    newsroom.outlet_files(tmp_path)
    catalogue = load_outlets([tmp_path])

    for served in newsroom.outlets:
        outlet = catalogue.get(served.name)
        for slug in newsroom.slugs(served.name):
            url = newsroom.expected(slug).url
            assert catalogue.for_url(url) == outlet
            assert outlet.recognises(url)
