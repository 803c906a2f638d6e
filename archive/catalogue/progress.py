"""What a catalogue remembers of replays: rows of `files_read` and `files_taken_in`, and the statements for them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from archive.catalogue.tables import files_read, files_taken_in


@dataclass(frozen=True, slots=True)
class FileRead:
    """How far a file of the archive folder was read, with what selection of captures.

    selection  what was wanted of it, as a replay's filter writes it; empty where all was
    offset     where reading goes on, in bytes: behind the last capture that the catalogue has of it
    size       of the file when it was read to its end, in bytes; None while it was not
    """

    warc: str
    selection: str
    offset: int
    size: int | None = None


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A file elsewhere, and the files of the archive folder that hold the same, in their order.

    source    its absolute path
    size      in bytes
    modified  nanoseconds since 1970, by the disk's clock
    """

    source: str
    size: int
    modified: int
    warcs: tuple[str, ...]


_ROW = upsert(files_read)
SET_READ = _ROW.on_conflict_do_update(
    index_elements=["warc", "selection"],
    set_={"offset": _ROW.excluded.offset, "size": _ROW.excluded.size},
)
READ = select(files_read).where(
    files_read.c.warc == bindparam("warc"), files_read.c.selection == bindparam("selection")
)
FORGET_TAKEN_IN = delete(files_taken_in).where(files_taken_in.c.source == bindparam("named"))
TAKE_IN = insert(files_taken_in)
TAKEN_IN = (
    select(files_taken_in)
    .where(files_taken_in.c.source == bindparam("source"))
    .order_by(files_taken_in.c.place)
)


def taken_in_rows(taken: TakenIn) -> list[dict[str, object]]:
    """Its rows in the table."""
    own = {"source": taken.source, "size": taken.size, "modified": taken.modified}
    return [own | {"place": place, "warc": warc} for place, warc in enumerate(taken.warcs)]
