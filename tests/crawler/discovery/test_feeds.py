from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.discovery.errors import DiscoveryError
from crawler.discovery.feeds import MAX_ENTRIES, Feed, parse_feed
from crawler.discovery.found import Found

URL = "https://www.example.com/feeds/world"
MORNING = datetime(2026, 1, 2, 7, 30, tzinfo=UTC)


def found(path: str, title: str | None, date: datetime | None = None, language: str | None = None) -> Found:
    return Found(f"https://www.example.com{path}", date, title, language, "feed")


def rss(*items: str, head: str = "") -> bytes:
    body = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{body}</channel></rss>'.encode()


def test_rss_091() -> None:
    body = b"""<?xml version="1.0"?><rss version="0.91"><channel><title>The Example</title><language>en-
    gb</language>
      <item><title>Port talks</title><link>https://www.example.com/port</link></item></channel></rss>"""
    assert parse_feed(body, URL) == Feed((found("/port", "Port talks", language="en"),), title="The Example")


def test_rss_090_and_10_are_rdf() -> None:
    for namespace in ("http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/"):
        body = f"""<?xml version="1.0"?>
          <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="{namespace}"
                   xmlns:dc="http://purl.org/dc/elements/1.1/">
            <channel rdf:about="{URL}"><title>The Example</title><link>https://www.example.com/</link></channel>
            <item rdf:about="x"><title>Port talks</title><link>https://www.example.com/port</link>
              <dc:date>2026-01-02T10:30:00+03:00</dc:date></item>
          </rdf:RDF>"""
        assert parse_feed(body.encode(), URL, "application/rdf+xml") == Feed(
            (found("/port", "Port talks", MORNING),), title="The Example"
        )


def test_rss_20_in_arabic() -> None:
    body = rss(
        "<title>وزراء يجتمعون لبحث أزمة الميناء</title><link>https://www.example.com/ميناء</link>"
        "<pubDate>Fri, 02 Jan 2026 10:30:00 +0300</pubDate>",
        head="<title>المثال</title><language>ar</language>",
    )
    assert parse_feed(body, URL, "application/rss+xml; charset=utf-8") == Feed(
        (found("/%D9%85%D9%8A%D9%86%D8%A7%D8%A1", "وزراء يجتمعون لبحث أزمة الميناء", MORNING, "ar"),),
        title="المثال",
    )


@pytest.mark.parametrize(
    "content_type", [None, "text/xml", "application/xml; charset=windows-1256", "text/html"]
)
def test_a_windows_1256_feed(content_type: str | None) -> None:
    text = rss("<title>أزمة الميناء</title><link>/a</link>").decode()
    body = text.replace('version="1.0"?', 'version="1.0" encoding="windows-1256"?').encode("windows-1256")
    assert parse_feed(body, URL, content_type) == Feed((found("/a", "أزمة الميناء"),))


def test_atom_with_its_next_page_and_languages() -> None:
    body = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
      <title type="html">The &lt;b&gt;Example&lt;/b&gt;</title>
      <link rel="self" href="{URL}"/><link rel="next" href="?page=2"/>
      <entry><title type="html">Port &amp;amp; talks</title><link rel="alternate" type="text/html"
      href="/port"/>
        <link rel="enclosure" href="/port.mp3"/><published>2026-01-02T07:30:00Z</published>
        <updated>2026-01-05T00:00:00Z</updated></entry>
      <entry xml:base="https://www.example.com/sport/"><title>Final</title><link href="final"/>
        <updated>2026-01-02T07:30:00Z</updated></entry>
    </feed>"""
    assert parse_feed(body.encode(), URL, "application/atom+xml") == Feed(
        (found("/port", "Port & talks", MORNING, "en"), found("/sport/final", "Final", MORNING, "en")),
        next_url="https://www.example.com/feeds/world?page=2",
        title="The Example",
    )


def test_json_feed() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Example",
        "language": "ar-EG",
        "next_url": "world?page=2",
        "items": [
            {"id": "1", "url": "/port", "title": "أزمة", "date_published": "2026-01-02T07:30:00Z"},
            {
                "id": "https://www.example.com/by-id",
                "date_modified": "2026-01-02T10:30:00+03:00",
                "language": "en",
            },
            {"id": "urn:3"},
            {"id": 4, "url": None},
            "nonsense",
        ],
    }
    expected = Feed(
        (found("/port", "أزمة", MORNING, "ar"), found("/by-id", None, MORNING, "en")),
        next_url="https://www.example.com/feeds/world?page=2",
        title="The Example",
    )
    assert parse_feed(json.dumps(feed).encode(), URL, "application/feed+json") == expected
    assert parse_feed(b"\xef\xbb\xbf\n" + json.dumps(feed).encode(), URL) == expected


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("<![CDATA[Port <b>talks</b> &amp; more]]>", "Port talks & more"),
        ("&lt;p&gt;Port&lt;/p&gt;&lt;p&gt;talks&lt;/p&gt;", "Port talks"),
        ("Port &amp;#8211; talks", "Port – talks"),
        ("5 &lt; 6", "5 < 6"),
        ("  Port\n  talks ", "Port talks"),
        ("", None),
    ],
)
def test_titles_are_plain_text(written: str, title: str | None) -> None:
    assert parse_feed(rss(f"<title>{written}</title><link>/a</link>"), URL).entries == (found("/a", title),)


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("Fri, 02 Jan 2026 07:30:00", MORNING),
        ("2026-01-02T07:30:00", MORNING),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("Mon, 01 Jan 0001 00:00:00 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 -1200", None),
        ("99999-01-01T00:00:00Z", None),
        ("Fri, 99 Foo 2026 99:99:99 GMT", None),
        ("today", None),
    ],
)
def test_a_date_is_aware_or_missing(written: str, date: datetime | None) -> None:
    body = rss(f"<title>T</title><link>/a</link><pubDate>{written}</pubDate>")
    assert parse_feed(body, URL).entries == (found("/a", "T", date),)


def test_links_are_resolved_and_what_is_no_page_is_left_out() -> None:
    body = rss(
        "<title>relative</title><link>../relative</link>",
        "<title>no scheme</title><link>//www.example.com/bare</link>",
        "<title>spaces</title><link> https://www.example.com/a b </link>",
        "<title>again</title><link>/relative</link>",
        "<title>mail</title><link>mailto:editor@example.com</link>",
        "<title>nothing</title>",
        '<title>guid</title><guid isPermaLink="true">https://www.example.com/guid</guid>',
        '<title>no permalink</title><guid isPermaLink="false">tag:1</guid>',
        "<title>counted</title><link>https://feeds.example.net/~r/1</link>"
        '<f:origLink xmlns:f="http://rssnamespace.org/feedburner/ext/1.0">https://www.example.com/x</f:origLink>',
    )
    assert parse_feed(body, URL).entries == (
        found("/relative", "relative"),
        found("/bare", "no scheme"),
        found("/a%20b", "spaces"),
        found("/guid", "guid"),
        found("/x", "counted"),
    )


def test_a_gzip_file_is_read() -> None:
    assert parse_feed(gzip.compress(rss("<link>/a</link>")), URL).entries == (found("/a", None),)


def test_a_feed_without_entries_is_no_error() -> None:
    assert parse_feed(rss(head="<title>The Example</title>"), URL) == Feed((), title="The Example")


@pytest.mark.parametrize(
    ("tail", "titles"),
    [
        ("<item><title>B</title><link>/b", ["A"]),
        ("<item><title>B & C <wrong></title><link>/b</link></item></channel></rss>", ["A", "B & C"]),
        ("<item><title>B</title><link>/b</link></item>\x0b</channel></rss>", ["A", "B"]),
    ],
)
def test_entries_of_a_broken_feed_are_recovered(tail: str, titles: list[str]) -> None:
    whole = rss("<title>A</title><link>/a</link>").removesuffix(b"</channel></rss>")
    assert [entry.title for entry in parse_feed(whole + tail.encode(), URL).entries] == titles


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b" \n", "the feed is empty; look at the address in a browser"),
        (b"<html><body><p>Gone</p></body></html>", "it is no feed (no RSS, RDF, Atom or JSON Feed); "),
        (b'<rss version="2.0"><channel><title>x', "the feed is broken ("),
        (b"plain text", "the feed is broken ("),
        (b"{'items'", "its JSON is broken ("),
        (b"{}", "it is JSON without a list `items`, so no JSON Feed; "),
        (b'{"items":' + b"[" * 100_000, "its JSON is broken ("),
    ],
)
def test_what_is_no_feed_is_told(body: bytes, problem: str) -> None:
    with pytest.raises(DiscoveryError) as caught:
        parse_feed(body, URL)
    assert str(caught.value).startswith(f"{URL}: {problem}")


def test_a_body_that_names_a_file_or_an_address_opens_neither(tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_bytes(rss("<link>/a</link>"))
    for body in (str(feed).encode(), feed.as_uri().encode(), b"http://127.0.0.1:9/feed"):
        with pytest.raises(DiscoveryError):
            parse_feed(body, URL)


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "boom"}">' for n in range(12))
    for declared, name in ((f'<!ENTITY x SYSTEM "{secret.as_uri()}">', "x"), (levels, "e11")):
        body = rss(f"<title>T &{name};</title><link>/a</link>").replace(
            b"<rss", f"<!DOCTYPE rss [{declared}]><rss".encode()
        )
        (entry,) = parse_feed(body, URL).entries
        assert entry.url == "https://www.example.com/a"
        assert entry.title in ("T", f"T &{name};")


def test_a_gigantic_feed_gives_its_first_entries() -> None:
    filler = "<description>" + "lorem ipsum " * 50 + "</description>"
    items = [f"<title>Story {number}</title><link>/{number}</link>{filler}" for number in range(20_000)]
    read = parse_feed(rss(*items), URL).entries
    assert read == tuple(found(f"/{number}", f"Story {number}") for number in range(MAX_ENTRIES))


@pytest.mark.parametrize("prefix", ["", "a:"])
def test_a_gigantic_feed_that_breaks_off_gives_its_first_entries(prefix: str) -> None:
    names = f'xmlns{":a" if prefix else ""}="http://www.w3.org/2005/Atom"'
    title = f"<{prefix}title>{'long ' * 200}</{prefix}title>"
    entry = f'<{prefix}entry>{title}<{prefix}link href="/%d"/></{prefix}entry>'
    body = f"<{prefix}feed {names}>" + "".join(entry % number for number in range(2000))
    assert len(parse_feed(body.encode()[:-9], URL).entries) == MAX_ENTRIES


def test_a_long_json_feed_gives_its_first_entries() -> None:
    body = json.dumps({"items": [{"url": f"/{number}"} for number in range(MAX_ENTRIES + 5)]})
    assert len(parse_feed(body.encode(), URL).entries) == MAX_ENTRIES


def test_a_gigantic_broken_feed_keeps_what_comes_first() -> None:
    items = [f"<title>Story {number}</title><link>/{number}</link>" for number in range(500)]
    body = rss(*items).replace(b"</channel></rss>", b"<wrong>" + b"x" * (8 << 20))
    assert len(parse_feed(body, URL).entries) == 500


def test_deep_nesting_is_survived() -> None:
    body = rss("<title>T</title><link>/a</link>", "<a>" * 5000 + "</a>" * 5000)
    assert parse_feed(body, URL).entries == (found("/a", "T"),)


def test_a_feed_that_goes_on_past_the_bound_says_so() -> None:
    items = [f"<item><link>/{number}</link></item>" for number in range(4)]
    body = f'<rss version="2.0"><channel>{"".join(items)}</channel></rss>'.encode()
    as_json = json.dumps({"items": [{"url": f"/{number}"} for number in range(4)]}).encode()
    for feed in (body, as_json):
        read = parse_feed(feed, URL, most=3)
        assert (len(read.entries), read.cut) == (3, True)
        assert not parse_feed(feed, URL, most=4).cut
