from __future__ import annotations

import pytest

from crawler.discovery.errors import UrlError
from crawler.politeness.domains import Bounds, Domain, own_delays, slot_of

BOUNDS = Bounds(refusals=3, failures=3, first_pause=1, longest_wait=60)
HOST = "www.desk.example"


@pytest.mark.parametrize(
    ("url", "slot"),
    [
        ("https://www.desk.example/a", "desk.example"),
        ("http://img.news.desk.example:8080/a", "desk.example"),
        ("https://news.desk.co.uk/", "desk.co.uk"),
        ("http://127.0.0.1:8001/a", "127.0.0.1:8001"),
        ("http://127.0.0.1/a", "127.0.0.1"),
        ("http://localhost:8001/a", "localhost:8001"),
        ("http://[::1]:8001/a", "[::1]:8001"),
        ("http://[::1]/a", "[::1]"),
    ],
)
def test_hosts_of_one_owner_share_a_slot_and_machines_are_told_apart_by_port(url: str, slot: str) -> None:
    assert slot_of(url) == slot


def test_what_is_no_web_address_has_no_slot() -> None:
    with pytest.raises(UrlError):
        slot_of("mailto:desk@desk.example")


def test_a_delay_that_the_operator_named_is_that_of_the_slot() -> None:
    assert own_delays(frozenset(["www.desk.example", "127.0.0.1:81"]), 2.5, jitter=0) == {
        "desk.example": {"delay": 2.5, "jitter": 0},
        "127.0.0.1:81": {"delay": 2.5, "jitter": 0},
    }


def _answers(domain: Domain, *answers: tuple[str, int, float | None]) -> list[float]:
    """The pauses, in seconds, after each answer to a request for a path."""
    pauses = []
    for path, status, asked in answers:
        domain.not_before = 0
        domain.answered(f"https://{HOST}{path}", HOST, status, asked, 100.0, BOUNDS)
        pauses.append(domain.not_before - 100.0)
    return pauses


def test_each_refusal_in_a_row_doubles_the_pause_until_the_domain_is_left_alone() -> None:
    domain = Domain("desk.example")
    assert _answers(domain, ("/a", 429, None), ("/b", 503, None)) == [1, 2]
    assert domain.left_alone(HOST) is None
    _answers(domain, ("/c", 429, None))
    assert domain.left_alone(HOST) == f"{HOST} answers 429 again and again"
    assert domain.left_alone("img.desk.example") == f"{HOST} answers 429 again and again"


@pytest.mark.parametrize("status", [200, 304, 404, 403, 500])
def test_any_other_answer_ends_the_row(status: int) -> None:
    domain = Domain("desk.example")
    _answers(domain, ("/a", 429, None), ("/b", 429, None), ("/c", status, None), ("/d", 429, None))
    assert domain.left_alone(HOST) is None


def test_one_page_that_is_refused_again_and_again_is_no_trouble_of_the_host() -> None:
    domain = Domain("desk.example")
    _answers(domain, ("/", 200, None), *[("/a", 503, None)] * 5)
    assert domain.left_alone(HOST) is None
    _answers(domain, ("/b", 503, None))
    assert domain.left_alone(HOST) is not None


def test_one_page_is_enough_where_nothing_else_was_ever_answered() -> None:
    domain = Domain("desk.example")
    _answers(domain, *[("/robots.txt", 503, None)] * 3)
    assert domain.left_alone(HOST) is not None


def test_retry_after_is_waited_for_up_to_the_bound() -> None:
    domain = Domain("desk.example")
    assert _answers(domain, ("/a", 429, 30), ("/", 200, 7), ("/", 200, 9000)) == [30, 7, 60]
    assert domain.left_alone(HOST) is None
    _answers(domain, ("/b", 403, 3600))
    assert domain.left_alone(HOST) == f"{HOST} answers 403 and wants to be left alone for 3600 seconds"


def test_a_silent_host_is_left_alone_and_its_sister_is_not() -> None:
    domain = Domain("desk.example")
    for path in "abc":
        domain.failed(f"https://{HOST}/{path}", HOST, OSError(), 100.0, BOUNDS)
    assert domain.left_alone(HOST) == f"{HOST} does not answer"
    assert domain.left_alone("img.desk.example") is None
    assert domain.not_before == 104


def test_an_answer_ends_the_row_of_failures() -> None:
    domain = Domain("desk.example")
    for path in "abcd":
        domain.failed(f"https://{HOST}/{path}", HOST, OSError(), 100.0, BOUNDS)
        domain.answered(f"https://{HOST}/", HOST, 500, None, 100.0, BOUNDS)
    assert domain.left_alone(HOST) is None


def test_bounds_of_0_leave_nobody_alone() -> None:
    domain, bounds = Domain("desk.example"), Bounds(refusals=0, failures=0, first_pause=0, longest_wait=60)
    for number in range(40):
        domain.failed(f"https://{HOST}/{number}", HOST, OSError(), 0, bounds)
        domain.answered(f"https://{HOST}/{number}", HOST, 429, 3600, 0, bounds)
    assert not domain.leaves_some_alone
