from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from crawler.discovery.errors import DiscoveryError
from crawler.discovery.found import Found
from crawler.discovery.sitemaps import MAX_ENTRIES, ChildSitemap, Sitemap, parse_sitemap

URL = "https://www.example.com/sitemaps/news.xml"
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset {NAMESPACE} xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
  <url>
    <image:image><image:loc>https://www.example.com/port.jpg</image:loc></image:image>
    <loc> https://www.example.com/2026/01/02/port?a=1&amp;b=2 </loc>
    <lastmod>2026-01-03</lastmod>
    <news:news>
      <news:publication><news:name>The Example</news:name><news:language>ar</news:language></news:publication>
      <news:publication_date>2026-01-02T10:30:00+03:00</news:publication_date>
      <news:title><![CDATA[وزراء يجتمعون & "يتحدثون"]]></news:title>
    </news:news>
  </url>
  <url><loc>/2026/01/01/relative</loc><lastmod>2026-01-01T00:00:00Z</lastmod></url>
  <url><loc>mailto:editor@example.com</loc></url>
  <url><lastmod>2026-01-01</lastmod></url>
</urlset>
"""
FOUND = (
    Found(
        "https://www.example.com/2026/01/02/port?a=1&b=2",
        datetime(2026, 1, 2, 10, 30, tzinfo=timezone(timedelta(hours=3))),
        'وزراء يجتمعون & "يتحدثون"',
        "ar",
        "news-sitemap",
    ),
    Found(
        "https://www.example.com/2026/01/01/relative", datetime(2026, 1, 1, tzinfo=UTC), None, None, "sitemap"
    ),
)


def plain(url: str) -> Found:
    return Found(url, None, None, None, "sitemap")


def urlset(*addresses: str) -> bytes:
    return f"<urlset>{''.join(f'<url><loc>{address}</loc></url>' for address in addresses)}</urlset>".encode()


def test_a_news_sitemap_is_read_with_its_fields() -> None:
    assert parse_sitemap(NEWS.encode(), URL) == Sitemap(FOUND)


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(NEWS.encode()),
        b"\xef\xbb\xbf" + NEWS.encode(),
        b"\n\n  " + NEWS.encode(),
        b"\xef\xbb\xbf\r\n" + NEWS.encode(),
        NEWS.replace("UTF-8", "UTF-16").encode("utf-16"),
        NEWS.replace("UTF-8", "windows-1256").encode("windows-1256"),
        NEWS.replace(NAMESPACE, 'xmlns="http://www.google.com/schemas/sitemap/0.84"').encode(),
        NEWS.replace(NAMESPACE, "").encode(),
        NEWS.replace("sitemap-news/0.9", "wrong").encode(),
    ],
    ids=[
        "gzip",
        "bom",
        "space first",
        "bom and space",
        "utf-16",
        "cp1256",
        "old namespace",
        "none",
        "wrong news",
    ],
)
def test_a_sitemap_is_read_in_whatever_wrapping(body: bytes) -> None:
    assert parse_sitemap(body, URL) == Sitemap(FOUND)


def test_an_index_lists_further_sitemaps() -> None:
    index = f"""<sitemapindex {NAMESPACE}>
      <sitemap><loc>https://www.example.com/sitemaps/2026-01.xml.gz</loc><lastmod>2026-01-31</lastmod></sitemap>
      <sitemap><loc>2025-12.xml.gz</loc></sitemap>
    </sitemapindex>"""
    assert parse_sitemap(index.encode(), URL) == Sitemap(
        entries=(),
        indexes=(
            ChildSitemap(
                "https://www.example.com/sitemaps/2026-01.xml.gz", datetime(2026, 1, 31, tzinfo=UTC)
            ),
            ChildSitemap("https://www.example.com/sitemaps/2025-12.xml.gz", None),
        ),
    )


def test_a_text_sitemap_has_one_url_a_line() -> None:
    body = "\ufeffhttps://www.example.com/a\r\nhttps://www.example.com/خبر\nno url\n\nhttps://www.example.com/a\n"
    expected = Sitemap(
        (plain("https://www.example.com/a"), plain("https://www.example.com/%D8%AE%D8%A8%D8%B1"))
    )
    assert parse_sitemap(body.encode(), URL) == expected
    assert parse_sitemap(gzip.compress(body.encode()), URL) == expected


def test_an_empty_sitemap_lists_nothing() -> None:
    assert parse_sitemap(b"<urlset/>", URL) == Sitemap(())


def test_a_bare_ampersand_is_read_as_meant() -> None:
    assert parse_sitemap(urlset("https://www.example.com/?a=1&b=2", "/c"), URL) == Sitemap(
        (plain("https://www.example.com/?a=1&b=2"), plain("https://www.example.com/c"))
    )


@pytest.mark.parametrize("tail", [b"<url><loc>/c</lo", b"<url></wrong>", b"\xff\xfe\x00 <url>", b""])
def test_a_sitemap_that_breaks_off_keeps_what_came_before(tail: bytes) -> None:
    whole = urlset("/a", "/b").removesuffix(b"</urlset>")
    assert parse_sitemap(whole + tail, URL) == Sitemap(
        (plain("https://www.example.com/a"), plain("https://www.example.com/b")), cut=True
    )


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "the sitemap is empty; look at the address in a browser"),
        (b"<html><body>404</body></html>", "it is no sitemap but <html>; look at the address in a browser"),
        (b'<rss version="2.0"><channel/></rss>', "it is a feed; list it under feeds instead of sitemaps"),
        (b"not found", "it is no sitemap: neither XML nor one URL a line; look at it in a browser"),
        (b"\x1f\x8bbroken", None),
        (b"<urlset><<<<", None),
    ],
)
def test_what_is_no_sitemap_is_told(body: bytes, problem: str | None) -> None:
    with pytest.raises(DiscoveryError) as caught:
        parse_sitemap(body, URL)
    assert caught.value.url == URL
    if problem:
        assert str(caught.value) == f"{URL}: {problem}"


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("https://www.example.com/secret")
    body = f'<!DOCTYPE u [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY y "why">]>'.encode()
    assert parse_sitemap(body + urlset("&x;", "/a&y;"), URL) == Sitemap(())


def test_an_entity_bomb_does_not_go_off() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "boom"}">' for n in range(12))
    body = f"<!DOCTYPE u [{levels}]>".encode() + urlset("/a", "/&e11;")
    assert parse_sitemap(body, URL).entries == (plain("https://www.example.com/a"),)


def test_a_gzip_bomb_is_cut_at_the_bound() -> None:
    bomb = gzip.compress(urlset("/a") + b" " * (80 << 20), 1)
    assert parse_sitemap(bomb, URL) == Sitemap((plain("https://www.example.com/a"),), cut=True)


def test_deep_nesting_is_bounded() -> None:
    deep = urlset("/a").removesuffix(b"</urlset>") + b"<url>" * 100_000
    assert parse_sitemap(deep, URL) == Sitemap((plain("https://www.example.com/a"),), cut=True)


def test_entries_are_bounded() -> None:
    body = urlset(*(f"/{number}" for number in range(MAX_ENTRIES + 10)))
    read = parse_sitemap(body, URL)
    assert (len(read.entries), read.cut) == (MAX_ENTRIES, True)
    lines = "\n".join(f"https://www.example.com/{number}" for number in range(MAX_ENTRIES + 10))
    read = parse_sitemap(lines.encode(), URL)
    assert (len(read.entries), read.cut) == (MAX_ENTRIES, True)
