"""Bringing a collection's index up to date with its catalogue."""

from __future__ import annotations

from pathlib import Path

from archive.catalogue.catalogue import Catalogue
from archive.cdxj.index import merge, rebuild
from archive.cdxj.line import cdxj_line


def update_index(path: Path, catalogue: Catalogue, first: int, following: int) -> None:
    """Add the captures from number `first` up to before `following`; from 1 on, the index is written anew.

    Raises CollectionError when the disk does not take it.
    """
    if first == following and path.exists():
        return
    lines = map(cdxj_line, catalogue.captures(since=first))
    if first == 1:
        rebuild(path, lines)
    else:
        merge(path, lines)
