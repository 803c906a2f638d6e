"""Where in a TOML file a key stands: tomllib tells nothing but values."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TABLE = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_OUTLET = re.compile(r"\s*\[\[\s*outlet\s*\]\]")


def line_of_table(text: str, index: int) -> int:
    """Line (from 1) of `[[outlet]]` header number `index` (from 0); 1 if tables are written otherwise."""
    headers = [number for number, line in enumerate(text.splitlines(), 1) if _OUTLET.match(line)]
    return headers[index] if index < len(headers) else 1


def line_of_key(text: str, index: int, location: Sequence[str | int], value: object) -> int:
    """Line (from 1) of a key of outlet number `index`, or of the item of its array that is `value`.

    `location` is pydantic's: the key, then the position in its array; before them, for a key of a table inside of the
    outlet's (`[[outlet.rules]]`), that table's name and position. Without the key, the table's line.
    """
    lines = text.splitlines()
    table = line_of_table(text, index)
    following = next((at for at in range(table, len(lines)) if _OUTLET.match(lines[at])), len(lines))
    if len(location) > 1 and isinstance(location[1], int):
        inner = re.compile(rf"\s*\[\[\s*outlet\s*\.\s*{re.escape(str(location[0]))}\s*\]\]")
        headers = [at for at in range(table, following) if inner.match(lines[at])]
        if location[1] < len(headers):
            start = headers[location[1]] + 1
            end = next((at for at in range(start, following) if _TABLE.match(lines[at])), following)
            return _line_between(lines, start, end, location[2:], value)
    return _line_between(lines, table, following, location, value)


def _line_between(
    lines: list[str], table: int, end: int, location: Sequence[str | int], value: object
) -> int:
    if not location:
        return table
    key = re.compile(rf"\s*[\"']?{re.escape(str(location[0]))}[\"']?\s*[.=]")
    start = next((at for at in range(table, end) if key.match(lines[at])), None)
    if start is None:
        return table
    if len(location) > 1 and isinstance(value, str):
        for at in range(start, end):
            if f'"{value}"' in lines[at] or f"'{value}'" in lines[at]:
                return at + 1
    return start + 1


def line_of_top_key(text: str, key: str) -> int:
    """Line (from 1) of a key or table at the top level; 1 if it is written in an unusual way."""
    assigned = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[.=]")
    for number, line in enumerate(text.splitlines(), 1):
        table = _TABLE.match(line)
        if assigned.match(line) or (table and table[1].strip("\"'").partition(".")[0] == key):
            return number
    return 1
