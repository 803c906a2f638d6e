from __future__ import annotations

import pytest

from tests.crawler.serving.served import Served


@pytest.mark.parametrize(
    "path", ["/", "/collections/news", "/nothing", "/static/style.css", "/collections/broken"]
)
def test_every_answer_forbids_what_a_page_does_not_need(served: Served, path: str) -> None:
    headers = served.ask(path).headers
    assert headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; frame-src 'none'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert not {"server", "set-cookie", "access-control-allow-origin"} & headers.keys()


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "LOCALHOST:9000", "127.0.0.1:1", "tunnel.example:8400"]
)
def test_it_answers_to_its_own_names_and_those_that_were_given(served: Served, host: str) -> None:
    assert served.ask("/", Host=host).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "rebound.example",
        "rebound.example:8400",
        "127.0.0.1.rebound.example",
        "localhost.rebound.example",
        "rebound.example@127.0.0.1",
        "127.0.0.1:80:80",
        "127.0.0.1/x",
        "",
    ],
)
def test_a_name_that_is_pointed_at_this_machine_gets_nothing(served: Served, host: str) -> None:
    answer = served.ask("/collections/news", Host=host)
    assert answer.status in (400, 421)
    assert b"Harbour" not in answer.body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_nothing_can_be_written(served: Served, method: str) -> None:
    answer = served.ask("/collections/news", method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


def test_a_head_is_answered_without_a_body(served: Served) -> None:
    answer = served.ask("/collections/news", "HEAD")
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize(
    ("site", "mode", "status"),
    [
        ("cross-site", "no-cors", 403),
        ("cross-site", "cors", 403),
        ("same-site", "no-cors", 403),  # the replayed pages, on another port
        ("cross-site", "navigate", 200),
        ("same-origin", "no-cors", 200),
        ("none", "navigate", 200),
    ],
)
def test_pages_of_other_sites_may_lead_here_but_not_read(
    served: Served, site: str, mode: str, status: int
) -> None:
    answer = served.ask("/collections/news", Sec_Fetch_Site=site, Sec_Fetch_Mode=mode)
    assert answer.status == status
