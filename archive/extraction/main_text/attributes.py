"""Tests of an element's attributes, as XPath states them, whose verdict on a value is remembered.

A site writes the same few hundred classes and ids on all of its pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

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


class Test:
    """A test of one element. `possible` says whether it can hold at all, given what `present` found on the page."""

    bits = 0

    def __call__(self, element: HtmlElement) -> bool:
        raise NotImplementedError

    def possible(self, present: int) -> bool:
        return bool(self.bits & present)


class Has(Test):
    """Whether an element has the attribute."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.bits = _register((name,), lambda _: True)

    def __call__(self, element: HtmlElement) -> bool:
        return element.get(self.name) is not None


class Not(Test):
    """A test of something else than attributes, which is possible on every page."""

    def __init__(self, holds: Callable[[HtmlElement], bool]) -> None:
        self.holds = holds

    def __call__(self, element: HtmlElement) -> bool:
        return not self.holds(element)

    def possible(self, present: int) -> bool:
        return True


class _OfFirst(Test):
    """Whether the value passes that comes first in the markup of several attributes."""

    def __init__(self, names: tuple[str, ...], verdict: ValueTest) -> None:
        if verdict(""):
            raise Unknown("a test that an empty string passes")
        self.names = names
        self.verdict = verdict
        self.bits = _register(names, verdict)

    def __call__(self, element: HtmlElement) -> bool:
        for name in element.keys():  # noqa: SIM118 - an element iterates over its children
            if name in self.names:
                value = element.get(name)
                return bool(value) and self.verdict(value)
        return False


class AnyOf(Test):
    """Whether one of the tests holds: of an attribute's value, of the first in the markup of several, or of `others`.

    An attribute that is missing counts as an empty string (XPath 1.0, 4.2).
    """

    def __init__(self, groups: dict[tuple[str, ...], list[ValueTest]], others: list[Test]) -> None:
        self.single = [(names[0], _remembered(tests)) for names, tests in groups.items() if len(names) == 1]
        self.others = [
            _OfFirst(names, _remembered(tests)) for names, tests in groups.items() if len(names) > 1
        ] + others
        if any(verdict("") for _, verdict in self.single):
            raise Unknown("a test that an empty string passes")
        for name, verdict in self.single:
            self.bits |= _register((name,), verdict)

    def __call__(self, element: HtmlElement) -> bool:
        present = element.keys()
        if present:
            for name, verdict in self.single:
                if name in present:
                    value = element.get(name)
                    if value and verdict(value):
                        return True
        elif not self.others:
            return False
        for other in self.others:  # noqa: SIM110 - a generator would cost more than the tests
            if other(element):
                return True
        return False

    def possible(self, present: int) -> bool:
        return bool(self.bits & present) or any(other.possible(present) for other in self.others)


_REGISTERED: dict[str, list[tuple[int, ValueTest]]] = {}
_VALUES: dict[str, etree.XPath] = {}
"""The values of each of these attributes on a page."""
_bits = 0


def _register(names: tuple[str, ...], verdict: ValueTest) -> int:
    """A bit of its own for a test of the values of these attributes."""
    global _bits
    bit = 1 << _bits
    _bits += 1
    for name in names:
        _REGISTERED.setdefault(name, []).append((bit, verdict))
        _VALUES[name] = etree.XPath(f"descendant-or-self::*/@{name}", smart_strings=False)
    _passed.cache_clear()
    return bit


@lru_cache(_REMEMBERED)
def _passed(name: str, value: str) -> int:
    """The bits of all tests that an attribute passes."""
    return sum(bit for bit, verdict in _REGISTERED[name] if verdict(value))


def present(root: HtmlElement) -> int:
    """The bits of all tests that some attribute of the page passes."""
    bits = 0
    for name, values in _VALUES.items():
        for value in set(cast("list[str]", values(root))):
            bits |= _passed(name, value) if len(value) <= _LONG else _passed.__wrapped__(name, value)
    return bits


def _remembered(tests: list[ValueTest]) -> ValueTest:
    def passes(value: str) -> bool:
        return any(test(value) for test in tests)

    remembered = lru_cache(_REMEMBERED)(passes)
    _MEMORIES.append(remembered.cache_clear)
    return lambda value: remembered(value) if len(value) <= _LONG else passes(value)


_MEMORIES: list[Callable[[], None]] = [_passed.cache_clear]


def forget() -> None:
    """Forget the verdicts on attributes of earlier pages, for measuring a page on its own."""
    for clear in _MEMORIES:
        clear()
