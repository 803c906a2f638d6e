"""The catalogue that comes with the package."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib.resources import files
from time import process_time

from crawler.outlets.loader import load_outlets

ASKED_FOR = {
    "al-jazeera-ar": ("https://www.aljazeera.net/politics/2026/1/2/x", "ar"),
    "al-jazeera-en": ("https://www.aljazeera.com/news/2026/1/2/x", "en"),
    "al-arabiya-ar": ("https://www.alarabiya.net/x", "ar"),
    "al-arabiya-en": ("https://english.alarabiya.net/x", "en"),
    "cnn-arabic": ("https://arabic.cnn.com/x", "ar"),
    "cnn": ("https://edition.cnn.com/x", "en"),
    "huffpost": ("https://www.huffpost.com/entry/x", "en"),
    "al-monitor": ("https://www.al-monitor.com/x", "en"),
    "axios": ("https://www.axios.com/x", "en"),
}

MIDDLE_EAST_AND_NORTH_AFRICA = frozenset(
    "AE BH DZ EG IL IQ IR JO KW LB LY MA MR OM PS QA SA SD SY TN TR YE".split()  # noqa: SIM905
)


def test_at_least_200_outlets_are_bundled_and_40_of_them_of_the_middle_east_and_north_africa() -> None:
    outlets = list(load_outlets())
    there = [outlet for outlet in outlets if outlet.country in MIDDLE_EAST_AND_NORTH_AFRICA]
    assert len(outlets) >= 200
    assert len(there) >= 40
    assert {outlet.country for outlet in there} == MIDDLE_EAST_AND_NORTH_AFRICA
    assert {"ar", "en", "fa", "he", "tr"} <= {language for outlet in there for language in outlet.languages}


def test_every_file_holds_one_country_in_order_of_names() -> None:
    for file in files("crawler.outlets").joinpath("catalogue").iterdir():
        rows = tomllib.loads(file.read_text("utf-8"))["outlet"]
        assert {row["country"].lower() for row in rows} == {file.name.removesuffix(".toml")}
        assert [row["name"] for row in rows] == sorted(row["name"] for row in rows)


def test_every_outlet_has_a_source_a_language_and_a_title() -> None:
    for outlet in load_outlets():
        sources = outlet.feeds + outlet.news_sitemaps + outlet.sitemaps + outlet.sections
        assert sources, outlet.name
        assert outlet.languages, outlet.name
        assert outlet.title != outlet.name, outlet.name


def test_no_outlet_lists_a_source_twice() -> None:
    for outlet in load_outlets():
        for sources in (outlet.feeds, outlet.news_sitemaps, outlet.sitemaps, outlet.sections):
            assert len(sources) == len(set(sources)), outlet.name


def test_no_outlet_is_claimed_to_have_been_seen_live() -> None:
    assert {outlet.checked for outlet in load_outlets()} == {False}


def test_the_outlets_of_the_first_samples_are_there() -> None:
    outlets = load_outlets()
    for name, (url, language) in ASKED_FOR.items():
        outlet = outlets.for_url(url)
        assert outlet is not None
        assert (outlet.name, outlet.languages) == (name, (language,))


def test_no_two_outlets_share_a_domain() -> None:
    domains = [domain for outlet in load_outlets() for domain in outlet.domains]
    assert len(domains) == len(set(domains))


def test_loading_takes_less_than_300_ms() -> None:
    load_outlets()
    before = process_time()
    load_outlets()
    assert process_time() - before < 0.3


def test_neither_room_brings_in_scrapy_or_twisted() -> None:
    discovery = ", ".join(f"crawler.discovery.{name}" for name in ("feeds", "sitemaps", "sections", "scope"))
    code = (
        f"import sys, crawler.outlets.loader, {discovery}; print({{'scrapy', 'twisted'}} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
