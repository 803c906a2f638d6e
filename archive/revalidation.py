"""What a server found unchanged: the capture whose validators it was asked by (RFC 9110, 8.8 and 13.1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from http import HTTPStatus
from pathlib import Path

from archive.capture import Capture
from archive.errors import MessageError, RecordError
from archive.revisits import resolved
from archive.warc.http import Head, parse_head
from archive.warc.reader import read_record_at

Validators = frozenset[str]
"""Entity tags and dates of change, each as `<what> <value>`. What weakens a tag is left out: a GET is asked by weak
comparison (RFC 9110, 13.1.2)."""

_HEAD_LIMIT = 1 << 16
_TAG = re.compile(r'(?:W/)?"[^"]*"|[^\s,]+')  # RFC 9110, 8.8.3; some servers leave the quotes out


def sent_with(head: Head) -> Validators:
    """The validators that a response came with."""
    dates = head.get_all("Last-Modified")
    return frozenset([*map(_tag, head.get_all("ETag")), *(f"Last-Modified {date}" for date in dates)])


def asked_by(head: Head) -> Validators:
    """The validators that a request asks by. A date counts only where there is no entity tag (RFC 9110, 13.1.3)."""
    if listed := head.get_all("If-None-Match"):
        return frozenset(_tag(tag) for value in listed for tag in _TAG.findall(value))
    return frozenset(f"Last-Modified {date}" for date in head.get_all("If-Modified-Since"))


def _tag(value: str) -> str:
    return f"ETag {value.strip().removeprefix('W/')}"


def may_be_unchanged(capture: Capture) -> bool:
    """Whether a 304 can mean a capture, or what it refers to: one for itself, of a whole successful response."""
    successful = capture.record_type == "response" and capture.status == HTTPStatus.OK
    return (
        (successful or capture.record_type == "revisit")
        and capture.method == "GET"
        and capture.truncated is None
        and capture.rendering is None
    )


def found_unchanged(
    asked: Validators,
    captures: Iterable[Capture],
    by_record_id: Callable[[str], Capture | None],
    path_of: Callable[[str], Path],
) -> Capture | None:
    """Which of the `captures` of a URL, the newest first and revisits among them, a 304 says is unchanged: what that
    one stands for which came with the validators that were `asked` by, or the newest where none is known to have.

    None where no capture stands for a successful response. `path_of` gives the place of a WARC file; records are only
    read where captures stand for different things.
    """
    by_record_id = cache(by_record_id)
    standing = [
        (capture, original)
        for capture in captures
        if (original := resolved(capture, by_record_id)) and original.status == HTTPStatus.OK
    ]
    if asked and len({original.record_id for _, original in standing}) > 1:
        validators = cache(lambda capture: _stored_with(capture, path_of))
        for capture, original in standing:
            if asked & (validators(capture) | validators(original)):
                return original
    return standing[0][1] if standing else None


def _stored_with(capture: Capture, path_of: Callable[[str], Path]) -> Validators:
    """None of a record that can't be read: what is wrong with it is for verification to name."""
    try:
        with read_record_at(path_of(capture.warc), capture.offset) as record:
            return sent_with(parse_head(record.block.read(_HEAD_LIMIT)))
    except (MessageError, RecordError, OSError):
        return frozenset()
