"""What the quality of extraction may not fall below: `floor.toml`, which is only ever written to be stricter."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PATH = Path(__file__).with_name("floor.toml")
AT_MOST = frozenset({"leaks", "lost", "noise", "without"})
"""Figures of which less is better; of all others, more."""

_PLACES = 10_000  # figures are kept to four places, so that the last bits of a float decide nothing
_HEAD = """\
# The figures that `benchmarks/extraction.py --check` holds extraction to: at most so many leaks, lost, noise and
# without, at least so much of everything else. `--raise-floor` writes it, and only ever stricter. A corpus is known
# by its file's SHA-256; a large one is measured on every so manieth page.
"""


@dataclass(frozen=True)
class Floor:
    """Sections by name (`newsroom`, `blocks`, `layouts`, `corpora.NAME`), and the corpora's fingerprints."""

    every: int
    sections: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    corpora: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path = PATH) -> Floor:
        """The floor that is kept. Raises FileNotFoundError, TOMLDecodeError."""
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        every, known = table.pop("every"), table.pop("corpora", {})
        corpora = {name: section.pop("sha256") for name, section in known.items()}
        return cls(every, table | {f"corpora.{name}": section for name, section in known.items()}, corpora)

    def broken(self, measured: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
        """A sentence for each figure that has fallen; sections that were not measured are left out."""
        for name, least in self.sections.items():
            for figure, bound in least.items() if name in measured else ():
                value = measured[name].get(figure)
                if value is None:
                    yield f"{name}: {figure} is in the floor and was not measured"
                elif stricter(figure, bound, value) != _kept(figure, value):
                    word = "most" if figure in AT_MOST else "least"
                    yield f"{name}: {figure} is {value:.4f}, and the floor allows at {word} {bound:.4f}"

    def raised(self, measured: Mapping[str, Mapping[str, float]], corpora: Mapping[str, str]) -> Floor:
        """The floor with each measured figure that is stricter than its own, and with new sections and figures."""
        sections = {name: dict(section) for name, section in self.sections.items()}
        for name, figures in measured.items():
            section = sections.setdefault(name, {})
            for figure, value in figures.items():
                bound = section.get(figure)
                section[figure] = _kept(figure, value) if bound is None else stricter(figure, bound, value)
        return Floor(self.every, sections, {**corpora, **self.corpora})

    def write(self, path: Path = PATH) -> None:
        """Replace the file."""
        lines = [_HEAD, f"every = {self.every}\n"]
        for name, section in self.sections.items():
            lines.append(f"\n[{name}]\n")
            if (corpus := name.removeprefix("corpora.")) != name:
                lines.append(f'sha256 = "{self.corpora[corpus]}"\n')
            lines.extend(f"{figure} = {value:g}\n" for figure, value in sorted(section.items()))
        path.write_text("".join(lines), encoding="utf-8")


def stricter(figure: str, bound: float, value: float) -> float:
    """The stricter of a bound and a measured value, which is first loosened to the places that are kept."""
    return min(bound, _kept(figure, value)) if figure in AT_MOST else max(bound, _kept(figure, value))


def _kept(figure: str, value: float) -> float:
    scaled = round(value * _PLACES, 6)
    return (math.ceil(scaled) if figure in AT_MOST else math.floor(scaled)) / _PLACES
