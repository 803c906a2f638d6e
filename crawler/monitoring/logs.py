"""Log lines as JSON objects, for collectors of logs."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import orjson


class JsonFormatter(logging.Formatter):
    """One object a line: `time` (ISO 8601, UTC, microseconds), `level`, `logger`, `message`, and `outlet` and
    `exception` where there are any."""

    def format(self, record: logging.LogRecord) -> str:
        row: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        spider = getattr(record, "spider", None)
        if outlet := getattr(spider, "outlet", None):
            row["outlet"] = outlet.name
        if record.exc_info:
            row["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(row).decode()


def event(kind: str, level: str, message: str, url: str | None) -> bytes:
    """What a command tells of its work, in the same form."""
    row = {
        "time": datetime.now(UTC).isoformat(timespec="microseconds"),
        "level": level,
        "logger": "tearsheet",
        "event": kind,
        "message": message,
    }
    return orjson.dumps(row | ({"url": url} if url else {}), option=orjson.OPT_APPEND_NEWLINE)
