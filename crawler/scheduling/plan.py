"""What a daemon was asked to do and what it does now, in a file for `schedule status`; the daemon never reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

import orjson

from crawler.scheduling.errors import ScheduleError
from crawler.scheduling.policy import Bounds, Due

_FILE = ".schedule.json"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """When an outlet is due `after` the last run that was known, which began then; aware. None: there was none."""

    due: Due
    after: datetime | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Which outlets are visited, within which bounds, and into which collection: None is one for each outlet, of its
    name. `running` is when the crawls under way were started, by their outlets; aware. `foreseen` is when outlets are
    due, which follows from the log of runs, but for a year of some hundred outlets not in a moment."""

    outlets: tuple[str, ...]
    bounds: Bounds = field(default_factory=Bounds)
    collection: str | None = None
    running: dict[str, datetime] = field(default_factory=dict)
    foreseen: dict[str, Foreseen] = field(default_factory=dict)

    def collection_of(self, outlet: str) -> str:
        return self.collection or outlet

    def write(self, collections: Path) -> None:
        """Raises ScheduleError where the file can't be written; it is replaced as a whole."""
        row = {
            "outlets": self.outlets,
            "at_least": self.bounds.at_least.total_seconds(),
            "at_most": self.bounds.at_most.total_seconds(),
            "collection": self.collection,
            "running": self.running,
            "foreseen": {
                name: [each.due.at, each.due.why, each.after] for name, each in self.foreseen.items()
            },
        }
        path = collections / _FILE
        draft = path.with_suffix(".tmp")
        try:
            draft.write_bytes(orjson.dumps(row, option=orjson.OPT_INDENT_2) + b"\n")
            draft.replace(path)
        except OSError as error:
            raise ScheduleError(
                f"{path} can't be written ({error.strerror}); free some space or correct the folder's permissions"
            ) from error

    @classmethod
    def read(cls, collections: Path) -> Self | None:
        """The plan of the daemon that runs or ran last; None where none ever did. Raises ScheduleError."""
        path = collections / _FILE
        try:
            row = orjson.loads(path.read_bytes())
            return cls(
                tuple(row["outlets"]),
                Bounds(timedelta(seconds=row["at_least"]), timedelta(seconds=row["at_most"])),
                row["collection"],
                {name: datetime.fromisoformat(since) for name, since in row["running"].items()},
                {name: _foreseen(*each) for name, each in row["foreseen"].items()},
            )
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ScheduleError(f"{path} can't be read ({error.strerror}); check its permissions") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ScheduleError(
                f"{path} is not as the daemon wrote it ({error}); delete it: the next daemon writes it anew"
            ) from error


def _foreseen(at: str, why: str, after: str | None) -> Foreseen:
    due = Due(datetime.fromisoformat(at), why)
    return Foreseen(due, datetime.fromisoformat(after) if after is not None else None)
