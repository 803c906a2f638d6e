"""Captures of one page that changes and changes back, asked for by validators."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.capture import Capture
from archive.collection_writer import CollectionWriter
from archive.revalidation import asked_by, sent_with
from archive.spool import Spool
from archive.warc.http import Head, parse_head
from tests.archive.sample_collections import exchange, findings, record

FIRST = "Last-Modified: Sun, 01 Mar 2026 11:00:00 GMT"
SECOND = "Last-Modified: Sun, 01 Mar 2026 12:00:00 GMT"


class Page:
    """One address of a collection, asked for once a second."""

    def __init__(self, writer: CollectionWriter) -> None:
        self.writer = writer
        self.seconds = 0

    def sent(self, body: str, *fields: str) -> Capture:
        """The server sends the page."""
        return self._record(f"HTTP/1.1 200 OK\r\n{_lines(*fields)}\r\n{body}", ())

    def unchanged(self, *asked: str, fields: tuple[str, ...] = ()) -> Capture:
        """It says that the page is as it was when it came with the validators that the request asks by."""
        return self._record(f"HTTP/1.1 304 Not Modified\r\n{_lines(*fields)}\r\n", asked)

    def _record(self, response: str, asked: tuple[str, ...]) -> Capture:
        self.seconds += 1
        request = f"GET /a HTTP/1.1\r\nHost: news.example\r\n{_lines(*asked)}\r\n"
        return record(
            self.writer,
            replace(exchange("a", self.seconds), request=request.encode(), response=Spool(response.encode())),
        )


def _lines(*fields: str) -> str:
    return "".join(f"{field}\r\n" for field in fields)


@pytest.fixture(params=["committed", "fresh"])
def page(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Page]:
    """With each capture in the catalogue when the next one comes, or with none."""
    writer = CollectionWriter(tmp_path, "news")
    page = Page(writer)
    if request.param == "committed":
        record_one = page._record

        def record_and_commit(response: str, asked: tuple[str, ...]) -> Capture:
            capture = record_one(response, asked)
            writer.commit()
            return capture

        page._record = record_and_commit  # type: ignore[method-assign]
    yield page
    writer.close()


def test_a_page_that_went_back_to_what_it_was_is_unchanged_since_then(page: Page) -> None:
    first = page.sent("one", 'ETag: "1"')
    page.sent("two", 'ETag: "2"')
    back = page.sent("one", 'ETag: "1"')
    assert (back.record_type, back.refers_to) == ("revisit", first.record_id)
    for _ in range(2):
        assert page.unchanged('If-None-Match: "1"').refers_to == first.record_id


@pytest.mark.parametrize(
    "asked",
    [
        ('If-None-Match: "1"',),
        ('If-None-Match: W/"1"',),
        ('if-none-match: "8,8", "1"',),
        ('If-None-Match: "8"', 'If-None-Match: "1"'),
        ('If-None-Match: "1"', SECOND.replace("Last-Modified", "If-Modified-Since")),
        (FIRST.replace("Last-Modified", "If-Modified-Since"),),
    ],
)
def test_the_capture_whose_validators_were_sent_is_unchanged_be_others_newer(
    page: Page, asked: tuple[str, ...]
) -> None:
    first = page.sent("one", 'ETag: "1"', FIRST)
    second = page.sent("two", 'ETag: W/"2"', SECOND)
    assert page.unchanged(*asked).refers_to == first.record_id
    assert page.unchanged('If-None-Match: "2"').refers_to == second.record_id


def test_validators_that_came_with_a_revisit_mean_what_it_refers_to(page: Page) -> None:
    first = page.sent("one", 'ETag: "1"')
    page.sent("one", 'ETag: "1, moved"')
    page.sent("two", 'ETag: "2"')
    assert page.unchanged('If-None-Match: "1, moved"').refers_to == first.record_id


@pytest.mark.parametrize("asked", [(), ('If-None-Match: "8"',), ("If-None-Match: *",)])
def test_without_known_validators_the_newest_capture_is_unchanged_or_what_it_refers_to(
    page: Page, asked: tuple[str, ...]
) -> None:
    first = page.sent("one", 'ETag: "1"')
    second = page.sent("two", 'ETag: "2"')
    assert page.unchanged(*asked).refers_to == second.record_id
    page.sent("one", 'ETag: "1"')
    assert page.unchanged(*asked).refers_to == first.record_id


def test_a_fault_is_never_what_is_unchanged(page: Page) -> None:
    first = page.sent("one", 'ETag: "1"')
    for _ in range(2):
        page._record("HTTP/1.1 404 Not Found\r\n\r\nnone", ())
    assert page.unchanged().refers_to == first.record_id


def test_what_can_not_be_read_is_passed_over(tmp_path: Path) -> None:
    with CollectionWriter(tmp_path, "news") as writer:
        page = Page(writer)
        page.sent("one", 'ETag: "1"')
        second = page.sent("two", 'ETag: "2"')
        path = writer.places.warc(second.warc)
        content = path.read_bytes()
        path.write_bytes(bytes(len(content)))
        assert page.unchanged('If-None-Match: "1"').refers_to == second.record_id


def test_verification_notes_a_304_that_refers_to_another_capture_than_was_asked_about(
    tmp_path: Path,
) -> None:
    with CollectionWriter(tmp_path, "news") as writer:
        page = Page(writer)
        page.sent("one", 'ETag: "1"')
        second = page.sent("two", 'ETag: "2"')
        page.unchanged('If-None-Match: "1"')
        page.unchanged('If-None-Match: "2"')
    assert findings(tmp_path) == []
    with CollectionWriter(tmp_path, "news") as writer:
        page = Page(writer)
        page.seconds = 10
        wrong = page.unchanged('If-None-Match: "3"', fields=('ETag: "3"',))
    assert wrong.refers_to == second.record_id
    assert findings(tmp_path) == [
        f'archive/{wrong.warc}: record at offset {wrong.offset}: the server said that what came with ETag "3" is '
        f"unchanged, but {second.record_id}, which it refers to, did not come with that: the page of this time may be "
        "another capture of the URL"
    ]


def _head(*fields: str) -> Head:
    return parse_head(f"GET / HTTP/1.1\r\n{_lines(*fields)}\r\n".encode())


@pytest.mark.parametrize(
    ("fields", "validators"),
    [
        ((), ()),
        (('If-None-Match: "a,b" , W/"c"',), ('ETag "a,b"', 'ETag "c"')),
        (("If-None-Match: unquoted",), ("ETag unquoted",)),
        (("If-None-Match: *", "If-Modified-Since: then"), ("ETag *",)),
        (("If-Modified-Since: then",), ("Last-Modified then",)),
        (('ETag: "a"', "Last-Modified: then"), ()),
    ],
)
def test_what_a_request_asks_by(fields: tuple[str, ...], validators: tuple[str, ...]) -> None:
    assert asked_by(_head(*fields)) == frozenset(validators)


def test_what_a_response_came_with() -> None:
    assert sent_with(_head('ETag: W/"a"', "Last-Modified: then")) == {'ETag "a"', "Last-Modified then"}
