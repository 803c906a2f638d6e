from __future__ import annotations

from archive.rendered import RenderedPage
from tests.archive.rendered_pages import SHELL, Browser, story_html


def _main(page: RenderedPage) -> int | None:
    return next((number for number, each in enumerate(page.exchanges) if each is page.main), None)


def test_the_document_is_the_answer_at_the_address_of_the_page_behind_its_redirects() -> None:
    browser = Browser()
    browser.fetch("a", status="301 Moved Permanently", header="Location: /b\r\n")
    browser.fetch("icon", kind="image", content_type="image/png")
    browser.fetch("b", SHELL)
    browser.fetch("frame", SHELL)
    assert _main(browser.page("b", story_html("b"))) == 2


def test_a_document_whose_address_a_script_has_changed_is_the_first_one_that_came() -> None:
    browser = Browser()
    browser.fetch("a", SHELL)
    browser.fetch("frame", SHELL)
    page = browser.page("a/part-2", story_html("a"))
    assert (_main(page), page.has_text) == (0, True)


def test_text_is_made_of_the_dom_of_pages_alone() -> None:
    for content_type, status, expected in (
        ("text/html", "200 OK", True),
        ("application/xhtml+xml; charset=utf-8", "200 OK", True),
        ("video/mp4", "200 OK", False),
        ("text/html", "404 Not Found", False),
        ("text/html", "503 Service Unavailable", False),
    ):
        browser = Browser()
        browser.fetch("a", SHELL, content_type=content_type, status=status)
        assert browser.page("a", story_html("a")).has_text is expected, (content_type, status)
        assert browser.page("a").has_text is False


def test_a_document_that_a_service_worker_made_has_a_text_and_no_exchange() -> None:
    browser = Browser()
    browser.fetch("a.json", b"{}", kind="fetch", content_type="application/json")
    page = browser.page("a", story_html("a"))
    assert (page.main, page.has_text) == (None, True)


def test_the_end_of_a_row_of_redirects_stands_for_a_page_that_never_came() -> None:
    browser = Browser()
    browser.fetch("a", status="302 Found", header="Location: /b\r\n")
    browser.fetch("b", status="302 Found", header="Location: /a\r\n")
    page = browser.page("a", "<html></html>")
    assert (page.main, page.lead is page.exchanges[1], page.has_text) == (None, True, False)
    assert RenderedPage("http://news.example/a", ()).lead is None
