"""A page as a browser rendered it: the value that capture hands to the archive in place of one exchange."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

from archive.capture import PAGE_TYPES, Capture, media_type
from archive.errors import MessageError
from archive.exchange import Exchange
from archive.extraction.rights import stated
from archive.spool import Spool
from archive.warc.captures import Dom
from archive.warc.http import Head, parse_head

_HEAD_LIMIT = 1 << 20
_PAGE_ID = "WARC-Page-ID"
_RESOURCE_TYPE = "WARC-Resource-Type"


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """What a browser fetched for a page, and what it made of it.

    url         of the document in the end, without fragment
    exchanges   all of them, in the order in which the requests went out
    dom         the document's markup once it had settled, UTF-8; empty where there is none
    screenshot  a PNG of the whole page, or None
    pdf         or None
    """

    url: str
    exchanges: tuple[Exchange, ...]
    dom: bytes = b""
    screenshot: bytes | None = None
    pdf: bytes | None = None

    @property
    def main(self) -> Exchange | None:
        """The exchange that brought the document; None where none did, as for one that a service worker made."""
        own = [(exchange, head) for exchange, head in self._documents() if not _leads_on(head)]
        here = (exchange for exchange, _ in own if exchange.url == self.url)
        # A script may have given the document another address than the one that it was fetched from.
        return next(here, own[0][0] if own else None)

    @property
    def lead(self) -> Exchange | None:
        """The exchange that stands for the page: that of the document, or the last one where no document came, such
        as the end of a row of redirects."""
        return self.main or (self.exchanges[-1] if self.exchanges else None)

    @property
    def page_id(self) -> str | None:
        """The WARC-Page-ID that all of its exchanges carry."""
        return next((value for name, value in self._fields() if name == _PAGE_ID), None)

    @property
    def has_text(self) -> bool:
        """Whether text is to be made of the DOM: where the document was a page, by the rule for those that no browser
        rendered, or where a service worker made it. The DOM of an error page, or of a player that the browser puts
        around a film, is none."""
        if not (self.dom and self.exchanges):
            return False
        main = self.main
        if main is None:
            return not any(self._documents())
        head = _head(main)
        assert head is not None, "else it were not the document's"
        status = head.status or 0
        return 200 <= status < 300 and media_type(head.get("Content-Type")) in PAGE_TYPES

    @property
    def rights(self) -> dict[str, str]:
        """What the header of the document's response states of rights to the text, by lower-case name: the DOM has no
        header of its own."""
        head = _head(self.main) if self.main else None
        return {} if head is None else stated(head.get)

    def block_of(self, capture: Capture) -> Spool:
        """The block of the record that `write_rendering` said stands for the page."""
        if capture.rendering == "dom":
            return Dom(self.dom, self.rights)
        return Spool(self.lead.response.getvalue() if self.lead else b"")

    def close(self) -> None:
        """Let go of the responses."""
        for exchange in self.exchanges:
            exchange.response.close()

    def _documents(self) -> Iterator[tuple[Exchange, Head]]:
        for exchange in self.exchanges:
            named = dict(exchange.fields).get(_RESOURCE_TYPE, "document")
            if named.lower() == "document" and (head := _head(exchange)) is not None:
                yield exchange, head

    def _fields(self) -> Iterator[tuple[str, str]]:
        for exchange in self.exchanges:
            yield from exchange.fields


def _head(exchange: Exchange) -> Head | None:
    try:
        return parse_head(exchange.response.peek(_HEAD_LIMIT))
    except MessageError:
        return None


def _leads_on(head: Head) -> bool:
    status = head.status or 0
    redirect = HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST
    return redirect and head.get("Location") is not None
