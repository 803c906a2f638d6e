from __future__ import annotations

from pathlib import Path

import pytest

from archive.access.query import Query, parse_query
from archive.errors import QueryError
from tests.archive.access.samples import SITE, ask, found, indexed

A = f"{SITE}/a"
FOUR = [("120000", A), ("120030", "https://www.news.example/a"), ("120100", A), ("130000", A), ("140000", A)]


@pytest.fixture(scope="module")
def collections(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return indexed(tmp_path_factory.mktemp("query"))


def test_an_address_gives_the_captures_of_its_urlkey_oldest_first(collections: Path) -> None:
    assert found(collections, url=A) == FOUR
    assert found(collections, url="HTTPS://NEWS.example:443/a") == FOUR
    assert found(collections, url=f"{SITE}/none") == []


@pytest.mark.parametrize(
    ("parameters", "addresses"),
    [
        ({"url": f"{A}/", "matchType": "prefix"}, ["/a/b?x=1"]),
        ({"url": f"{SITE}/a*"}, ["/a", "/a", "/a", "/a", "/a", "/a/b?x=1"]),
        ({"url": f"{SITE}/anything", "matchType": "host"}, ["/a"] * 5 + ["/a/b?x=1", "/b"]),
        ({"url": "*.news.example"}, ["/a"] * 5 + ["/a/b?x=1", "/b", "/a"]),
        ({"url": "live.news.example", "matchType": "domain"}, ["/a"]),
        ({"url": "news.example", "matchType": "prefix"}, ["/a"] * 5 + ["/a/b?x=1", "/b"]),
    ],
)
def test_match_type_says_which_addresses_are_meant(
    collections: Path, parameters: dict[str, str], addresses: list[str]
) -> None:
    assert ["/" + url.split("/", 3)[3] for _, url in found(collections, **parameters)] == addresses


@pytest.mark.parametrize(
    ("parameters", "times"),
    [
        ({"from_": "2026030112003"}, ["120030", "120100", "130000", "140000"]),
        ({"from_": "20260301120031"}, ["120100", "130000", "140000"]),
        ({"to": "202603011200"}, ["120000", "120030"]),
        ({"from_": "2027"}, []),
        ({"to": "202602"}, []),
        ({"from_": "2026", "to": "2026"}, ["120000", "120030", "120100", "130000", "140000"]),
        ({"limit": "2"}, ["120000", "120030"]),
        ({"sort": "reverse"}, ["140000", "130000", "120100", "120030", "120000"]),
        ({"sort": "reverse", "limit": "2"}, ["140000", "130000"]),
        ({"reverse": "true", "limit": "1"}, ["140000"]),
        ({"closest": "20260301120045"}, ["120030", "120100", "120000", "130000", "140000"]),
        ({"closest": "20260301120045", "sort": "closest", "limit": "1"}, ["120030"]),
        ({"closest": "2020", "limit": "2"}, ["120000", "120030"]),
        ({"closest": "2026030112", "limit": "2"}, ["130000", "120100"]),
        ({"filter": "=url:https://www.news.example/a"}, ["120030"]),
        ({"filter": "!mime:revisit"}, ["120000", "120030", "120100", "130000"]),
        ({"filter": r"~timestamp:.*12003\d"}, ["120030"]),
        ({"filter": "!~timestamp:2026030112"}, ["130000", "140000"]),
        ({"filter": "warc/revisit"}, ["140000"]),
        ({"filter": "=statuscode:404"}, []),
    ],
)
def test_time_order_limit_and_filters_choose_lines(
    collections: Path, parameters: dict[str, str], times: list[str]
) -> None:
    assert [time for time, _ in found(collections, url=A, **parameters)] == times


def test_each_output_has_its_form_and_the_fields_asked_for(collections: Path) -> None:
    key = "example,news)/b"
    file = next((collections / "news/archive").iterdir()).name
    (whole,) = ask(collections, ("url", f"{SITE}/b"), ("output", "json"))
    fields = '"url": "http://news.example/b", "mime": "text/html", "status": "404", "digest": "sha256:'
    assert whole.startswith(f'{{"urlkey": "{key}", "timestamp": "20260301120002", {fields}')
    assert whole.endswith(f'"filename": "{file}"}}\n')
    assert ask(collections, ("url", f"{SITE}/b"))[0].startswith(f"{key} 20260301120002 {{{fields}")
    chosen = (("url", f"{SITE}/b"), ("fl", "status,nothing,timestamp"))
    assert ask(collections, *chosen) == [f'{key} 20260301120002 {{"status": "404"}}\n']
    assert ask(collections, *chosen, ("output", "json")) == [
        '{"status": "404", "timestamp": "20260301120002"}\n'
    ]
    assert ask(collections, *chosen, ("output", "text")) == ["404 - 20260301120002\n"]
    assert ask(collections, ("url", f"{SITE}/b"), ("output", "text"))[0].split()[:5] == [
        key,
        "20260301120002",
        f"{SITE}/b",
        "text/html",
        "404",
    ]


@pytest.mark.parametrize(
    ("parameters", "parameter", "sentence"),
    [
        ({}, "url", "it is missing"),
        ({"url": "*"}, "url", "it is missing"),
        ({"url": A, "matchType": "near"}, "matchType", "'near' is none of exact, prefix, host, domain"),
        ({"url": A, "output": "xml"}, "output", "'xml' is none of cdxj, json, text"),
        ({"url": A, "sort": "up"}, "sort", "'up' is none of"),
        ({"url": A, "sort": "closest"}, "closest", "it is missing"),
        ({"url": A, "limit": "0"}, "limit", "'0' is no number of lines"),
        ({"url": A, "limit": "٣"}, "limit", "is no number of lines"),
        ({"url": A, "limit": "9" * 5000}, "limit", "is no number of lines"),
        ({"url": A, "from_": "abc"}, "from", "'abc' is no date"),
        ({"url": A, "to": "20260230120000"}, "to", "is no date that a calendar has"),
        ({"url": A, "closest": "now"}, "closest", "'now' is no date"),
        ({"url": A, "filter": "~status:("}, "filter", "'(' is no regular expression"),
        ({"url": A, "filter": "x" * 1001}, "filter", "it has 1001 characters"),
        ({"url": A, "page": "2"}, "page", "there is no such parameter"),
    ],
)
def test_what_makes_no_sense_is_an_error_that_names_the_parameter(
    parameters: dict[str, str], parameter: str, sentence: str
) -> None:
    with pytest.raises(QueryError) as raised:
        parse_query((name.rstrip("_"), value) for name, value in parameters.items())
    assert raised.value.parameter == parameter
    assert str(raised.value).startswith(f"{parameter}: ")
    assert sentence in str(raised.value)


def test_a_parameter_that_is_given_twice_is_an_error() -> None:
    with pytest.raises(QueryError, match="limit: it is given more than once"):
        parse_query([("url", A), ("limit", "1"), ("limit", "2")])


def test_the_last_day_of_a_month_ends_it() -> None:
    def end(digits: str) -> str | None:
        return parse_query([("url", A), ("to", digits)]).end

    assert [end("202602"), end("2024-02".replace("-", "")), end("202604"), end("2026")] == [
        "20260228235959",
        "20240229235959",
        "20260430235959",
        "20261231235959",
    ]


def test_what_is_not_asked_for_is_the_default() -> None:
    assert parse_query([("url", A)]) == Query(A)
