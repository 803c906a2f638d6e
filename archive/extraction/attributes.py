"""Tests of an element's attributes, as XPath states them, whose verdict on a value is remembered.

A site writes the same few hundred classes and ids on all of its pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from lxml.html import HtmlElement

Test = Callable[[HtmlElement], bool]
ValueTest = Callable[[str], bool]

_REMEMBERED = 1 << 14
"""Values of attributes whose verdict is kept, for each group of tests: some megabytes, the names of many sites."""
_LONG = 2_000
"""Characters of a value from which on it is no name that comes again."""


class Unknown(Exception):  # noqa: N818 - not an error: the expression is left to libxml2
    """The expression holds something that is not compiled."""


Change = dict[int, int] | None


def _changed(test: ValueTest, change: Change) -> ValueTest:
    return test if change is None else lambda value: test(value.translate(change))


def _matches(change: Change, pattern: str, flags: str = "") -> ValueTest:
    if flags not in ("", "i"):
        raise Unknown(flags)
    search = re.compile(pattern, re.UNICODE | (re.IGNORECASE if flags else 0)).search
    return _changed(lambda value: search(value) is not None, change)


def _contains(change: Change, text: str) -> ValueTest:
    return _changed(lambda value: text in value, change)


def _starts(change: Change, text: str) -> ValueTest:
    return _changed(lambda value: value.startswith(text), change)


FUNCTIONS: dict[str, Callable[..., ValueTest]] = {
    "re:test": _matches,
    "contains": _contains,
    "starts-with": _starts,
}


def equals(text: str) -> ValueTest:
    return lambda value: value == text


def has(name: str) -> Test:
    return lambda element: element.get(name) is not None


def any_of_attributes(groups: dict[tuple[str, ...], list[ValueTest]], others: list[Test]) -> Test:
    """Whether one of the tests holds: of an attribute's value, of the first in the markup of several, or of `others`.

    An attribute that is missing counts as an empty string (XPath 1.0, 4.2).
    """
    single = [(names[0], _remembered(tests)) for names, tests in groups.items() if len(names) == 1]
    others = [
        _of_first(names, _remembered(tests)) for names, tests in groups.items() if len(names) > 1
    ] + others
    if any(verdict("") for _, verdict in single):
        raise Unknown("a test that an empty string passes")

    def joined(element: HtmlElement) -> bool:
        present = element.keys()
        if present:
            for name, verdict in single:
                if name in present:
                    value = element.get(name)
                    if value and verdict(value):
                        return True
        elif not others:
            return False
        for other in others:  # noqa: SIM110 - a generator would cost more than the tests
            if other(element):
                return True
        return False

    return joined


def _remembered(tests: list[ValueTest]) -> ValueTest:
    def passes(value: str) -> bool:
        return any(test(value) for test in tests)

    remembered = lru_cache(_REMEMBERED)(passes)
    _MEMORIES.append(remembered.cache_clear)
    return lambda value: remembered(value) if len(value) <= _LONG else passes(value)


_MEMORIES: list[Callable[[], None]] = []


def forget() -> None:
    """Forget the verdicts on attributes of earlier pages, for measuring a page on its own."""
    for clear in _MEMORIES:
        clear()


def _of_first(names: tuple[str, ...], verdict: ValueTest) -> Test:
    def first(element: HtmlElement) -> bool:
        for name in element.keys():  # noqa: SIM118 - an element iterates over its children
            if name in names:
                value = element.get(name)
                return bool(value) and verdict(value)
        return False

    if verdict(""):
        raise Unknown("a test that an empty string passes")
    return first
