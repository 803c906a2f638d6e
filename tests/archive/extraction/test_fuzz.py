# ruff: noqa: E501 - odd pieces of markup, many a line
"""Damaged pages of our own newsroom: whatever comes of one is an outcome or an error, the same each time, and soon."""

from __future__ import annotations

import html
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest

from archive.errors import TearsheetError
from archive.extraction.article import Article, NoArticle, Outcome, Page
from archive.extraction.extract import extract
from archive.extraction.main_text.choice import load_stoplists
from archive.extraction.workers.limits import TIMEOUT
from crawler.demo.edition import Edition
from crawler.demo.newsroom import Newsroom
from crawler.demo.site import site

URL = "https://daily.example/news/2024/quay-48151.html"
_TAG = re.compile(rb"<[^<>]{1,300}>")
_ATTRIBUTE = re.compile(rb"\s[\w:-]+=(?:\"[^\"<>]*\"|'[^'<>]*')")
_TOKEN = re.compile(rb"[\w\x80-\xff]+|[^\w\x80-\xff]")
_ENTITIES = (
    b"&#xD800;", b"&#0;", b"&#x110000;", b"&#99999999999;", b"&;", b"&#;", b"&amp", b"&nbsp;", b"&#x202e;", b"&#8203;",
    b"&notanentity;", b"&lt;script&gt;", b"&quot;", b"&#x80;", b"&zwj;", b"\xf0\x9f\x98\x80", b"\xcc\x81", b"\xff", b"\x00",
)  # fmt: skip
_SHARDS = (
    b"<", b">", b"</", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<script>", b"</script>", b"<style>", b"<svg>", b"<math>",
    b"<template>", b"<noscript>", b"<select>", b"<button>", b"<title>", b"<textarea>", b"<plaintext>", b"<frameset>",
    b"</body>", b"</html>", b"<body>", b"<head>", b"</p>", b"<br>", b"<table>", b"</table>", b"<td>", b"<li>", b"<a href=//[>",
    b"<h1>", b"</h1>", b"<article>", b"</article>", b"<p hidden>", b"<base href='http://['>", b"<!DOCTYPE html [<!ENTITY a 'b'>]>",
    b"<meta charset=utf-16>", b"<meta charset=iso-2022-kr>", b"<time datetime=99999-99-99T99:99:99Z>", b"<?xml version='1.0'?>",
    b"<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"headline\":[{\"name\":7}],\"author\":null}</script>",
    b"<script type=application/ld+json>{\"@type\":[\"NewsArticle\",1],\"datePublished\":-1,\"author\":{\"@id\":[1]}}</script>",
)  # fmt: skip
_CHARSETS = (
    None, "text/html", "text/html; charset=utf-8", "text/html; charset=windows-1256", "text/html; charset=utf-16",
    "text/html; charset=iso-2022-kr", "text/html; charset=utf-7", "text/html; charset=klingon", "text/html; charset=big5",
    "text/html; charset=", "charset", "text/html; charset=base64", "text/html; charset=utf-32",
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    body: bytes
    content_type: str


@cache
def sources() -> tuple[Source, ...]:
    """Every page of the newsroom, sections and odd ones as well."""
    newsroom = Newsroom.load()
    bases = {outlet.name: f"https://{outlet.name}.example" for outlet in newsroom.outlets}
    replies = [
        reply for outlet in newsroom.outlets for reply in site(Edition(newsroom, outlet, bases)).values()
    ]
    return tuple(Source(reply.body, reply.content_type) for reply in replies if "html" in reply.content_type)


def flip(chance: random.Random, body: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(chance.choice((1, 10, 200))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def truncate(chance: random.Random, body: bytes) -> bytes:
    return body[: chance.randrange(1, len(body))]


def behead(chance: random.Random, body: bytes) -> bytes:
    return body[chance.randrange(len(body)) :]


def splice(chance: random.Random, body: bytes) -> bytes:
    other = chance.choice(sources()).body
    return body[: chance.randrange(len(body))] + other[chance.randrange(len(other)) :]


def move(chance: random.Random, body: bytes) -> bytes:
    first, second, place = sorted(chance.randrange(len(body)) for _ in range(3))
    return body[:first] + body[second:place] + body[first:second] + body[place:]


def repeat(chance: random.Random, body: bytes) -> bytes:
    start = chance.randrange(len(body))
    piece = body[start : start + chance.choice((5, 50, 500, 5_000))]
    return body[:start] + piece * chance.choice((2, 10, 300)) + body[start:]


def nest(chance: random.Random, body: bytes) -> bytes:
    tag = chance.choice(
        (b"<div>", b"<b>", b"<ul><li>", b"<table><tr><td>", b"<blockquote>", b"<a href=/x>", b"<span>")
    )
    start = chance.randrange(len(body))
    return body[:start] + tag * chance.choice((3, 150, 1_000)) + body[start:]


def drop_tags(chance: random.Random, body: bytes) -> bytes:
    share = chance.choice((0.02, 0.3, 0.9))
    return _TAG.sub(lambda tag: b"" if chance.random() < share else tag[0], body)


def double_tags(chance: random.Random, body: bytes) -> bytes:
    share = chance.choice((0.02, 0.3, 0.9))
    return _TAG.sub(lambda tag: tag[0] * 2 if chance.random() < share else tag[0], body)


def mix_tags(chance: random.Random, body: bytes) -> bytes:
    tags = _TAG.findall(body) or [b"<p>"]
    share = chance.choice((0.02, 0.3))
    return _TAG.sub(lambda tag: chance.choice(tags) if chance.random() < share else tag[0], body)


def mix_attributes(chance: random.Random, body: bytes) -> bytes:
    found = _ATTRIBUTE.findall(body) or [b" a='b'"]
    return _ATTRIBUTE.sub(lambda one: chance.choice(found) if chance.random() < 0.3 else one[0], body)


def break_attributes(chance: random.Random, body: bytes) -> bytes:
    odd = (
        b" class",
        b" class='",
        b' href="',
        b" content=",
        b" itemprop=author",
        b" style='display:none'",
        b" " * 900,
        b"",
    )
    return _ATTRIBUTE.sub(lambda one: chance.choice(odd) if chance.random() < 0.1 else one[0], body)


def scatter(chance: random.Random, body: bytes) -> bytes:
    for _ in range(chance.choice((1, 20, 200))):
        place = chance.randrange(len(body))
        body = body[:place] + chance.choice(chance.choice((_ENTITIES, _SHARDS))) + body[place:]
    return body


def escape(chance: random.Random, body: bytes) -> bytes:
    start = chance.randrange(len(body))
    end = start + chance.choice((50, 5_000))
    return body[:start] + html.escape(body[start:end].decode("latin-1")).encode("latin-1") + body[end:]


def shuffle_tokens(chance: random.Random, body: bytes) -> bytes:
    start = chance.randrange(len(body))
    tokens = _TOKEN.findall(body[start : start + 2_000])
    chance.shuffle(tokens)
    return body[:start] + b"".join(tokens) + body[start + 2_000 :]


def recode(chance: random.Random, body: bytes) -> bytes:
    coding = chance.choice(
        ("utf-16", "utf-16-le", "utf-32", "cp1256", "utf-7", "iso2022_kr", "utf-8-sig", "big5")
    )
    return body.decode("utf-8", "replace").encode(coding, "ignore")


MUTATIONS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    flip, truncate, behead, splice, move, repeat, nest, drop_tags, double_tags, mix_tags, mix_attributes, break_attributes,
    scatter, escape, shuffle_tokens, recode,
)  # fmt: skip


def damaged(seed: int) -> Page:
    """The page of this seed: one of the newsroom's, changed one to four times."""
    chance = random.Random(seed)
    source = chance.choice(sources())
    body = source.body
    for mutation in chance.choices(MUTATIONS, k=chance.randint(1, 4)):
        body = mutation(chance, body) or b"x"
    return Page(URL, body, chance.choice(_CHARSETS) if chance.random() < 0.3 else source.content_type)


def outcome_of(page: Page) -> Outcome | str:
    try:
        return extract(page)
    except TearsheetError as error:
        return str(error)


def check(seed: int) -> None:
    page = damaged(seed)
    started = time.process_time()
    try:
        outcome = outcome_of(page)
    except Exception as error:
        raise AssertionError(f"seed {seed}: {type(error).__name__} is no outcome") from error
    taken = time.process_time() - started
    assert isinstance(outcome, Article | NoArticle) or outcome.startswith(f"{URL}: "), (
        f"seed {seed}: {outcome}"
    )
    assert outcome_of(page) == outcome, f"seed {seed}: the second time gives something else"
    assert taken < TIMEOUT, f"seed {seed}: {taken:.1f} s for {len(page.body)} bytes"


@pytest.mark.parametrize("start", range(0, 320, 40))
def test_a_damaged_page_gives_an_outcome_or_an_error_the_same_each_time(start: int) -> None:
    load_stoplists()
    for seed in range(start, start + 40):
        check(seed)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(1_000, 3_000, 250))
def test_thousands_of_damaged_pages_do_so_too(start: int) -> None:
    load_stoplists()
    for seed in range(start, start + 250):
        check(seed)
