"""A capture: what its record says, whether its bytes are what they should be, and the bytes themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from archive.capture import Capture
from archive.collection import Collection
from archive.digests import has_digest
from archive.errors import MessageError, RecordError
from archive.warc.http import parse_head
from archive.warc.reader import read_record_at
from archive.warc.record import Record
from crawler.serving.library import Library
from crawler.serving.rendering import page

_CHECKED = 64 << 20  # bytes of a record whose digest is computed for a page; `tearsheet verify` takes any
_HEAD = 1 << 16
_PIECE = 1 << 18


@dataclass(frozen=True, slots=True)
class Look:
    """A record as it lies there now.

    fields  the header lines of the record
    head    the response's head as it came, or None where the block is none
    sound   whether the block has its digest; None where none was noted, or it can't be computed here
    """

    fields: tuple[tuple[str, str], ...] = ()
    head: str | None = None
    sound: bool | None = None
    problem: str | None = None


def show(request: Request) -> Response:
    name = request.path_params["name"]
    library: Library = request.app.state.library
    with library.open(name) as collection:
        capture = _capture(collection, request.path_params["number"])
        state = collection.catalogue.state(capture.number)
        text = (
            collection.catalogue.text(state.text_number) if state and state.text_number is not None else None
        )
        look = _look(_warc(collection, capture), capture)
        original = collection.catalogue.by_record_id(capture.refers_to) if capture.refers_to else None
    return page(
        "capture.html", name=name, capture=capture, text=text, state=state, look=look, original=original
    )


def record(request: Request) -> Response:
    """The record as it lies in the WARC file, byte for byte: of a gzip file its member."""
    library: Library = request.app.state.library
    with library.open(request.path_params["name"]) as collection:
        capture = _capture(collection, request.path_params["number"])
        path = _warc(collection, capture)
    if not capture.length:
        sentence = (
            "it shares its gzip member with others, so it has no bytes of its own; read the file itself"
        )
        raise RecordError(path, capture.offset, sentence)
    _read(path, capture).close()
    length = min(capture.length, path.stat().st_size - capture.offset)
    ending = ".warc.gz" if path.name.removesuffix(".open").endswith(".gz") else ".warc"
    headers = {
        "Content-Disposition": f'attachment; filename="capture-{capture.number}{ending}"',
        "Content-Length": str(length),
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return StreamingResponse(
        _slice(path, capture.offset, length), media_type="application/warc", headers=headers
    )


def _capture(collection: Collection, number: int) -> Capture:
    capture = collection.catalogue.numbered(number) if number < 1 << 62 else None
    if capture is None:
        raise HTTPException(404, f"The collection “{collection.name}” has no capture {number}.")
    return capture


def _warc(collection: Collection, capture: Capture) -> Path:
    """The file of a capture. A catalogue from elsewhere may name one that is not the collection's."""
    if Path(capture.warc).name != capture.warc:
        raise HTTPException(500, f"Capture {capture.number} names a file outside of its collection.")
    return collection.places.warc(capture.warc)


def _read(path: Path, capture: Capture) -> Record:
    """The record, to be closed. Raises RecordError where it is not that of the capture."""
    try:
        found = read_record_at(path, capture.offset)
    except OSError as error:
        raise RecordError(path, capture.offset, f"the file can't be read ({error.strerror})") from error
    if found.record_id not in (capture.record_id, None):
        found.close()
        raise RecordError(path, capture.offset, f"it is {found.record_id}, not {capture.record_id} as it was")
    return found


def _look(path: Path, capture: Capture) -> Look:
    try:
        record = _read(path, capture)
        if record.content_length > _CHECKED:
            with record:
                return Look(record.headers)
        with record.read_block() as block:
            sound = has_digest(capture.block_digest, block.pieces()) if capture.block_digest else None
            try:
                head = block.peek(parse_head(block.peek(_HEAD)).length).decode("latin-1")
            except MessageError:
                head = None
        return Look(record.headers, head, sound)
    except RecordError as error:
        return Look(problem=str(error))


def _slice(path: Path, offset: int, length: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(offset)
        while length and (piece := file.read(min(length, _PIECE))):
            length -= len(piece)
            yield piece
