"""What an address showed over time: the versions of its text, and when it had none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archive.capture import Capture
from archive.catalogue.rows import CaptureState, TextRow
from archive.collection import Collection


@dataclass(frozen=True, slots=True)
class Version:
    """Captures of one address, one after another, that came to the same.

    text  the text that they have; None where they have none, and `note` then says why
    """

    captures: tuple[Capture, ...]
    text: TextRow | None = None
    note: str | None = None


def history(collection: Collection, url: str) -> Iterator[Version]:
    """The versions of an address, or of the article that names it as its canonical one, in the order of capture.

    Pages of an article that was cut into several, but for its first one, are no versions of their own, nor is what a
    browser fetched for a page beside the page. Nor are refusals and faults of the server (429, 5xx), which say nothing
    of the article, unless there is nothing else.
    """
    every = [each for each in collection.catalogue.history(url) if each[0].rendering != "part"]
    told = [each for each in every if not _passes(each[0])] or every
    held: list[Capture] = []
    state: CaptureState | None = None
    for capture, found in told:
        if held and state and _same(state, found, held[-1], capture):
            held.append(capture)
            continue
        if held and state:
            yield _version(collection, held, state)
        held, state = [capture], found
    if held and state:
        yield _version(collection, held, state)


def _passes(capture: Capture) -> bool:
    return capture.status is not None and (capture.status == 429 or capture.status >= 500)


def _same(one: CaptureState, other: CaptureState, before: Capture, after: Capture) -> bool:
    if one.text_number is not None or other.text_number is not None:
        return one.text_number == other.text_number
    return (one.state, one.note, before.status) == (other.state, other.note, after.status)


def _version(collection: Collection, captures: list[Capture], state: CaptureState) -> Version:
    text = None if state.text_number is None else collection.catalogue.text(state.text_number)
    return Version(tuple(captures), text, None if text else _note(captures[0], state))


def _note(capture: Capture, state: CaptureState) -> str:
    if state.note:
        return state.note
    if capture.status in (404, 410):
        return f"gone: HTTP {capture.status}"
    if state.state == "pending":
        return "archived, not extracted yet"
    if capture.truncated:
        return f"cut short ({capture.truncated})"
    return f"HTTP {capture.status}" if capture.status else "no readable answer"
