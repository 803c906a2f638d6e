"""The listing of a page: each line that a reader sees, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from rich.text import Text

from archive.extraction.article import Article
from archive.extraction.explanation.explained import NOT_CHOSEN, Explanation, Field, Line
from archive.text.record import Json
from crawler.commands.console import Console, counted, printable
from crawler.commands.extracting import article_row
from crawler.commands.saved import Saved

_BAR = " | "
_STYLES = {"headline": "bold", "standfirst": "italic", "kept": ""}


class Listing:
    """Prints explanations. On a terminal lines are wrapped and coloured; in a pipe each is one line, which begins
    with `-` where it was dropped, `>` where it gave a field of the article instead, and blank where it was kept."""

    def __init__(self, out: Console) -> None:
        self._out = out
        self._first = True

    def tell(self, saved: Saved, explanation: Explanation) -> None:
        """Print one page: where it is from, what it is, its lines and their sum."""
        if not self._first:
            self._out.print()
        self._first = False
        self._print(explanation.outcome.url, "bold")
        place = saved.file.name
        if saved.capture is not None:
            place = f"captured {saved.capture.date:%Y-%m-%d %H:%M:%S} UTC, {place}"
        self._print(place, "dim")
        self._print(_verdict(explanation))
        self._out.print()
        self._lines(explanation.lines)
        for line in _summary(explanation):
            self._print(line)
        self._fields(explanation.fields)

    def _lines(self, lines: tuple[Line, ...]) -> None:
        width = max((len(_label(line)) for line in lines), default=0)
        before: Line | None = None
        for line in lines:
            if self._out.is_terminal and before and not before.verdict == line.verdict == "dropped":
                self._out.print()
            repeated = self._out.is_terminal and before is not None and _label(before) == _label(line)
            label = "" if repeated else _label(line)
            text = Text.assemble(
                (printable(line.text), _style(line)), f"  → {line.became}" if line.became else ""
            )
            self._beside(_gutter(line, label, width), _gutter(line, "", width), text)
            before = line
        if lines:
            self._out.print()

    def _fields(self, fields: tuple[Field, ...]) -> None:
        if fields:
            self._print("fields, and where the page states the same", "bold")
        for field in fields:
            value = Text(printable(field.value) or "none")
            places = Text(printable("; ".join(field.places)), style="dim")
            name, margin = Text(f"  {field.name:<16}"), Text(" " * 18)
            if not self._out.is_terminal:
                self._print(Text.assemble(name, value, "   ", places))
                continue
            self._beside(name, margin, value)
            if field.places:
                self._beside(margin, margin, places)

    def _beside(self, gutter: Text, below: Text, text: Text) -> None:
        """Print a text beside its gutter; a terminal has `below` beside the lines that it takes after the first."""
        if not self._out.is_terminal:
            self._print(gutter + text)
            return
        for number, part in enumerate(text.wrap(self._out, max(20, self._out.width - len(gutter)))):
            part.rstrip()
            self._print((below if number else gutter) + part)

    def _print(self, text: Text | str, style: str = "") -> None:
        shown = text if isinstance(text, Text) else Text(printable(text), style=style)
        if not self._out.is_terminal:
            shown.rstrip()
        self._out.print(shown, soft_wrap=not self._out.is_terminal)


def explained_row(saved: Saved, explanation: Explanation) -> Json:
    """An explanation as a row of `--json`: the article's, or kind and reason, and then lines and fields."""
    outcome = explanation.outcome
    if isinstance(outcome, Article):
        row = article_row(saved, outcome)
    else:
        row = {"url": outcome.url, "kind": outcome.kind, "reason": outcome.reason, "file": str(saved.file)}
    return row | {
        "lines": [asdict(line) for line in explanation.lines],
        "fields": [asdict(field) for field in explanation.fields],
    }


def _mark(line: Line) -> str:
    if line.verdict != "dropped":
        return " "
    return ">" if line.became else "-"


def _label(line: Line) -> str:
    if line.verdict == "kept":
        return line.rule or ""
    return line.rule or line.verdict


def _gutter(line: Line, label: str, width: int) -> Text:
    style = _style(line) if line.verdict == "dropped" else "green"
    return Text(f"{_mark(line)} {label:<{width}}{_BAR}", style=style)


def _style(line: Line) -> str:
    if line.verdict != "dropped":
        return _STYLES[line.verdict]
    if line.became:
        return "cyan"
    # Not struck out: that makes Arabic hard to read, and what was dropped is what a reader is here for.
    return "yellow" if line.rule == NOT_CHOSEN else "red"


def _verdict(explanation: Explanation) -> str:
    outcome = explanation.outcome
    if isinstance(outcome, Article):
        return f"an article of {counted(outcome.words, 'word')}"
    return f"no article ({outcome.kind}): {outcome.reason}"


def _summary(explanation: Explanation) -> Iterator[Text]:
    """Words kept, words dropped by each rule, and the fields with the places that state them."""
    kept = Counter[str]()
    dropped = Counter[str]()
    lines = Counter[str]()
    for line in explanation.lines:
        words = len(line.text.split())
        if line.verdict == "dropped":
            dropped[_label(line)] += words
            lines[_label(line)] += 1
        else:
            kept["text" if line.verdict == "kept" else line.verdict] += words
    would = "kept" if isinstance(explanation.outcome, Article) else "would have been kept"
    yield _heading(would, sum(kept.values()))
    yield from _rows((verdict, counted(number, "word"), "") for verdict, number in kept.items())
    yield _heading("dropped", sum(dropped.values()))
    yield from _rows(
        (rule, counted(number, "word"), f"in {counted(lines[rule], 'line')}")
        for rule, number in sorted(dropped.items(), key=lambda item: (-item[1], item[0]))
    )


def _heading(what: str, words: int) -> Text:
    return Text(f"{what}: {counted(words, 'word')}", style="bold")


def _rows(rows: Iterable[tuple[str, str, str]]) -> Iterator[Text]:
    found = list(rows)
    width = max((len(name) for name, _, _ in found), default=0)
    for name, words, lines in found:
        yield Text(f"  {name:<{width}}  {words:>12}  {lines}".rstrip())
