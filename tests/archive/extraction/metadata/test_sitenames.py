from __future__ import annotations

import pytest

from archive.extraction.metadata.sitenames import SiteNames, registered_domain

QUEUE = "Ferry queue reaches customs house"


@pytest.mark.parametrize(
    ("title", "stripped"),
    [
        (f"{QUEUE} | Coast Daily", QUEUE),
        (f"{QUEUE} | Opinion | Whatever stands here", QUEUE),
        (f"{QUEUE} - Coast Daily", QUEUE),
        (f"Coast Daily » {QUEUE}", QUEUE),
        (f"{QUEUE} • Coast Daily - coastdaily.example", QUEUE),
        ("武汉的声音：有英勇的你-新华网", "武汉的声音：有英勇的你"),
        ("Ferry - what now?", "Ferry - what now?"),
        ("AC|DC", "AC|DC"),
    ],
)
def test_the_sites_name_goes_with_its_separator(title: str, stripped: str) -> None:
    assert SiteNames.of(["Coast Daily", "coastdaily.example", "新华网"]).strip(title) == stripped


def test_the_registered_domain_is_the_host_where_there_is_no_public_suffix() -> None:
    addresses = [
        "https://www.news.coast.co.uk/a",
        "http://127.0.0.1:8001/",
        "https://www.intranet/",
        "http://[::1/",
    ]
    assert [registered_domain(address) for address in addresses] == [
        "coast.co.uk",
        "127.0.0.1",
        "intranet",
        None,
    ]
