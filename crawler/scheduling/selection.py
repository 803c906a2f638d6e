"""Which outlets are visited, and copies of the outlet files that say where these are.

The crawls read copies that were found valid, in a folder of their own below the collections, and work in it: somebody
who edits an outlet file for an hour, and leaves it broken meanwhile, stops nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler.outlets.loader import load_outlets, load_own_outlets
from crawler.outlets.model import Outlet
from crawler.scheduling.errors import ScheduleError

_COPIES = ".schedule"
_ORDINARY = "outlets"
_NAMED = "named"
_OLD_KEPT = 2
"""Copies of earlier files that are left: crawls that were just started may still read them."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What the command line asked for: outlets by name, or all of `folders` and, where `every`, of the bundled
    catalogue, of some countries and languages where any are given.

    `folders` are those of outlet files, the one that overrides last.
    """

    folders: tuple[Path, ...]
    names: tuple[str, ...] = ()
    every: bool = False
    countries: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()

    def outlets(self) -> list[Outlet]:
        """Raises OutletError for a file that can't be used or a name that is none."""
        if self.names:
            known = load_outlets(self.folders)
            return [known.get(name) for name in dict.fromkeys(self.names)]
        narrowed = bool(self.countries or self.languages)
        outlets = load_outlets(self.folders) if self.every or narrowed else load_own_outlets(self.folders)
        return [outlet for outlet in outlets if self._wants(outlet)]

    def fingerprint(self) -> tuple[tuple[str, int, int], ...]:
        """Changes when a file of the folders does."""
        found = []
        for folder in self.folders:
            for path in sorted(folder.glob("*.toml")):
                try:
                    state = path.stat()
                except OSError:  # gone since it was listed, or a link to nothing
                    continue
                found.append((str(path), state.st_mtime_ns, state.st_size))
        return tuple(found)

    def _wants(self, outlet: Outlet) -> bool:
        of_country = not self.countries or outlet.country in self.countries
        return of_country and (not self.languages or not self.languages.isdisjoint(outlet.languages))


class OutletCopies:
    """The copies below the collections, the last one first in use."""

    def __init__(self, collections: Path) -> None:
        self._root = collections.absolute() / _COPIES
        self._number = 0
        shutil.rmtree(self._root, ignore_errors=True)

    def take(self, folders: Sequence[Path]) -> tuple[Path, list[str]]:
        """Copy the files of the folders. Gives the folder to work in and the options by which `tearsheet crawl` reads
        the copies there. Raises ScheduleError where they can't be written."""
        self._number += 1
        place = self._root / str(self._number)
        options: list[str] = []
        try:
            place.mkdir(parents=True)
            for folder in folders:
                into = place / (_ORDINARY if folder == Path(_ORDINARY) else _NAMED)
                into.mkdir()
                for path in folder.glob("[!.]*.toml"):
                    if path.is_file():
                        shutil.copyfile(path, into / path.name)
                if into.name == _NAMED:
                    options = ["--outlets", _NAMED]
        except OSError as error:
            raise ScheduleError(
                f"{place} can't be written ({error.strerror}); free some space or correct the folder's permissions"
            ) from error
        shutil.rmtree(self._root / str(self._number - _OLD_KEPT), ignore_errors=True)
        return place, options
