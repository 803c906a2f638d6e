"""Outlet files that tell the crawler where the newsroom's outlets are."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from crawler.demo.newsroom import Outlet


def outlet_file(outlet: Outlet, base_url: str) -> str:
    """The text of one outlet file: a single `[[outlet]]` table, for an outlet served at `base_url`."""
    sections = [base_url + outlet.path_of_section(key) for key in outlet.sections]
    sitemaps = [base_url + outlet.news_sitemap_path] if outlet.news_sitemap_path else []
    return "\n".join(
        [
            "[[outlet]]",
            f"name = {_toml(outlet.name)}",
            f"title = {_toml(outlet.title)}",
            f"domains = {_toml([urlsplit(base_url).netloc])}",
            'country = "XX"',
            f"languages = {_toml([outlet.language, *outlet.more_languages])}",
            f"feeds = {_toml([base_url + outlet.feed_path])}",
            f"news_sitemaps = {_toml(sitemaps)}",
            "sitemaps = []",
            f"sections = {_toml(sections)}",
            f"article_patterns = ['{outlet.article_pattern}']",
            "delay = 0.0",
            "checked = false",
            "",
        ]
    )


def _toml(value: str | list[str]) -> str:
    """A TOML string or array of strings; for these, JSON is written the same way."""
    return json.dumps(value, ensure_ascii=False)
