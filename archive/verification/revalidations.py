"""Whether a revisit by 304 refers to what its request asked about: a capture that came with the validators sent."""

from __future__ import annotations

from archive.errors import MessageError
from archive.revalidation import Validators, asked_by, sent_with
from archive.spool import Spool
from archive.verification.references import References
from archive.warc.exchanges import NOT_MODIFIED
from archive.warc.http import Head, parse_head
from archive.warc.record import Record

_HEAD_LIMIT = 1 << 16
_EXCHANGED = ("request", "response", "revisit")


class Revalidations:
    """Notes the validators of a file's records, in their order: a request goes before what it was answered with."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._last_request: tuple[str | None, Validators] = (None, frozenset())

    def add(self, record: Record, block: Spool) -> None:
        head = _head(block) if record.type in _EXCHANGED else None
        if head is None:
            return
        if record.type == "request":
            self._last_request = (record.record_id, asked_by(head))
            return
        of = record.get("WARC-Refers-To") if record.type == "revisit" else record.record_id
        if of is None:
            return
        if record.get("WARC-Profile") == NOT_MODIFIED:
            request_id, asked = self._last_request
            if request_id in record.get_all("WARC-Concurrent-To") and len(asked) == 1:
                self._references.add_asked(record, of, next(iter(asked)))
        else:
            for validator in sent_with(head):
                self._references.add_sent(record, of, validator)


def _head(block: Spool) -> Head | None:
    try:
        return parse_head(block.peek(_HEAD_LIMIT))
    except MessageError:
        return None
