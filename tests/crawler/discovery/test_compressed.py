from __future__ import annotations

import gzip

import pytest

from crawler.discovery.compressed import plain
from crawler.discovery.errors import DiscoveryError

URL = "https://www.example.com/sitemap.xml.gz"


def test_a_plain_body_is_cut_at_the_limit() -> None:
    assert plain(b"abc", URL, 3) == (b"abc", False)
    assert plain(b"abcd", URL, 3) == (b"abc", True)


def test_gzip_is_undone_up_to_the_limit() -> None:
    assert plain(gzip.compress(b"abc"), URL, 3) == (b"abc", False)
    assert plain(gzip.compress(b"abcd"), URL, 3) == (b"abc", True)
    assert plain(gzip.compress(b"ab") + gzip.compress(b"cd"), URL, 10) == (b"abcd", False)
    assert plain(gzip.compress(b"ab") + gzip.compress(b"cd"), URL, 3) == (b"abc", True)


def test_a_bomb_grows_no_further_than_the_limit() -> None:
    bomb = gzip.compress(b"\0" * (64 << 20))
    assert plain(bomb, URL, 1000) == (b"\0" * 1000, True)


def test_what_came_before_a_break_is_kept() -> None:
    whole = gzip.compress(bytes(range(256)) * 50, mtime=0)
    kept, cut = plain(whole[:-20], URL, 1 << 20)
    assert cut
    assert (bytes(range(256)) * 50).startswith(kept)
    assert kept
    assert plain(gzip.compress(b"ab") + b"\x1f\x8bnonsense", URL, 10) == (b"ab", True)


def test_gzip_that_is_broken_from_the_start_is_told() -> None:
    with pytest.raises(
        DiscoveryError, match=r"^https://www\.example\.com/sitemap\.xml\.gz: its gzip data are"
    ):
        plain(b"\x1f\x8bnonsense", URL, 10)
