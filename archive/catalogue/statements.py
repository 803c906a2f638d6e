"""What is asked of the catalogue's captures and texts, and how they are changed.

Built once: SQLAlchemy finds the compiled form of a statement that it knows in a few microseconds.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from sqlalchemy import bindparam, func, select, update

from archive.capture import Capture
from archive.catalogue.rows import CAPTURE_COLUMNS, CaptureState, State, TextRow, capture_row
from archive.catalogue.tables import captures, texts

CAPTURES = select(*CAPTURE_COLUMNS)
BY_URL = CAPTURES.where(captures.c.url == bindparam("url"))
WHOLE = (
    captures.c.record_type == "response",
    captures.c.method == "GET",
    captures.c.truncated.is_(None),
)
FOR_ITSELF = captures.c.rendering.is_(None)
SAME_OR_PART = BY_URL.where(
    captures.c.entity_digest == bindparam("digest"),
    captures.c.status.is_not_distinct_from(bindparam("status")),
    *WHOLE,
).order_by(captures.c.number)
SAME = SAME_OR_PART.where(FOR_ITSELF)
LATEST = BY_URL.where(captures.c.status == 200, *WHOLE, FOR_ITSELF).order_by(
    captures.c.date.desc(), captures.c.number.desc()
)
MAY_BE_UNCHANGED = (
    BY_URL.where(
        captures.c.method == "GET",
        captures.c.truncated.is_(None),
        FOR_ITSELF,
        (captures.c.record_type == "revisit")
        | ((captures.c.record_type == "response") & (captures.c.status == HTTPStatus.OK)),
    )
    .order_by(captures.c.date.desc(), captures.c.number.desc())
    .limit(100)  # a feed that is asked for every hour has thousands; validators are those of the last ones
)
FIND = BY_URL.where(
    captures.c.record_type != "revisit",
    captures.c.rendering.is_distinct_from("dom"),
    captures.c.date >= bindparam("begin"),
    captures.c.date < bindparam("end"),
).order_by(captures.c.number)
ANSWERS = BY_URL.where(
    captures.c.method == "GET",
    captures.c.truncated.is_(None),
    captures.c.rendering.is_distinct_from(bindparam("but")),
    (captures.c.rendering == bindparam("only")) | bindparam("only").is_(None),
    (captures.c.record_type == "revisit")
    | (captures.c.status.is_not(None) & (captures.c.status != HTTPStatus.NOT_MODIFIED)),
)
ANSWER_BEFORE = ANSWERS.where(captures.c.date <= bindparam("moment")).order_by(
    captures.c.date.desc(), captures.c.number.desc()
)
ANSWER_AFTER = ANSWERS.where(captures.c.date > bindparam("moment")).order_by(
    captures.c.date, captures.c.number
)
BY_RECORD_ID = CAPTURES.where(captures.c.record_id == bindparam("record_id"))
AT = CAPTURES.where(captures.c.warc == bindparam("warc"), captures.c.offset == bindparam("offset"))
STATE = select(captures.c.number, captures.c.state, captures.c.text_number, captures.c.note).where(
    captures.c.number == bindparam("number")
)
TEXT = select(texts).where(texts.c.number == bindparam("number"))
TEXT_BY_HASH = select(texts).where(texts.c.hash == bindparam("hash"))
TEXTS_AT = (
    select(captures.c.number, captures.c.text_number)
    .where(captures.c.url == bindparam("url"), captures.c.text_number.is_not(None))
    .order_by(captures.c.number)
)
CANONICAL = select(texts.c.number).where(texts.c.canonical_url == bindparam("url"))
HISTORY = (
    select(*CAPTURE_COLUMNS, captures.c.state, captures.c.text_number, captures.c.note)
    .where(
        (captures.c.url == bindparam("url")) | captures.c.text_number.in_(CANONICAL),
        captures.c.method == "GET",
    )
    .order_by(captures.c.number)
)
PENDING = captures.c.state == "pending"
PENDING_PAGE = (
    CAPTURES.where(PENDING, captures.c.number > bindparam("after"), captures.c.number <= bindparam("last"))
    .order_by(captures.c.number)
    .limit(500)
)
SET_STATE = (
    update(captures)
    .where(captures.c.number == bindparam("capture"))
    .values(state=bindparam("now"), text_number=bindparam("text"), note=bindparam("reason"))
)
REFRESHED = ("url", "canonical_url", "outlet", "date_published", "language")
REFRESH_TEXT = (
    update(texts)
    .where(texts.c.number == bindparam("text"))
    .values({name: bindparam(f"new_{name}") for name in REFRESHED})
)

_BEFORE = func.lag(captures.c.warc).over(order_by=captures.c.number).label("before")
_FOLLOWING = select(captures.c.number, captures.c.offset, captures.c.warc, _BEFORE).subquery()
STRETCHES = (
    select(_FOLLOWING.c.offset, _FOLLOWING.c.warc)
    .where(_FOLLOWING.c.before.is_distinct_from(_FOLLOWING.c.warc))
    .order_by(_FOLLOWING.c.number)
)
CORRECT = (
    update(captures)
    .where(captures.c.number == bindparam("capture"))
    .values({column.name: bindparam(f"new_{column.name}") for column in CAPTURE_COLUMNS[1:]})
)


def correct_row(capture: Capture, state: State) -> dict[str, Any]:
    row = capture_row(capture, state)
    return {"capture": capture.number} | {
        f"new_{column.name}": row[column.name] for column in CAPTURE_COLUMNS[1:]
    }


def change_row(change: CaptureState) -> dict[str, Any]:
    return {"capture": change.number, "now": change.state, "text": change.text_number, "reason": change.note}


def refreshed_row(row: TextRow) -> dict[str, Any]:
    return {"text": row.number} | {f"new_{name}": getattr(row, name) for name in REFRESHED}
