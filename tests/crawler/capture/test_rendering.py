from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from scrapy import Request
from scrapy.http import HtmlResponse, Response

from archive.rendered import RenderedPage
from crawler.capture.rendering import _response
from crawler.rendering.rendering import Rendering
from crawler.rendering.wishes import RENDERED
from tests.archive.rendered_pages import SHELL, Browser, story_html
from tests.archive.sample_collections import url


def response_of(browser: Browser, status: int | None, dom: str = "", *, final: str = "a") -> Response | None:
    rendering = Rendering(
        url=url("a"),
        final_url=url(final),
        status=status,
        started=datetime(2026, 3, 1, tzinfo=UTC),
        exchanges=tuple(browser.exchanges),
        dom=dom.encode(),
    )
    page = RenderedPage(rendering.final_url, rendering.exchanges, rendering.dom)
    return _response(Request(url("a")), rendering, page)


def test_spiders_get_the_dom_under_the_address_at_which_it_was_in_the_end() -> None:
    browser = Browser()
    browser.fetch("a", status="302 Found", header="Location: /b\r\n")
    browser.fetch("b", SHELL)
    response = response_of(browser, 200, story_html("b, café"), final="b")
    assert isinstance(response, HtmlResponse)
    assert (response.url, response.status, response.flags) == (url("b"), 200, [RENDERED])
    assert response.css("h1::text").get() == "The channel of b, café"


def test_an_error_of_the_server_is_one_for_the_spider_too() -> None:
    browser = Browser()
    browser.fetch("a", SHELL, status="503 Service Unavailable", header="Retry-After: 7\r\n")
    response = response_of(browser, 503, story_html("sorry"))
    assert response is not None
    assert (response.status, response.headers["Retry-After"]) == (503, b"7")


def test_redirects_that_lead_nowhere_are_no_response() -> None:
    browser = Browser()
    browser.fetch("a", status="302 Found", header="Location: /a\r\n")
    assert response_of(browser, 302) is None
    assert response_of(replace(browser, exchanges=[]), None) is None
