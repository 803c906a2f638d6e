"""What `tearsheet replay --diff` does: extracts a collection's captures anew and tells what changes."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import orjson
from rich.text import Text

from archive.collection import Collection
from archive.collection_writer import CollectionWriter
from archive.extraction.workers.pool import ExtractionPool
from archive.renewal import Difference, Renewal, rehearsal
from archive.replay import Damage, Replay
from archive.text.record import Json, capture_json
from archive.wanted import Wanted
from crawler.commands import options
from crawler.commands.changes import changes_json, shown, words
from crawler.commands.console import print_json, printable
from crawler.commands.replaying import stopped_by_ctrl_c, tell, written
from crawler.commands.report import Report
from crawler.commands.results import output
from crawler.outlets.loader import load_outlets


def renew(
    place: Path,
    wanted: Wanted,
    *,
    apply: bool,
    as_json: bool,
    workers: int | None,
    outlets: Path | None,
) -> int:
    """Tell what would change in the collection at `place`, or with `apply` change it; returns the exit status."""
    rules = load_outlets(options.outlet_folders(outlets)).rules()
    told = _Told(as_json=as_json, applied=apply)
    with Report(as_json=as_json, listing=True) as report, _opened(place, report, apply=apply) as collection:
        pool = ExtractionPool(workers or os.cpu_count() or 1, rules)
        try:
            stopped = _run(Renewal(collection, wanted), collection, pool, report, told)
        finally:
            pool.stop()
        if isinstance(collection, CollectionWriter):
            collection.close(last=not stopped)
        if stopped:
            report.interrupted()
    told.summary()
    return report.exit_status


def _run(renewal: Renewal, collection: Collection, pool: ExtractionPool, report: Report, told: _Told) -> bool:
    """Returns whether it was stopped."""
    with _written(collection, renewal) as writer:
        replay = Replay(writer, pool)
        with stopped_by_ctrl_c(replay.stop) as stopped:
            if writer is collection:
                for event in replay.run(()):  # what waits goes first, whatever is to be renewed
                    tell(event, report)
            for found in renewal.run(replay):
                if isinstance(found, Damage):
                    tell(found, report)
                else:
                    told.tell(found)
        return stopped()


@contextmanager
def _opened(place: Path, report: Report, *, apply: bool) -> Iterator[Collection]:
    with Collection(place.parent, place.name) as collection:  # which must be there: this makes none
        if not apply:
            yield collection
            return
    with written(place, report) as writer:
        yield writer


def _written(collection: Collection, renewal: Renewal) -> AbstractContextManager[CollectionWriter]:
    if isinstance(collection, CollectionWriter):
        return nullcontext(collection)
    return rehearsal(collection, renewal.captures())


class _Told:
    """Tells of each text that changes, and counts all."""

    def __init__(self, *, as_json: bool, applied: bool) -> None:
        self._as_json = as_json
        self._applied = applied
        self._out = output()
        self._counts: Counter[str] = Counter()

    def tell(self, found: Difference) -> None:
        self._counts[found.kind] += 1
        if found.kind == "same":
            return
        if self._as_json:
            print_json(self._row(found))
        else:
            self._print(found)

    def summary(self) -> None:
        """One line at the end."""
        if self._as_json:
            return
        names = {"same": "unchanged", "changed": "changed", "new": "new", "lost": "lost"}
        if self._counts["failed"]:
            names["failed"] = "failed and kept"
        said = ", ".join(f"{self._counts[kind]} {name}" for kind, name in names.items())
        would = any(self._counts[kind] for kind in ("changed", "new", "lost")) and not self._applied
        self._out.print(f"{said}{'; nothing was written (--apply does)' if would else ''}", highlight=False)

    def _row(self, found: Difference) -> Json:
        before, after = found.before, found.after
        return {
            "change": found.kind,
            "url": found.capture.url,
            "capture": capture_json(found.capture),
            "text_file": before.name.text if before else None,
            "new_text_file": after.name.text if after and self._applied else None,
            "new_hash": after.name.hash if after else None,
            "headline": after.record["headline"] if after else None,
            "fields": {name: [old, new] for name, old, new in found.fields},
            "changes": changes_json(found.changes),
            "note": found.note,
        }

    def _print(self, found: Difference) -> None:
        changed = found.changes
        self._out.print(Text(self._headline(found, words(changed)), style="bold"))
        if found.note:
            self._out.print(Text(f"  {printable(found.note)}"))
        elif found.kind == "new" and found.after:
            self._out.print(Text(f"  {printable(found.after.record['headline'])}"))
        for name, old, new in found.fields:
            self._out.print(Text(f"  {name}: {_value(old)} -> {_value(new)}"))
        for change in changed:
            self._out.print(shown(change, coloured=self._out.is_terminal))

    def _headline(self, found: Difference, size: str) -> str:
        names = [found.before.name.text] if found.before else []
        if found.after and self._applied and found.after.name.text not in names:
            names.append(found.after.name.text)
        parts = [found.kind, " -> ".join(names), printable(found.capture.url), size]
        return "  ".join(filter(None, parts))


def _value(value: object) -> str:
    return printable(orjson.dumps(value).decode())
