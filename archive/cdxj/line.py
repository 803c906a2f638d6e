"""One line of a CDXJ index, with the fields that pywb reads and writes."""

from __future__ import annotations

import json

from surt import surt

from archive.capture import Capture


def urlkey(url: str) -> str:
    """The URL in Sort-friendly URI Reordering Transform: the key by which a CDXJ is sorted."""
    try:
        key: str = surt(url)
    except (ValueError, AttributeError):  # no URL that a browser would take: a port past 65535, a space alone
        key = url
    return key.replace(" ", "%20")


def cdxj_line(capture: Capture) -> str:
    """`<urlkey> <14-digit UTC time> <JSON>`, without a line end.

    A revisit has the media type `warc/revisit`, by which pywb knows that the payload lies elsewhere.
    """
    fields = {
        "url": capture.target_uri,
        "mime": "warc/revisit" if capture.record_type == "revisit" else capture.mime or "unk",
        "status": str(capture.status or "-"),
        "digest": capture.entity_digest,
        "length": str(capture.length),
        "offset": str(capture.offset),
        "filename": capture.warc,
    }
    if capture.method != "GET":
        fields["method"] = capture.method
    return (
        f"{urlkey(capture.target_uri)} {capture.date:%Y%m%d%H%M%S} {json.dumps(fields, ensure_ascii=False)}"
    )
