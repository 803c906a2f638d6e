"""Writes an outlet as an entry of an outlet file."""

from __future__ import annotations

import json
from pathlib import Path

from crawler.outlets.errors import OutletError
from crawler.outlets.loader import places_of
from crawler.outlets.model import Outlet

_ALWAYS = frozenset(["name", "title", "domains", "country", "languages"])
_DATES = frozenset(["valid_from", "valid_until"])  # which TOML writes without quotes
_ON_ONE_LINE = 100  # characters


def entry(outlet: Outlet) -> str:
    """The TOML of an `[[outlet]]` table: what every entry should say, and the other keys that are not as usual."""
    own = outlet.model_dump(mode="json", exclude_defaults=True)
    rules = own.pop("rules", [])
    lines = ["[[outlet]]"]
    for key, value in outlet.model_dump(mode="json").items():
        if key == "checked":
            lines.append(f"checked = {value or 'false'}")
        elif key in own or key in _ALWAYS:
            lines.append(f"{key} = {_toml(value)}")
    for rule in rules:
        lines += ["", "[[outlet.rules]]"]
        lines += [f"{key} = {value if key in _DATES else _toml(value)}" for key, value in rule.items()]
    return "\n".join(lines) + "\n"


def file_for(folder: Path, name: str, *, replace: bool) -> Path:
    """Where a new entry goes: a file of its own in `folder`.

    Raises OutletError where a file of the folder has an entry of that name, unless it is alone in the file that
    would be written and `replace` allows for it.
    """
    path = folder / f"{name}.toml"
    places = places_of(folder) if folder.is_dir() else {}
    taken = places.get(name, path)
    if taken != path:
        raise OutletError(f'{taken} has an outlet "{name}" already; edit it there, or give another --name')
    inside = [other for other, file in places.items() if file == path]
    if path.exists() and inside != [name]:
        raise OutletError(f'{path} is there already, and not for "{name}" alone; give another --name')
    if path.exists() and not replace:
        raise OutletError(
            f'{path} has an outlet "{name}" already; give another --name, or --force to replace it'
        )
    return path


def write_entry(outlet: Outlet, path: Path) -> None:
    """Write the outlet to a file, whose folder is made if need be. Raises OutletError where that fails."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(entry(outlet), encoding="utf-8")
    except OSError as error:
        raise OutletError(f"{path}: can't be written ({error.strerror}); name another folder") from error


def _toml(value: object) -> str:
    """A TOML value; for strings, numbers and arrays of strings JSON is written the same way (TOML 1.0)."""
    text = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, list) or len(text) <= _ON_ONE_LINE:
        return text
    return "[\n" + "".join(f"  {json.dumps(one, ensure_ascii=False)},\n" for one in value) + "]"
