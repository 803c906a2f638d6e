"""A rendered page as WARC records: its exchanges, then `resource` records of what the browser made of them.

The URIs are those of Browsertrix and of tools around it: `urn:dom:URL` for the markup of the document once scripts have
run, `urn:fullPage:URL` for a picture of the whole page, and after their pattern `urn:pdf:URL`. So viewers find the
picture, and nobody takes the markup for what a server sent. Each names the document's response by WARC-Concurrent-To
and has its date, as records of one capture event do (ISO 28500:2017, 5.4 and 5.7), and the WARC-Page-ID of all.

The standard has no word for where the text of a page is that is more than one response. WARC-Page-Record says it:
what was fetched for the page names the record that has the text, so a reader of any one of them knows that it has
none, wherever it begins to read. WARCs of other tools lack it; their responses have text as ever.

The record of the DOM repeats what the header of the document's response says of rights to its text, since it has no
header of its own, and a reader who begins with it, or has it alone, would not know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from archive.capture import DOM_URN, Capture, media_type, warc_date
from archive.digests import digest_of
from archive.exchange import Exchange
from archive.rendered import RenderedPage
from archive.warc.captures import RIGHTS
from archive.warc.exchanges import PAGE_RECORD, Known, write_exchange
from archive.warc.writer import Block, Headers, WarcWriter

SCREENSHOT_URN = "urn:fullPage:"
PDF_URN = "urn:pdf:"


def write_rendering(
    writer: WarcWriter,
    page: RenderedPage,
    started: datetime,
    number: int,
    known: Known,
    on_capture: Callable[[Capture], None],
) -> Capture | None:
    """Append the records of `page` to one WARC file; each capture goes to `on_capture` as it is written, numbered
    from `number` on. `started` is when the browser was sent there.

    Returns the capture that stands for the page: that of its DOM or, where none is kept, that of its document; None
    where nothing came of it at all.
    """
    lead = page.lead
    lead_id, dom_id = writer.new_record_id(), writer.new_record_id()
    page_record = dom_id if page.has_text else lead_id
    date = lead.started if lead else started
    found: Capture | None = None
    with writer.group():
        for exchange in page.exchanges:
            is_lead = exchange is lead
            part = page.has_text or not is_lead
            marked = _marked(exchange, page_record) if part else exchange
            capture = write_exchange(writer, marked, number, known, lead_id if is_lead else None)
            on_capture(capture)
            number += 1
            found = capture if is_lead else found
        common = _common(page, lead_id if lead else None, date)
        for uri, content_type, content in _resources(page):
            record_id = dom_id if uri.startswith(DOM_URN) else writer.new_record_id()
            headers = [*common, *_rights(page)] if record_id == dom_id else common
            capture = _write(writer, uri, content_type, content, record_id, headers, date, number)
            on_capture(capture)
            number += 1
            found = capture if capture.rendering == "dom" else found
    return found


def _marked(exchange: Exchange, page_record: str) -> Exchange:
    return replace(exchange, fields=(*exchange.fields, (PAGE_RECORD, page_record)))


def _resources(page: RenderedPage) -> Iterator[tuple[str, str, bytes]]:
    if page.has_text:
        yield DOM_URN + page.url, "text/html; charset=utf-8", page.dom
    if page.screenshot:
        yield SCREENSHOT_URN + page.url, "image/png", page.screenshot
    if page.pdf:
        yield PDF_URN + page.url, "application/pdf", page.pdf


def _common(page: RenderedPage, lead_id: str | None, date: datetime) -> Headers:
    headers = [("WARC-Date", warc_date(date))]
    if lead_id:
        headers.append(("WARC-Concurrent-To", lead_id))
    if page.page_id:
        headers.append(("WARC-Page-ID", page.page_id))
    return headers


def _rights(page: RenderedPage) -> Headers:
    return [(RIGHTS[name], value) for name, value in page.rights.items()]


def _write(
    writer: WarcWriter,
    uri: str,
    content_type: str,
    content: bytes,
    record_id: str,
    common: Headers,
    date: datetime,
    number: int,
) -> Capture:
    digest = digest_of((content,))
    headers = [
        ("WARC-Record-ID", record_id),
        ("WARC-Target-URI", uri),
        ("WARC-Warcinfo-ID", writer.warcinfo_id),
        *common,
        ("Content-Type", content_type),
    ]
    # No payload digest: block and payload are the same here, and warcat breaks off at one.
    place = writer.write("resource", headers, Block.of(content), digest)
    is_dom = uri.startswith(DOM_URN)
    return Capture(
        number=number,
        url=uri.removeprefix(DOM_URN),
        date=date,
        record_id=record_id,
        record_type="resource",
        warc=place.warc,
        offset=place.offset,
        length=place.length,
        entity_digest=digest,
        block_digest=digest,
        status=200,
        mime=media_type(content_type),
        rendering="dom" if is_dom else None,
    )
