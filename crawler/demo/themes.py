"""The outlets' page templates, as they lie in `themes/`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Theme:
    """One outlet's templates: whole pages, and the fragments that pages are put together from.

    A fragment may be overridden for one layout by a table of that layout's name.
    """

    pages: Mapping[str, str]
    fragments: Mapping[str, Any]
    stylesheet: bytes

    @classmethod
    @cache
    def load(cls, outlet: str) -> Self:
        folder = files(__package__) / "themes" / outlet
        return cls(
            pages={
                entry.name.removesuffix(".html"): entry.read_text(encoding="utf-8")
                for entry in folder.iterdir()
                if entry.name.endswith(".html")
            },
            fragments=tomllib.loads((folder / "fragments.toml").read_text(encoding="utf-8")),
            stylesheet=(folder / "style.css").read_bytes(),
        )

    def page(self, template: str, values: Mapping[str, str]) -> str:
        """The page with its `$names` filled in by `values`, which are HTML already.

        Raises KeyError for a name that has no value.
        """
        return Template(self.pages[template]).substitute(values)

    def fragment(self, name: str, layout: str = "", /, **values: str) -> str:
        """A fragment filled in the same way."""
        own: Mapping[str, str] = self.fragments.get(layout, {})
        return Template(own.get(name, self.fragments.get(name, ""))).substitute(values)

    def insert(self, name: str, **values: str) -> str:
        """A box that interrupts the text of an article."""
        return Template(self.fragments["inserts"][name]).substitute(values)
