from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.capture import Capture
from archive.cdxj.line import cdxj_line, urlkey
from tests.archive.sample_collections import START

PAGE = Capture(
    1, "http://www.Example.com/b?z=1&a=2", START, "<urn:uuid:1>", "response", "a.warc.gz", 5, 9, "sha256:E",
    status=200, mime="text/html",
)  # fmt: skip


def test_a_line_has_the_fields_of_pywb() -> None:
    assert cdxj_line(PAGE) == (
        'com,example)/b?a=2&z=1 20260301120000 {"url": "http://www.Example.com/b?z=1&a=2", "mime": "text/html", '
        '"status": "200", "digest": "sha256:E", "length": "9", "offset": "5", "filename": "a.warc.gz"}'
    )


def test_a_revisit_a_post_and_an_unreadable_head_are_told_as_pywb_tells_them() -> None:
    def fields(capture: Capture) -> dict[str, str]:
        stored: dict[str, str] = json.loads(cdxj_line(capture).split(" ", 2)[2])
        return stored

    assert fields(replace(PAGE, record_type="revisit"))["mime"] == "warc/revisit"
    assert fields(replace(PAGE, method="POST"))["method"] == "POST"
    unread = fields(replace(PAGE, status=None, mime=None))
    assert (unread["status"], unread["mime"]) == ("-", "unk")


@pytest.mark.parametrize(
    "url", ["http://a.example:99999/x", "http://[::1/x", "dns:a.example", "http://a b/c d", ""]
)
def test_an_address_that_no_browser_would_take_has_a_key_nevertheless(url: str) -> None:
    assert " " not in urlkey(url)


@given(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=40),
    st.sampled_from(["http://", "http://a.example/", ""]),
)
def test_any_address_gives_one_line_of_three_parts(rest: str, begin: str) -> None:
    url = begin + rest
    line = cdxj_line(replace(PAGE, url=url)).encode()
    assert line.count(b"\n") == 0
    key, date, fields = line.split(b" ", 2)
    assert (key.decode(), date, json.loads(fields)["url"]) == (urlkey(url), b"20260301120000", url)
