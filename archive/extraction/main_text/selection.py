"""Trafilatura's node selections, compiled from its own XPath expressions.

lxml calls back into Python for every re:test() of every element, and evaluates all of an expression for all of them:
that is most of what Trafilatura costs. Here an expression becomes one pass over the elements of its tags, and what
it says of an attribute's value is remembered. Nothing of an expression is written down twice: its text is read, and
one that holds anything else than what is known here stays the XPath that it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from lxml import etree
from lxml.html import HtmlElement

from archive.extraction.main_text.attributes import (
    FUNCTIONS,
    AnyOf,
    Has,
    Not,
    Test,
    Unknown,
    ValueTest,
    equals,
    present,
)

Select = Callable[[HtmlElement], list[HtmlElement]]

_TOKEN = re.compile(r"\s*(?:('[^']*'|\"[^\"]*\")|(\.//\*|\.//|self::|re:test|[\w@-]+|[()\[\],|=])|(\S))")


def compiled(expression: etree.XPath) -> Select:
    """`expression` as a function that gives the same elements in the same order, or what libxml2 gives.

    One without tests of attributes is left to libxml2, which is faster than any Python.
    """
    if "@" not in expression.path:
        return partial(elements, expression)
    try:
        return _Reader(expression.path).expression()
    except Unknown:
        return partial(elements, expression)


def elements(expression: etree.XPath, root: HtmlElement) -> list[HtmlElement]:
    """What an expression that selects elements selects."""
    found = expression(root)
    return [one for one in found if isinstance(one, etree._Element)] if isinstance(found, list) else []


_PRESENT: ContextVar[int | None] = ContextVar("present", default=None)


@contextmanager
def attributes_of(root: HtmlElement) -> Iterator[None]:
    """Selections made within know what attributes there are: all trees are `root`, copies of it or parts of them.

    Most expressions look for names that a page has nowhere, and need not go through its elements.
    """
    token = _PRESENT.set(present(root))
    try:
        yield
    finally:
        _PRESENT.reset(token)


class _Steps:
    """`.//*[...]` or `.//tag`: descendants by tag, tests and position."""

    def __init__(self, tags: tuple[str, ...], tests: list[Test], first_child: bool) -> None:
        self.tags = tags
        self.tests = tests
        self.first_child = first_child
        self.first = False

    def __call__(self, root: HtmlElement) -> list[HtmlElement]:
        known = _PRESENT.get()
        if known is not None and not all(test.possible(known) for test in self.tests):
            return []
        found = self._found(root)
        if self.first:
            return [element for element in [next(found, None)] if element is not None]
        return list(found)

    def _found(self, root: HtmlElement) -> Iterator[HtmlElement]:
        tests = self.tests
        head, rest = (tests[0], tests[1:]) if tests else (None, [])
        parents: set[HtmlElement] = set()
        for element in root.iterdescendants(*(self.tags or ("*",))):
            if head is not None and not head(element):
                continue
            if rest and not all(test(element) for test in rest):
                continue
            if self.first_child:
                # A position counts among the children of one parent (XPath 1.0, 2.4).
                parent = element.getparent()
                if parent in parents:
                    continue
                parents.add(parent)
            yield element


class _Reader:
    """Reads the part of XPath 1.0 that Trafilatura's expressions use."""

    def __init__(self, path: str) -> None:
        self.tokens = [self._checked(match) for match in _TOKEN.finditer(path.strip())]
        self.at = 0

    @staticmethod
    def _checked(match: re.Match[str]) -> str:
        if match[3]:
            raise Unknown(match[3])
        return match[1] or match[2]

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, *expected: str) -> str:
        token = self.peek()
        if expected and token not in expected:
            raise Unknown(token)
        self.at += 1
        return token

    def expression(self) -> Select:
        terms = [self.term()]
        while self.peek() == "|":
            self.take()
            terms.append(self.term())
        if self.peek():
            raise Unknown(self.peek())
        return terms[0] if len(terms) == 1 else _union(terms)

    def term(self) -> _Steps:
        if self.peek() != "(":
            return self.steps()
        self.take()
        steps = self.steps()
        for token in (")", "[", "1", "]"):
            self.take(token)
        steps.first = True
        return steps

    def steps(self) -> _Steps:
        tags: tuple[str, ...] = ()
        if self.take(".//*", ".//") == ".//":
            tags = (self.name(self.take()),)
        elif self.peek() == "[" and self.tokens[self.at + 1] == "self::":
            self.take()
            tags = self.self_tags()
            self.take("]")
        tests: list[Test] = []
        first_child = False
        while self.peek() == "[":
            self.take()
            if self.peek() == "1" and not first_child:
                self.take()
                first_child = True
            elif first_child:
                raise Unknown("a predicate after a position")
            else:
                tests.append(self.any_of())
            self.take("]")
        return _Steps(tags, tests, first_child)

    def self_tags(self) -> tuple[str, ...]:
        tags = []
        while True:
            self.take("self::")
            tags.append(self.name(self.take()))
            if self.peek() != "or":
                return tuple(tags)
            self.take()

    def any_of(self) -> Test:
        """Tests joined by `or`, those of the same attributes made one that remembers."""
        groups: dict[tuple[str, ...], list[ValueTest]] = {}
        others: list[Test] = []
        while True:
            self.one(groups, others)
            if self.peek() != "or":
                break
            self.take()
        return AnyOf(groups, others)

    def one(self, groups: dict[tuple[str, ...], list[ValueTest]], others: list[Test]) -> None:
        token = self.peek()
        if token == "not":  # noqa: S105
            others.append(self.negation())
        elif token.startswith("@"):
            name = self.take()[1:]
            if self.peek() == "=":
                self.take()
                groups.setdefault((name,), []).append(equals(self.literal()))
            else:
                others.append(Has(name))
        elif token in FUNCTIONS:
            names, test = self.call()
            groups.setdefault(names, []).append(test)
        else:
            raise Unknown(token)

    def negation(self) -> Test:
        self.take("not")
        self.take("(")
        if self.peek() == "self::":
            tags = frozenset(self.self_tags())
            self.take(")")
            return Not(lambda element: element.tag in tags)
        self.take(".//")
        path = ".//" + self.name(self.take())
        self.take(")")
        return Not(lambda element: element.find(path) is not None)

    def call(self) -> tuple[tuple[str, ...], ValueTest]:
        function = self.take()
        self.take("(")
        change = None
        if self.peek() == "translate":
            self.take()
            self.take("(")
            names = self.attributes()
            self.take(",")
            letters = self.literal()
            self.take(",")
            others = self.literal()
            if len(letters) != len(others):
                raise Unknown("letters that are taken out")
            change = letters, others
            self.take(")")
        else:
            names = self.attributes()
        self.take(",")
        arguments = [self.literal()]
        if self.peek() == ",":
            self.take()
            arguments.append(self.literal())
        self.take(")")
        return names, FUNCTIONS[function](change, *arguments)

    def attributes(self) -> tuple[str, ...]:
        names = [self.attribute()]
        while self.peek() == "|":
            self.take()
            names.append(self.attribute())
        return tuple(names)

    def attribute(self) -> str:
        token = self.take()
        if not token.startswith("@"):
            raise Unknown(token)
        return token[1:]

    def literal(self) -> str:
        token = self.take()
        if token[:1] not in ("'", '"'):
            raise Unknown(token)
        return token[1:-1]

    @staticmethod
    def name(token: str) -> str:
        if not token.isalnum():
            raise Unknown(token)
        return token


def _union(terms: list[_Steps]) -> Select:
    def union(root: HtmlElement) -> list[HtmlElement]:
        found = {element for term in terms for element in term(root)}
        return [element for element in root.iterdescendants("*") if element in found] if found else []

    return union
