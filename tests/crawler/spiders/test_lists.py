from __future__ import annotations

from datetime import UTC, datetime

import pytest
from scrapy.exceptions import IgnoreRequest

from crawler.capture.address import RefusedAddress
from crawler.middlewares.robots import UNREACHABLE
from crawler.outlets.seen import Verdict
from crawler.spiders.lists import not_seen


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
