"""Articles as text files in a folder, and a list of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import ExportError
from archive.exports.lines import flat
from archive.fixity import sync_folder
from archive.text.record import Json

CONTENTS = "contents.tsv"
_COLUMNS = ("text_file", "date_published", "outlet", "language", "words", "headline", "url")


def write_folder(
    articles: Iterable[Json], read: Callable[[str], bytes], target: Path, *, replace: bool = False
) -> int:
    """Write each article's text file under its name into the folder `target`, and beside them `contents.tsv`.

    `read` gives a text file's bytes by its name. The folder is there whole or not at all; with `replace` the files
    are put into one that holds others, too. Returns how many texts it has. Raises ExportError.
    """
    count = 0
    with _whole_folder(target, replace=replace) as folder, (folder / CONTENTS).open("wb") as contents:
        contents.write(_line(_COLUMNS))
        for article in articles:
            name = article["text_file"]
            (folder / name).write_bytes(read(name))
            row = flat(article)
            contents.write(_line(str(row[column] or "") for column in _COLUMNS))
            count += 1
    return count


def _line(cells: Iterable[str]) -> bytes:
    return ("\t".join(" ".join(cell.split()) for cell in cells) + "\n").encode()


@contextmanager
def _whole_folder(target: Path, *, replace: bool) -> Iterator[Path]:
    unfinished = target.with_name(target.name + ".tmp")
    try:
        if target.exists() and not target.is_dir():
            raise ExportError(f"{target} is a file; name a folder")
        if target.is_dir() and not replace and any(target.iterdir()):
            raise ExportError(
                f"{target} is not empty; name another folder, or put the files into it with --force"
            )
        try:
            unfinished.mkdir()
        except FileExistsError as error:
            raise ExportError(
                f"{unfinished} is there: another export is being written, or one was killed; remove it then"
            ) from error
        try:
            yield unfinished
            sync_folder(unfinished)
            if target.is_dir():
                for path in unfinished.iterdir():
                    path.replace(target / path.name)
            else:
                unfinished.rename(target)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        sync_folder(target.parent)
    except OSError as error:
        raise ExportError(
            f"{target}: can't be written ({error.strerror}); see that the folder above it is there, that you may write "
            "to it and that the disk has room"
        ) from error
