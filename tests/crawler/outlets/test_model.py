from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from crawler.discovery.errors import UrlError
from crawler.outlets.model import Outlet, enclosing


def outlet(**changed: Any) -> Outlet:
    return Outlet.model_validate({"name": "the-harbour", "domains": ["harbour.example.com"], **changed})


def problem(**changed: Any) -> tuple[tuple[int | str, ...], str]:
    with pytest.raises(ValidationError) as caught:
        outlet(**changed)
    first = caught.value.errors()[0]
    return first["loc"], first["msg"].removeprefix("Value error, ")


def test_name_and_domains_are_enough() -> None:
    assert outlet() == Outlet(
        name="the-harbour",
        title="the-harbour",
        domains=("harbour.example.com",),
        extra_hosts=(),
        country="XX",
        languages=(),
        feeds=(),
        news_sitemaps=(),
        sitemaps=(),
        sections=(),
        article_patterns=(),
        delay=None,
        notes="",
        contact="",
        checked=False,
    )


def test_an_outlet_can_not_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        outlet().name = "other"  # type: ignore[misc]


@pytest.mark.parametrize("name", ["Harbour", "the harbour", "-x", "مرفأ", ""])
def test_a_name_that_is_no_slug_is_refused(name: str) -> None:
    assert problem(name=name)[1] == (
        f'"{name}" is no name; use lower-case letters, digits and hyphens, such as al-monitor'
    )


@pytest.mark.parametrize(
    ("domain", "advice"),
    [
        ("Harbour.example.com", "write harbour.example.com"),
        ("harbour.example.com:80", "write harbour.example.com"),
        ("https://harbour.example.com", "write the host alone"),
        ("harbour.example.com/news", "write the host alone"),
        ("مثال.example.com", "write xn--mgbh0fb.example.com"),
        ("harbour example", "use letters, digits, hyphens and dots"),
        ("", "names no host"),
    ],
)
def test_a_domain_must_be_written_as_hosts_are_compared(domain: str, advice: str) -> None:
    location, message = problem(domains=[domain])
    assert location == ("domains", 0)
    assert advice in message


def test_an_outlet_without_domains_is_refused() -> None:
    assert problem(domains=[])[0] == ("domains",)


def test_a_domain_may_have_a_port() -> None:
    local = outlet(domains=["127.0.0.1:8001"], feeds=["http://127.0.0.1:8001/feed"])
    assert local.publishes_at("http://127.0.0.1:8001/story")
    assert not local.publishes_at("http://127.0.0.1:8002/story")
    assert not local.publishes_at("http://127.0.0.1/story")


def test_country_and_languages_are_iso_codes() -> None:
    assert problem(country="UK")[1].startswith('"UK" is no ISO 3166-1 country code')
    assert problem(country="qa")[0] == ("country",)
    assert problem(languages=["ar", "arabic"])[0] == ("languages", 1)
    assert outlet(country="QA", languages=["ar", "en"]).languages == ("ar", "en")


@pytest.mark.parametrize("field", ["feeds", "news_sitemaps", "sitemaps", "sections"])
def test_an_address_on_a_foreign_host_is_refused_unless_the_host_is_listed(field: str) -> None:
    there = "https://cdn.example.net/list.xml"
    location, message = problem(**{field: ["https://www.harbour.example.com/a", there]})
    assert location == (field, 1)
    assert message == (
        f"{there} is on cdn.example.net, which is none of the outlet's domains; add it to domains, "
        "or to extra_hosts if only lists of links are there"
    )
    listed = outlet(extra_hosts=["cdn.example.net"], **{field: [there]})
    assert getattr(listed, field) == (there,)
    assert listed.lists_at(there)
    assert not listed.publishes_at(there)


def test_an_address_without_a_scheme_is_told_what_to_write() -> None:
    location, message = problem(feeds=["harbour.example.com/feed"])
    assert location == ("feeds", 0)
    assert message == '"harbour.example.com/feed" has no scheme; write https://harbour.example.com/feed'


def test_an_address_is_kept_in_its_clean_form() -> None:
    assert outlet(sections=["https://harbour.example.com:443/أخبار#top"]).sections == (
        "https://harbour.example.com/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1",
    )


def test_the_address_of_a_sitemap_may_name_the_day_that_it_is_of() -> None:
    template = "https://harbour.example.com/{YYYY}/{MM}/{DD}.xml.gz"
    dated = outlet(sitemaps=[template, "https://harbour.example.com/all.xml"])
    assert list(dated.sources()) == [("sitemap", "https://harbour.example.com/all.xml")]
    assert list(dated.dated_sources()) == [("sitemap", template)]
    assert dated.hosts_and_ports() == {"harbour.example.com"}


@pytest.mark.parametrize(
    ("address", "advice"),
    [
        ("https://{YYYY}.harbour.example.com/map.xml", "the host is the same every day"),
        ("https://harbour.example.com/{MM}.xml", "{DD} goes with {MM}, and that with {YYYY}"),
        ("https://harbour.example.com/{YYYY}/{DD}.xml", "{DD} goes with {MM}, and that with {YYYY}"),
        ("https://elsewhere.example/{YYYY}.xml", "none of the outlet's domains"),
    ],
)
def test_a_dated_address_that_no_day_can_be_put_in_is_refused(address: str, advice: str) -> None:
    location, message = problem(sitemaps=[address])
    assert location == ("sitemaps", 0)
    assert advice in message


def test_only_sitemaps_are_dated() -> None:
    assert "only addresses of sitemaps" in problem(feeds=["https://harbour.example.com/{YYYY}.xml"])[1]


def test_tdm_files_are_those_of_the_hosts_that_publish() -> None:
    assert outlet().tdm_files() == ("https://harbour.example.com/.well-known/tdmrep.json",)
    several = outlet(
        extra_hosts=["feeds.example.net"],
        feeds=["https://feeds.example.net/rss", "http://www.harbour.example.com/rss?all"],
        sections=["http://www.harbour.example.com/news/"],
    )
    assert several.tdm_files() == ("http://www.harbour.example.com/.well-known/tdmrep.json",)


def test_article_patterns_see_path_and_query() -> None:
    patterned = outlet(article_patterns=[r"^/story/\d+$", r"\?id=\d+"])
    assert all(isinstance(pattern, re.Pattern) for pattern in patterned.article_patterns)
    assert patterned.recognises("https://harbour.example.com/story/12#comments")
    assert patterned.recognises("https://harbour.example.com/show?id=7")
    assert not patterned.recognises("https://harbour.example.com/story/12?page=2")
    assert not outlet().recognises("https://harbour.example.com/story/12")


def test_a_broken_pattern_is_refused_with_its_reason() -> None:
    location, message = problem(article_patterns=["/ok/", "/(story"])
    assert location == ("article_patterns", 1)
    assert message.startswith("'/(story' is no regular expression (missing ), unterminated subpattern")


@pytest.mark.parametrize("delay", [-1, float("nan"), float("inf"), "soon"])
def test_a_delay_is_a_number_of_seconds(delay: object) -> None:
    assert problem(delay=delay)[0] == ("delay",)


def test_checked_is_a_day_or_false() -> None:
    assert outlet(checked=date(2026, 1, 31)).checked == date(2026, 1, 31)
    assert problem(checked=True)[0] == ("checked",)
    assert problem(checked="yes")[1].startswith("write the day on which the sources were seen to work")


def test_an_unknown_key_is_refused() -> None:
    assert problem(feed=["https://harbour.example.com/feed"])[0] == ("feed",)


def test_an_outlet_publishes_on_its_domains_and_below_them() -> None:
    harbour = outlet(domains=["example.com"])
    assert harbour.publishes_at("https://example.com/a")
    assert harbour.publishes_at("http://News.Example.com:8080/a")
    assert not harbour.publishes_at("https://badexample.com/a")
    assert not harbour.publishes_at("https://example.com.evil.net/a")
    with pytest.raises(UrlError):
        harbour.publishes_at("ftp://example.com/a")


def test_enclosing_domains_come_longest_first() -> None:
    assert list(enclosing("a.b.example:81")) == [
        "a.b.example:81", "a.b.example", "b.example:81", "b.example", "example:81", "example",
    ]  # fmt: skip
    assert list(enclosing("127.0.0.1:81")) == ["127.0.0.1:81", "127.0.0.1"]
    assert list(enclosing("[::1]:81")) == ["[::1]:81", "[::1]"]
    assert list(enclosing("[::1]")) == ["[::1]"]
