"""When a crawl's known pages are due, for those who decide when the next crawl is."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError

from archive.catalogue.engines import reading_engine
from crawler.state.errors import StateError
from crawler.state.tables import pages


def pages_due(path: Path, outlet: str) -> datetime | None:
    """When the first of an outlet's pages is to be asked for, for the first time or again; aware. None where none is,
    or where there is no state at `path` yet. A crawl of the collection may be under way.

    Raises StateError where the file can't be read.
    """
    if not path.exists():
        return None
    try:
        with reading_engine(path).connect() as connection:
            first = connection.execute(select(func.min(pages.c.due)).where(pages.c.outlet == outlet)).scalar()
    except DatabaseError as error:
        raise StateError(
            f"{path}: can't be read ({error.orig}); see that you may read it, or delete it: pages are then asked for "
            "once more"
        ) from error
    return datetime.fromisoformat(first) if first else None
