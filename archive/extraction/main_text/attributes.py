"""Tests of an element's attributes, as XPath states them, whose verdict on a value is remembered.

A site writes the same few hundred classes and ids on all of its pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

ValueTest = Callable[[str], object]
"""A test of a value, passed if what it gives is true. Of each there is one, however many expressions ask for it."""

_REMEMBERED = 1 << 15
"""Values of attributes whose verdicts are kept: some megabytes, the names of many sites."""
_LONG = 2_000
"""Characters of a value from which on it is no name that comes again."""


class Unknown(Exception):  # noqa: N818 - not an error: the expression is left to libxml2
    """The expression holds something that is not compiled."""


Change = tuple[str, str] | None
"""Letters, and those that take their places before a value is tested (XPath 1.0, 4.2, translate)."""


@cache
def _changing(letters: str, others: str) -> Callable[[str], str]:
    table = str.maketrans(letters, others)
    return lru_cache(1)(lambda value: value.translate(table))  # its tests follow on each other


def _changed(test: ValueTest, change: Change) -> ValueTest:
    if change is None:
        return test
    changing = _changing(*change)
    return lambda value: test(changing(value))


@cache
def _matches(change: Change, pattern: str, flags: str = "") -> ValueTest:
    if flags not in ("", "i"):
        raise Unknown(flags)
    return _changed(re.compile(pattern, re.UNICODE | (re.IGNORECASE if flags else 0)).search, change)


@cache
def _contains(change: Change, text: str) -> ValueTest:
    return _changed(lambda value: text in value, change)


@cache
def _starts(change: Change, text: str) -> ValueTest:
    return _changed(lambda value: value.startswith(text), change)


FUNCTIONS: dict[str, Callable[..., ValueTest]] = {
    "re:test": _matches,
    "contains": _contains,
    "starts-with": _starts,
}


@cache
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
        self.bits = _register((name,), [_anything])

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

    def __init__(self, names: tuple[str, ...], tests: list[ValueTest]) -> None:
        self.names = names
        self.bits = _register(names, tests)

    def __call__(self, element: HtmlElement) -> bool:
        for name in element.keys():  # noqa: SIM118 - an element iterates over its children
            if name in self.names:
                return bool(_passed(name, element.get(name, "")) & self.bits)
        return False


class AnyOf(Test):
    """Whether one of the tests holds: of an attribute's value, of the first in the markup of several, or of `others`.

    An attribute that is missing counts as an empty string (XPath 1.0, 4.2), which may pass none of the tests.
    """

    def __init__(self, groups: dict[tuple[str, ...], list[ValueTest]], others: list[Test]) -> None:
        if any(test("") for tests in groups.values() for test in tests):
            raise Unknown("a test that an empty string passes")
        self.single = [
            (names[0], _register(names, tests)) for names, tests in groups.items() if len(names) == 1
        ]
        self.others = [_OfFirst(names, tests) for names, tests in groups.items() if len(names) > 1] + others
        for _, bit in self.single:
            self.bits |= bit

    def __call__(self, element: HtmlElement) -> bool:
        present = element.keys()
        if present:
            for name, bit in self.single:
                if name in present and _passed(name, element.get(name, "")) & bit:
                    return True
        elif not self.others:
            return False
        for other in self.others:  # noqa: SIM110 - a generator would cost more than the tests
            if other(element):
                return True
        return False

    def possible(self, present: int) -> bool:
        return bool(self.bits & present) or any(other.possible(present) for other in self.others)


_TESTS: dict[str, dict[ValueTest, int]] = {}
"""Attribute -> each test that some expression makes of it -> the bits of those expressions' groups of tests."""
_VALUES: dict[str, etree.XPath] = {}
"""The values of each of these attributes on a page."""
_bits = 0


def _anything(value: str) -> bool:
    return True


def _register(names: tuple[str, ...], tests: list[ValueTest]) -> int:
    """A bit of its own for a group of tests, of which a value of these attributes has to pass one."""
    global _bits
    bit = 1 << _bits
    _bits += 1
    for name in names:
        known = _TESTS.setdefault(name, {})
        for test in tests:
            known[test] = known.get(test, 0) | bit
        _VALUES[name] = etree.XPath(f"descendant-or-self::*/@{name}", smart_strings=False)
    forget()
    return bit


def _found(name: str, value: str) -> int:
    bits = 0
    for test, groups in _TESTS[name].items():
        if test(value):
            bits |= groups
    return bits


_known = lru_cache(_REMEMBERED)(_found)


def _passed(name: str, value: str) -> int:
    """The bits of all groups of tests that an attribute passes."""
    return _known(name, value) if len(value) <= _LONG else _found(name, value)


def present(root: HtmlElement) -> int:
    """The bits of all groups of tests that some attribute of the page passes."""
    bits = 0
    for name, values in _VALUES.items():
        for value in set(cast("list[str]", values(root))):
            bits |= _passed(name, value)
    return bits


def forget() -> None:
    """Forget the verdicts on attributes of earlier pages, for measuring a page on its own."""
    _known.cache_clear()
