from __future__ import annotations

import socket
from pathlib import Path

import pytest

from crawler.capture.address import address_rule, is_public
from tests.crawler.crawls import crawl, resolving
from tests.crawler.records import pairs
from tests.origin.oddities import plain
from tests.origin.server import Answer, Asked, Origin


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254"),
        *("100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff0e::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::10.0.0.1", "2002:7f00:1::"),
        *(
            "fec0::1",
            "64:ff9b:1::8.8.8.8",
            "::ffff:0:10.0.0.1",
            "3fff::1",
            "5f00::1",
            "4000::1",
            "100::1",
            "2001::1",
        ),
    ],
)
def test_private_and_local_addresses_are_not(address: str) -> None:
    assert not is_public(address)


def test_a_private_address_is_refused_unless_its_host_was_named() -> None:
    assert address_rule("desk.example", {"desk.example"})("10.0.0.1") is None
    assert address_rule("desk.example", set())("8.8.8.8") is None
    assert address_rule("desk.example:81", {"desk.example"})("10.0.0.1") is None
    assert address_rule("desk.example:81", {"desk.example:81"})("10.0.0.1") is None
    assert address_rule("desk.example:22", {"desk.example:81"})("10.0.0.1") is not None
    assert address_rule("desk.example", {"desk.example:81"})("10.0.0.1") is not None
    assert address_rule("desk.example", {"other.example"})("10.0.0.1") == (
        "desk.example is at 10.0.0.1, a private or local address; if you mean to fetch it, name its URL on the "
        "command line or its host in an outlet file"
    )


def needs_ipv6() -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_host_that_has_an_ipv6_address_alone_is_fetched(
    scheme: str, tmp_path: Path, certificate: Path
) -> None:
    needs_ipv6()
    secure = certificate if scheme == "https" else None
    with Origin({"*": Answer((plain(),))}, certificate=secure, addresses=("::1",)) as origin:
        urls = [origin.url("/name", "six.desk.example"), origin.url("/literal", "[::1]")]
        crawled = crawl(
            tmp_path,
            urls,
            named_hosts=("six.desk.example", f"[::1]:{origin.port}"),
            prelude=resolving({"six.desk.example": ["::1"]}),
        )
    assert {row["url"]: row["status"] for row in crawled.rows} == dict.fromkeys(urls, 200)
    assert {
        url: pair.response["WARC-IP-Address"] for url, (pair,) in pairs(tmp_path).items()
    } == dict.fromkeys(urls, "::1")


def test_the_next_address_is_tried_where_nobody_listens_at_the_first(tmp_path: Path) -> None:
    needs_ipv6()
    with Origin({"*": Answer((plain(),))}) as origin:
        url = origin.url("/page", "both.desk.example")
        prelude = resolving({"both.desk.example": ["::1", "127.0.0.1"]})
        crawled = crawl(tmp_path, [url], named_hosts=("both.desk.example",), prelude=prelude)
    assert [row["status"] for row in crawled.rows] == [200]
    assert pairs(tmp_path)[url][0].response["WARC-IP-Address"] == "127.0.0.1"


@pytest.mark.parametrize("name", ["a..example", f"{'a' * 64}.example", "nobody.invalid"])
def test_a_name_that_no_host_can_have_fails_at_once(tmp_path: Path, name: str) -> None:
    (row,) = crawl(tmp_path, [f"http://{name}/"], DOWNLOAD_TIMEOUT=100).rows
    assert row["error"] == "CannotResolveHostError"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_redirect_into_the_private_network_is_not_followed(
    scheme: str, tmp_path: Path, certificate: Path
) -> None:
    def away(asked: Asked) -> Answer:
        target = asked.base.replace("127.0.0.1", "127.0.0.2") + "/secret"
        return Answer((plain(b"", head=f"Location: {target}\r\n".encode(), status=b"302 Found"),))

    origin = Origin(
        {"/away": away, "/secret": Answer((plain(),))},
        certificate=certificate if scheme == "https" else None,
        addresses=("127.0.0.1", "127.0.0.2"),
    )
    with origin:
        asked = origin.url("/away", "localhost")
        crawled = crawl(tmp_path, [asked], named_hosts=("localhost",), REDIRECT_ENABLED=True)
    (row,) = crawled.rows
    assert row["error"] == "RefusedAddress"
    assert row["sentence"].startswith(f"127.0.0.2:{origin.port} is at 127.0.0.2, a private or local address")
    assert [served.path for served in origin.served] == ["/away"]
    assert list(pairs(tmp_path)) == [asked]


def test_robots_txt_of_a_private_host_is_not_asked_for_either(tmp_path: Path) -> None:
    with Origin({"*": Answer((plain(),))}) as origin:
        crawled = crawl(tmp_path, [origin.url("/page")], named_hosts=(), check=False, ROBOTSTXT_OBEY=True)
    assert [row["error"] for row in crawled.rows] == ["RefusedAddress"]
    assert origin.served == []


SPELLINGS = (
    *("127.0.0.1", "2130706433", "0177.0.0.1", "0x7f.0.0.1", "127.1", "0.0.0.0"),
    *("[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "localhost", "rebound.desk.example"),
    *("rebound6.desk.example", "mapped.desk.example", "either.desk.example"),
)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_private_address_is_refused_however_it_is_spelt(
    refusals: dict[str, tuple[str, bool]], spelling: str
) -> None:
    """Its name may have resolved to another address before: what counts is where the connection leads."""
    assert refusals[spelling] == ("RefusedAddress", False)


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, bool]]:
    """For each spelling of this machine, to which a named host redirects: the error, and whether it was asked."""
    needs_ipv6()
    with Origin({"*": Answer((plain(),))}, addresses=("127.0.0.1", "::1")) as origin:
        for number, spelling in enumerate(SPELLINGS):
            head = f"Location: {origin.url(f'/secret/{number}', spelling)}\r\n".encode()
            origin.scripts[f"/away/{number}"] = Answer((plain(b"", head=head, status=b"302 Found"),))
        crawled = crawl(
            tmp_path_factory.mktemp("refusals"),
            [origin.url(f"/away/{number}", "www.desk.example") for number in range(len(SPELLINGS))],
            named_hosts=("www.desk.example",),
            prelude=resolving(
                {
                    "www.desk.example": ["127.0.0.1"],
                    "rebound.desk.example": ["127.0.0.1"],
                    "rebound6.desk.example": ["::1"],
                    "mapped.desk.example": ["::ffff:127.0.0.1"],
                    # Nobody listens at the first of them.
                    "either.desk.example": ["127.0.0.3", "::1"],
                }
            ),
            REDIRECT_ENABLED=True,
        )
    asked = {served.path for served in origin.served}
    return {
        spelling: (
            crawled.row(origin.url(f"/away/{number}", "www.desk.example")).get("error", "none"),
            f"/secret/{number}" in asked,
        )
        for number, spelling in enumerate(SPELLINGS)
    }
