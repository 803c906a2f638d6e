from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.discovery.errors import UrlError
from crawler.discovery.urls import (
    absolute,
    host_and_port,
    identity,
    path_and_query,
    registered_domain,
    safe_http_url,
    same_site,
)

STORY = "https://example.com/world/story"
SPELLINGS = [
    "https://example.com/world/story#comments",
    "https://EXAMPLE.com:443/world/story",
    "http://example.com:80/world/story",
    "https://example.com./world/story",
    "https://reader:secret@example.com/world/story",
    "https://www.example.com/world/story/",
    "https://m.example.com/world/story",
    "https://mobile.example.com/world/story",
    "https://amp.example.com/world/story",
    "https://www.m.example.com/world/story",
    "https://example.com/world/story/amp",
    "https://example.com/world/story/amp/",
    "https://example.com/amp/world/story",
    "https://example.com/world/story.amp",
    "https://example.com/world/story?amp",
    "https://example.com/world/story?amp=1",
    "https://example.com/world/story?outputType=amp",
    "https://example.com/world/story?utm_source=rss&utm_medium=feed&fbclid=x&gclid=y",
    "https://example.com/world/story?at_medium=RSS&at_campaign=KARANGA&cmpid=1&traffic_source=rss",
    "https://example.com/world/story?UTM_Source=x&&",
    "https://example.com/world/story?",
    "https://example.com/w%6Frld/st%6fry",
    " https://example.com/world/story\n",
]


@pytest.mark.parametrize("url", SPELLINGS)
def test_all_spellings_of_an_address_have_one_identity(url: str) -> None:
    assert identity(url) == STORY


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://example.com", "https://example.com/"),
        ("https://example.com/a?b=2&a=1&b=1", "https://example.com/a?b=2&a=1&b=1"),
        ("https://example.com/a?id=1&utm_source=x&p=2", "https://example.com/a?id=1&p=2"),
        ("http://127.0.0.1:8001/a/?utm_source=x", "http://127.0.0.1:8001/a"),
        ("http://[::1]:8001/a", "http://[::1]:8001/a"),
        ("https://example.com:80/a", "https://example.com:80/a"),
        ("https://example.com/Story.amp.html", "https://example.com/Story.html"),
        ("https://example.com/champ", "https://example.com/champ"),
        ("https://example.com/amplifier/a", "https://example.com/amplifier/a"),
        ("https://example.com/a?camp=1&at=2", "https://example.com/a?camp=1&at=2"),
        ("https://amp.dev/a", "https://amp.dev/a"),
        ("https://m.co.uk/a", "https://m.co.uk/a"),
        ("https://m.localhost/a", "https://m.localhost/a"),
        ("https://m.news.test/a", "https://news.test/a"),
        ("https://مثال.com/خبر?q=ب", "https://xn--mgbh0fb.com/%D8%AE%D8%A8%D8%B1?q=%D8%A8"),
        ("https://example.com/%d8%ae%d8%a8%d8%b1", "https://example.com/%D8%AE%D8%A8%D8%B1"),
        ("https://example.com/100%", "https://example.com/100%25"),
        ("https://example.com/a%2Fb", "https://example.com/a%2Fb"),
    ],
)
def test_identity_keeps_what_tells_pages_apart(url: str, key: str) -> None:
    assert identity(url) == key


@pytest.mark.parametrize(
    "url", ["", "mailto:a@example.com", "ftp://example.com/a", "/a", "https://", "https://[::1", "https://a:b/c",
            "https://a..b/", "https://ex ample.com/", "https://" + "a" * 64 + ".com/", "https://[v1.x]/"],
)  # fmt: skip
def test_what_is_no_http_url_has_no_identity(url: str) -> None:
    with pytest.raises(UrlError):
        identity(url)


PIECES = st.text(st.sampled_from("aM./%2fF41-_~&=?#;:amp é خ"), max_size=24)


@given(
    scheme=st.sampled_from(["http", "https", "HTTPS"]),
    host=st.sampled_from(["example.com", "www.m.amp.example.co.uk", "127.0.0.1", "[::1]", "M.mobile.x.test"]),
    port=st.sampled_from(["", ":", ":80", ":443", ":8001"]),
    path=PIECES,
    query=PIECES,
)
@example(scheme="http", host="example.com", port="", path="%%341", query="%%341")
@example(scheme="http", host="example.com", port="", path="a/amp/amp//", query="&amp&amp=1&utm_%61=1")
def test_identity_of_an_identity_is_itself(scheme: str, host: str, port: str, path: str, query: str) -> None:
    once = identity(f"{scheme}://{host}{port}/{path}?{query}")
    assert identity(once) == once


@given(st.text(max_size=40) | st.text(max_size=30).map(lambda text: f"https://{text}"))
def test_any_text_is_a_url_or_refused(text: str) -> None:
    for clean in (identity, safe_http_url):
        try:
            url = clean(text)
        except UrlError:
            continue
        assert url.isascii()
        assert clean(url) == url


@pytest.mark.parametrize(
    ("raw", "url"),
    [
        (" https://www.example.com/story ", "https://www.example.com/story"),
        ("HTTPS://WWW.Example.com", "https://www.example.com/"),
        ("http://example.com:80/a#b", "http://example.com/a"),
        ("http://127.0.0.1:8001/a?b=c&utm_source=d", "http://127.0.0.1:8001/a?b=c&utm_source=d"),
        (
            "https://example.com/a b/خبر?q=ب ج",
            "https://example.com/a%20b/%D8%AE%D8%A8%D8%B1?q=%D8%A8%20%D8%AC",
        ),
        ("https://example.com/%d8%ae", "https://example.com/%d8%ae"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("http://[0:0::1]:81/a", "http://[::1]:81/a"),
        ("https://example.com/a\ud800", "https://example.com/a?".replace("?", "%3F")),
    ],
)
def test_a_written_url_is_made_fetchable(raw: str, url: str) -> None:
    assert safe_http_url(raw) == url
    assert safe_http_url(url) == url


@pytest.mark.parametrize(
    ("raw", "advice"),
    [
        ("", "the URL is empty; write one such as https://www.example.com/story"),
        (
            "www.example.com/story",
            '"www.example.com/story" has no scheme; write https://www.example.com/story',
        ),
        ("//example.com/story", '"//example.com/story" has no scheme; write https://example.com/story'),
        ("localhost:8001/a", '"localhost:8001/a" has no scheme; write http://localhost:8001/a'),
        ("127.0.0.1:8001/a", '"127.0.0.1:8001/a" has no scheme; write http://127.0.0.1:8001/a'),
        ("http:/example.com/a", '"http:/example.com/a" lacks the two slashes; write http://example.com/a'),
        (
            "ftp://example.com/a",
            '"ftp://example.com/a" begins with ftp:, which tearsheet does not fetch; '
            "give an http or https URL",
        ),
        (
            "javascript:void(0)",
            '"javascript:void(0)" begins with javascript:, which tearsheet does not fetch; '
            "give an http or https URL",
        ),
        ("/tmp/page.html", '"/tmp/page.html" is no URL; write one such as https://www.example.com/story'),
        ("https:///a", '"https:///a" names no host; write one such as https://www.example.com/story'),
        (
            "https://me:pw@example.com/a",
            "example.com: the URL carries a user name, which the archive would keep; leave it out",
        ),
        ("https://exa_mple!.com/", '"exa_mple!.com" is no host name; use letters, digits, hyphens and dots'),
    ],
)
def test_a_url_that_can_not_be_fetched_is_told_what_to_write(raw: str, advice: str) -> None:
    with pytest.raises(UrlError) as caught:
        safe_http_url(raw)
    assert str(caught.value) == advice


def test_an_endless_url_is_refused() -> None:
    with pytest.raises(UrlError, match=r"has 9020 characters; a URL may have 8000$"):
        safe_http_url("https://example.com/" + "a" * 9000)


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/b?c=1#d", "https://www.example.com/b?c=1"),
        ("../b", "https://www.example.com/b"),
        ("//other.example/b", "https://other.example/b"),
        ("", "https://www.example.com/a/x"),
        ("?p=2", "https://www.example.com/a/x?p=2"),
        ("mailto:a@example.com", None),
        ("javascript:void(0)", None),
        ("data:text/html,x", None),
        ("http://[broken/", None),
        ("https://me:pw@example.com/", None),
    ],
)
def test_a_link_is_resolved_or_no_page(link: str, url: str | None) -> None:
    assert absolute("https://www.example.com/a/x", link) == url


def test_host_and_port_leaves_out_the_default() -> None:
    assert host_and_port("https://Example.com:443/a") == "example.com"
    assert host_and_port("http://127.0.0.1:8001/a") == "127.0.0.1:8001"


def test_path_and_query_are_as_patterns_see_them() -> None:
    assert path_and_query("https://example.com/a?b=1#c") == "/a?b=1"
    assert path_and_query("https://example.com/a") == "/a"


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("news.example.co.uk", "example.co.uk"), ("example.com", "example.com"), ("co.uk", None),
        ("localhost", None), ("127.0.0.1", None), ("[::1]", None), ("a.paper.test", "paper.test"),
    ],
)  # fmt: skip
def test_the_registered_domain_follows_the_public_suffix_list(host: str, domain: str | None) -> None:
    assert registered_domain(host) == domain


def test_a_site_is_a_registered_domain_or_a_host_with_its_port() -> None:
    assert same_site("https://www.example.com/", "http://news.example.com:8080/a")
    assert not same_site("https://one.co.uk/", "https://two.co.uk/")
    assert same_site("http://127.0.0.1:8001/", "http://127.0.0.1:8001/a")
    assert not same_site("http://127.0.0.1:8001/", "http://127.0.0.1:8002/a")
