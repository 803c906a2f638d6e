"""What a command says while it works and at its end: for people, or as JSON lines for machines."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

from archive.outcomes import Settled
from archive.text.record import Json, capture_json
from crawler.commands.console import print_json
from crawler.commands.display import Display, Kind
from crawler.commands.results import Results, output

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it: 128 and the number of SIGINT."""


class Figures(Protocol):
    """What a run is at. Asked from a thread of its own."""

    def line(self) -> str: ...


class Report:
    """Collects results; a context manager that shows progress while it is open.

    Articles, failures and notes go out as they come: JSON lines to standard output, or lines for people to
    standard error. At the end comes the table. Any method may raise BrokenPipeError: the reader has gone.

    `extracting` is False where pages are archived only, so that none is missed for having no text; `listing` is
    True where a listing of each page is the output, beside which there is neither progress nor a table. With
    `log_json` what goes to standard error are JSON lines too.
    """

    def __init__(
        self, *, as_json: bool, extracting: bool = True, listing: bool = False, log_json: bool = False
    ) -> None:
        self._as_json = as_json
        self._listing = listing
        self._extracting = extracting
        self._interrupted = False
        self._figures: Figures | None = None
        self.results = Results()
        self._display = Display(self._state, progress=not as_json and not listing, json=log_json)

    def follow(self, figures: Figures) -> None:
        """Show figures of the run in the line of progress."""
        self._figures = figures

    def article(self, record: Json, *, new: bool) -> None:
        """A page that has a text; `record` is its JSON with `body` and `text_file`."""
        self.results.add(record, new=new)
        if self._as_json:
            print_json(record)
        else:
            url = str(record.get("url"))
            self._say("article", url, url)

    def settled(self, settled: Settled, *, wanted: bool = True, strict: bool = True) -> None:
        """A capture and what became of it. Where the page was `wanted` for its text, having none is a failure, or a
        note where it was not `strict`."""
        url = settled.capture.url
        self.results.rendered += settled.capture.rendering == "dom"
        if settled.record is not None:
            self.article(settled.record, new=settled.new_text)
        elif settled.state == "failed":
            self.failure(url, settled.note or "the extraction failed")
        elif settled.state == "pending" or not self._extracting:
            if wanted or self._extracting:
                self._archived(settled)
        elif wanted:
            mime = settled.capture.mime or "of unknown type"
            tell = self.failure if strict else self.note
            tell(url, settled.note or f"the answer is {mime}, not an HTML page; its bytes are archived")
        elif settled.note:
            self.note(url, settled.note)

    def failure(self, where: str, error: str, key: str = "url") -> None:
        """Something that failed; `where` is its URL or, under another JSON `key`, its file."""
        self.results.failures += 1
        if self._as_json:
            print_json({key: where, "error": error})
        self._say("failed", _named(where, error), where, always=True)

    def note(self, where: str, text: str, *, page: bool = True) -> None:
        """Something to know that is no failure: of a `page` that has no article, or of the crawl."""
        self.results.notes += page
        if self._as_json:
            print_json({"url": where, "note": text})
        self._say("note", _named(where, text), where, always=True)

    def remark(self, *remarks: str) -> None:
        """Things to be said in the line below the table."""
        self.results.remarks += remarks

    def warn(self, text: str) -> None:
        """A sentence for standard error."""
        self._say("warning", text, always=True)

    def interrupted(self) -> None:
        """The user stopped the run before its end."""
        if not self._interrupted:
            self._interrupted = True
            self.warn("stopped; what was done until then is kept, and the same command goes on from there")

    @property
    def exit_status(self) -> int:
        if self._interrupted:
            return INTERRUPTED
        return 1 if self.results.failures else 0

    def __enter__(self) -> Self:
        self._display.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._display.stop()
        if not self._as_json and not self._listing and error is None:
            self.results.print(output())

    def _archived(self, settled: Settled) -> None:
        self.results.archived += 1
        if self._as_json:
            print_json({"url": settled.capture.url, "captures": [capture_json(settled.capture)]})
        else:
            self._say("archived", settled.capture.url, settled.capture.url)

    def _state(self) -> str:
        tally = self.results.tally()
        return tally if self._figures is None else f"{tally}, {self._figures.line()}"

    def _say(self, kind: Kind, text: str, url: str | None = None, *, always: bool = False) -> None:
        self._display.latest(text)
        if always or not (self._display.moves or self._as_json):
            self._display.say(kind, text, url)


def _named(where: str, text: str) -> str:
    """The text with the place that it is about, which the errors of `archive` name themselves."""
    return text if text.startswith(where) else f"{where}: {text}"
