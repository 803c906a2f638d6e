from __future__ import annotations

from datetime import UTC, datetime

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.capture.address import RefusedAddress
from crawler.middlewares.robots import UNREACHABLE
from crawler.outlets.seen import Verdict
from crawler.spiders.lists import not_seen, validators_of
from crawler.state.known import Validators


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (IgnoreRequest("Forbidden by robots.txt"), "blocked"),
        (RefusedAddress("10.0.0.1 is a private address"), "blocked"),
        (IgnoreRequest(UNREACHABLE), "failed"),
        (IgnoreRequest("max redirections reached"), "failed"),
    ],
)
def test_a_source_is_blocked_only_where_a_rule_forbids_it(error: IgnoreRequest, verdict: Verdict) -> None:
    seen = not_seen("own", "feed", "http://127.0.0.1/feed", error, datetime(2026, 3, 2, tzinfo=UTC))
    assert seen.verdict == verdict


@pytest.mark.parametrize(
    ("status", "fields", "validators"),
    [
        (304, {}, Validators('"1"', "then")),
        (304, {"ETag": '"2"'}, Validators('"2"', "then")),
        (304, {"Last-Modified": "now"}, Validators('"1"', "now")),
        (200, {}, Validators()),
        (200, {"ETag": '"2"'}, Validators('"2"')),
    ],
)
def test_a_304_leaves_the_validators_that_it_does_not_name(
    status: int, fields: dict[str, str], validators: Validators
) -> None:
    asked = Request("http://127.0.0.1/feed", headers=Validators('"1"', "then").headers())
    response = Response(asked.url, status, headers=fields, request=asked)
    assert validators_of(response) == validators
