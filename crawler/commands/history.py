"""`tearsheet history`: the versions of an article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands import options

if TYPE_CHECKING:
    from archive.collection import Collection
    from archive.history import Version
    from archive.text.changes import Change
    from archive.text.record import Json
    from crawler.commands.console import Console


def history(
    url: Annotated[
        str, typer.Argument(metavar="URL", help="Address of an article, as captured or canonical.")
    ],
    collection: options.CollectionName = options.DEFAULT_COLLECTION,
    collections: options.Collections = options.DEFAULT_COLLECTIONS,
    as_json: options.AsJson = False,
) -> None:
    """Show the versions of an article, and word by word what changed from each to the next.

    Removed words stand in [-brackets-], added ones in {+braces+}; on a terminal they are in colour.

    \b
    Examples:
      tearsheet history https://www.example.com/2026/11/harbour-fire
      tearsheet history https://www.example.com/2026/11/harbour-fire -c elections --json
    """
    from archive.collection import Collection
    from archive.errors import CollectionError
    from archive.history import history as versions_of
    from crawler.commands.console import Console, print_json
    from crawler.discovery.urls import safe_http_url

    with Collection(collections, collection) as opened:
        versions = list(versions_of(opened, safe_http_url(url)))
        if not versions:
            raise CollectionError(
                f"{url} was never captured in the collection {collection}; check the address, or name another "
                "collection with -c"
            )
        steps = _steps(opened, versions)
        if as_json:
            for version, changed in steps:
                print_json(_row(version, changed))
        else:
            _print(steps, Console(highlight=False, soft_wrap=True))


def _steps(collection: Collection, versions: Iterable[Version]) -> Iterator[tuple[Version, list[Change]]]:
    """Each version with what changed since the last one that had a text."""
    from archive.text.changes import changes
    from archive.text.record import blocks_of

    before: list[str] = []
    for version in versions:
        if version.text is None:
            yield version, []
            continue
        after = blocks_of(collection.read_text(version.text)[0])
        yield version, list(changes(before, after)) if before else []
        before = after


def _row(version: Version, changed: Iterable[Change]) -> Json:
    from archive.capture import warc_date
    from archive.text.record import capture_json
    from crawler.commands.changes import changes_json

    text = version.text
    return {
        "first_seen": warc_date(version.captures[0].date),
        "last_seen": warc_date(version.captures[-1].date),
        "text_file": text.name.text if text else None,
        "headline": text.headline if text else None,
        "words": text.words if text else None,
        "note": version.note,
        "captures": [capture_json(capture) for capture in version.captures],
        "changes": changes_json(changed),
    }


def _print(steps: Iterable[tuple[Version, list[Change]]], out: Console) -> None:
    from rich.text import Text

    from crawler.commands.changes import shown

    for version, changed in steps:
        out.print(Text(_headline(version, changed), style="bold"))
        for change in changed:
            out.print(shown(change, coloured=out.is_terminal))


def _headline(version: Version, found: list[Change]) -> str:
    from crawler.commands.changes import words
    from crawler.commands.console import counted, printable

    first, last = (
        f"{capture.date:%Y-%m-%d %H:%M} UTC" for capture in (version.captures[0], version.captures[-1])
    )
    seen = f"{first} to {last}" if first != last else first
    times = counted(len(version.captures), "capture")
    if version.text is None:
        return f"{seen}  {times}  {printable(version.note or '')}"
    said = f"{seen}  {times}  {version.text.name.text}  {version.text.words} words"
    if found:
        said += f"  {words(found)}"
    return said
