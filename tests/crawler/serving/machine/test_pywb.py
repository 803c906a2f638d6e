"""The index, TimeMaps and mementos beside pywb's, of the same collection and for the same questions."""

from __future__ import annotations

import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette

from crawler.serving.machine.routes import routes
from tests.archive.access.samples import SITE, indexed
from tests.crawler.serving.origins import served
from tests.programs import wayback

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

_ITS_OWN = {"source", "source-coll", "access"}  # where pywb has a line from, and whether it may be shown
A = f"{SITE}/a"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The addresses of the collection `news`, ours and pywb's."""
    folder = tmp_path_factory.mktemp("pywb")
    collections = indexed(folder / "ours")
    shutil.copytree(collections, folder / "collections")
    with served(Starlette(routes=routes(collections))) as ours, wayback(folder) as theirs:
        yield f"{ours.address}/news", f"{theirs}/news"


def get(address: str) -> tuple[int, str, bytes]:
    """Status, media type and body."""
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return answer.status, answer.headers.get_content_type(), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get_content_type(), error.read()


def without_its_own(line: str) -> str:
    """A line of CDXJ or JSON without the fields that pywb adds."""
    head, brace, fields = line.partition("{")
    held = json.loads(brace + fields)
    return head + json.dumps({name: value for name, value in held.items() if name not in _ITS_OWN})


@pytest.mark.parametrize("output", ["cdxj", "json"])
@pytest.mark.parametrize(
    "asked",
    [
        {"url": A},
        {"url": "https://WWW.news.example:443/a"},
        {"url": A, "matchType": "prefix"},
        {"url": f"{A}/", "matchType": "prefix"},
        {"url": f"{SITE}/*"},
        {"url": f"{SITE}/x", "matchType": "host"},
        {"url": "*.news.example"},
        {"url": "news.example", "matchType": "domain"},
        {"url": A, "limit": "2"},
        {"url": A, "sort": "reverse"},
        {"url": A, "sort": "reverse", "limit": "2"},
        {"url": A, "reverse": "true"},
        {"url": A, "closest": "20260301120045"},
        {"url": A, "closest": "20260301120045", "limit": "2"},
        {"url": A, "closest": "2030", "limit": "1"},
        {"url": A, "closest": "202603"},
        {"url": A, "closest": "2026030112"},
        {"url": A, "from": "20260301120030", "to": "2026030112"},
        {"url": A, "from": "202603", "to": "2026"},
        {"url": A, "filter": "=status:200"},
        {"url": A, "filter": "!mime:revisit"},
        {"url": A, "filter": "~url:https?://www"},
        {"url": A, "filter": "!~timestamp:2026030112"},
        {"url": f"{SITE}/*", "filter": "=s:404"},
        {"url": f"{SITE}/*", "filter": "statuscode:40"},
        {"url": A, "fl": "timestamp,status,nothing"},
        {"url": A, "fields": "url,offset,urlkey"},
    ],
)
def test_the_same_question_has_the_same_lines(
    both: tuple[str, str], asked: dict[str, str], output: str
) -> None:
    question = f"/cdx?{urlencode({**asked, 'output': output, 'allowFuzzy': 'false'})}"
    ours, theirs = (get(base + question) for base in both)
    assert ours[:2] == theirs[:2]
    lines = [[without_its_own(line) for line in body.decode().splitlines()] for _, _, body in (ours, theirs)]
    assert lines[0] == lines[1]


def test_chosen_fields_are_the_same_as_text(both: tuple[str, str]) -> None:
    question = f"/cdx?{urlencode({'url': A, 'output': 'text', 'fl': 'urlkey,timestamp,url,mime,status,length,none'})}"
    assert get(both[0] + question) == get(both[1] + question)


@pytest.mark.parametrize("asked", [{}, {"url": A, "output": "xml"}, {"url": A, "matchType": "near"}])
def test_what_makes_no_sense_is_refused_by_both(both: tuple[str, str], asked: dict[str, str]) -> None:
    assert [get(f"{base}/cdx?{urlencode(asked)}")[0] for base in both] == [400, 400]


def test_a_timemap_names_the_same_mementos(both: tuple[str, str]) -> None:
    def named(base: str) -> list[tuple[str, str]]:
        rows = get(f"{base}/timemap/link/{A}")[2].decode().strip().split(",\n")
        mementos = [row for row in rows if 'memento"' in row]
        times = [row.partition(f"<{base}/")[2][:14] for row in mementos]
        dates = [row.partition('datetime="')[2].partition('"')[0] for row in mementos]
        return list(zip(times, dates, strict=True))

    assert len(named(both[0])) == 5
    assert named(both[0]) == named(both[1])


@pytest.mark.parametrize("time", ["20260301120000", "20260301120055", "20260301140000", "2026", "2030"])
def test_a_memento_has_the_same_bytes_and_date(both: tuple[str, str], time: str) -> None:
    found = []
    for base in both:
        with urllib.request.urlopen(f"{base}/{time}id_/{A}", timeout=30) as answer:
            place = answer.headers["Content-Location"].removeprefix(base)
            found.append((answer.status, answer.headers["Memento-Datetime"], place, answer.read()))
    assert found[0] == found[1]
