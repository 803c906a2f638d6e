"""Reads outlet files: the catalogue that comes with the package, then the user's own."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from archive.extraction.article import Rules
from crawler.discovery.urls import host_and_port
from crawler.outlets.errors import OutletError
from crawler.outlets.model import Outlet, PageRules, enclosing
from crawler.outlets.source import line_of_key, line_of_table, line_of_top_key


class OutletCatalogue:
    """Outlets by name. Iteration is sorted by name."""

    def __init__(self, layers: Sequence[Sequence[Outlet]]) -> None:
        """Later `layers` go before earlier ones: by name, and where two outlets share a domain."""
        self._by_name: dict[str, Outlet] = {}
        rank: dict[str, int] = {}
        for number, layer in enumerate(layers):
            for outlet in layer:
                self._by_name[outlet.name] = outlet
                rank[outlet.name] = -number
        self._by_domain: dict[str, list[Outlet]] = {}
        for outlet in sorted(self._by_name.values(), key=lambda outlet: (rank[outlet.name], outlet.name)):
            for domain in outlet.domains:
                self._by_domain.setdefault(domain, []).append(outlet)

    def __iter__(self) -> Iterator[Outlet]:
        return iter(sorted(self._by_name.values(), key=lambda outlet: outlet.name))

    def __len__(self) -> int:
        return len(self._by_name)

    def get(self, name: str) -> Outlet:
        """The outlet of that name. Raises OutletError, which suggests names, if there is none."""
        if name in self._by_name:
            return self._by_name[name]
        near = get_close_matches(name.strip().lower(), self._by_name, n=3, cutoff=0.5)
        advice = (
            f"did you mean {' or '.join(near)}?"
            if near
            else "write an outlet file for it, or correct the name"
        )
        raise OutletError(f'no outlet is named "{name}"; {advice}')

    def for_url(self, url: str) -> Outlet | None:
        """The outlet with the longest domain that the URL's host is, or is below.

        Where several share that domain: the one whose article patterns match, else the user's, else the
        first by name. Raises UrlError for what is no http or https URL.
        """
        for domain in enclosing(host_and_port(url)):
            if sharing := self._by_domain.get(domain):
                return next((outlet for outlet in sharing if outlet.recognises(url)), sharing[0])
        return None

    def hosts(self) -> dict[str, str]:
        """Domain -> title of the outlet that publishes there, as extraction rules take it."""
        return {domain: sharing[0].title for domain, sharing in self._by_domain.items()}

    def rules(self) -> Rules:
        """What the outlets tell extraction. Of outlets that share a domain it is the one whose title `hosts` gives."""
        pages = {
            domain: tuple(table.for_extraction() for table in sharing[0].rules)
            for domain, sharing in self._by_domain.items()
            if sharing[0].rules
        }
        return Rules(outlets=self.hosts(), pages=pages)


def load_outlets(folders: Sequence[Path] = ()) -> OutletCatalogue:
    """The bundled catalogue, then every `*.toml` of each folder; an outlet replaces the earlier one of its
    name.

    Raises OutletError for a file that can't be used, naming file, line and key, and for a missing folder.
    """
    bundled = [file for file in files("crawler.outlets").joinpath("catalogue").iterdir() if _is_toml(file)]
    layers = [_layer(sorted(bundled, key=lambda file: file.name))]
    return OutletCatalogue([*layers, *map(_layer_of, folders)])


def load_own_outlets(folders: Sequence[Path]) -> OutletCatalogue:
    """The outlets of the user's folders alone. Raises OutletError as `load_outlets` does."""
    return OutletCatalogue([_layer_of(folder) for folder in folders])


def places_of(folder: Path) -> dict[str, Path]:
    """Name -> file of every outlet of a folder. Raises OutletError for a file that can't be used."""
    return {outlet.name: file for file in _files_of(folder) for outlet, _ in _read(file)}


def _layer_of(folder: Path) -> list[Outlet]:
    return _layer(_files_of(folder))


def _files_of(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise OutletError(f"{folder}: there is no such folder of outlet files; create it or name another")
    return sorted(file for file in folder.iterdir() if _is_toml(file))


def _is_toml(file: Traversable) -> bool:
    return file.name.endswith(".toml") and not file.name.startswith(".") and file.is_file()


def _layer(sources: Sequence[Traversable]) -> list[Outlet]:
    seen: dict[str, str] = {}
    outlets: list[Outlet] = []
    for source in sources:
        for outlet, line in _read(source):
            place = f"{source}: line {line}"
            if outlet.name in seen:
                taken = seen[outlet.name]
                raise OutletError(f'{place}: name: "{outlet.name}" is taken by {taken}; rename one of them')
            seen[outlet.name] = place
            outlets.append(outlet)
    return outlets


def _read(source: Traversable) -> Iterator[tuple[Outlet, int]]:
    """The outlets of one file, each with the line on which its table begins."""
    text = _text(source)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise OutletError(_syntax(source, text, error)) from error
    for key in tables:
        if key != "outlet":
            line = line_of_top_key(text, key)
            raise OutletError(
                f"{source}: line {line}: {key}: an outlet file holds [[outlet]] tables alone; move it"
            )
    rows = tables.get("outlet", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        line = line_of_top_key(text, "outlet")
        raise OutletError(
            f"{source}: line {line}: outlet: write [[outlet]] with two brackets above each outlet"
        )
    for index, row in enumerate(rows):
        yield _outlet(source, text, index, row), line_of_table(text, index)


def _text(source: Traversable) -> str:
    try:
        return source.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise OutletError(
            f"{source}: line {line}: a byte that is not UTF-8; save the file as UTF-8"
        ) from error
    except OSError as error:
        raise OutletError(f"{source}: can't be read ({error.strerror}); check its permissions") from error


def _syntax(source: Traversable, text: str, error: tomllib.TOMLDecodeError) -> str:
    """tomllib's message ends in `(at line 3, column 5)` or `(at end of document)`."""
    message, _, place = str(error).rpartition(" (at ")
    numbers = [int(part) for part in place.rstrip(")").replace(",", "").split() if part.isdigit()]
    lines = text.splitlines()
    line = numbers[0] if numbers else max(len(lines), 1)
    written = lines[line - 1].strip() if line <= len(lines) else ""
    return f"{source}: line {line}: no valid TOML at `{written[:80]}` ({message}); correct it"


def _outlet(source: Traversable, text: str, index: int, row: dict[str, Any]) -> Outlet:
    try:
        return Outlet.model_validate(row)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=True)
        first = problems[0]
        location = first["loc"]
        line = line_of_key(text, index, location, first["input"])
        key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".")
        more = f" ({len(problems) - 1} more in this outlet)" if len(problems) > 1 else ""
        raise OutletError(
            f"{source}: line {line}: {key}: {_advice(first['type'], first['msg'], location)}{more}"
        ) from None


def _advice(kind: str, message: str, location: Sequence[str | int]) -> str:
    if kind == "missing":
        return "is missing; add it"
    if kind == "extra_forbidden":
        of, fields = ("an outlet", Outlet.model_fields)
        if location[0] == "rules":
            of, fields = ("an outlet's rules", PageRules.model_fields)
        near = get_close_matches(str(location[-1]), fields, n=1)
        return f"is no key of {of}; {f'write {near[0]}' if near else 'remove it'}"
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    return f"{message[:1].lower()}{message[1:]}; correct it"
