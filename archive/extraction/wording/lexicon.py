"""The words that open what is not the article, from `wording/`: one TOML file a language.

A file holds `language`, `function_words` (the commonest small words: they tell the language of a text in a script
that several share), `months` (twelve strings of spellings; `_` joins the words of one) and one table a category. A
category lists phrases by how much of the line they must be:

    line      the phrase is the whole line, but for punctuation and a count
    lead      the line begins with the phrase, then a colon, dash or bar, or a link
    start     the line begins with the phrase, is short, and does not go on as a sentence
    sentence  the line begins with the phrase; whatever follows is a sentence of the same kind
    inside    the phrase stands somewhere in the line, word boundaries or not

Categories up to `consent` say what of a page is no part of its article. `missing` and those after it say by their
`inside` phrases what a page is that holds none (`walls.py`, `breakoff.py`, `kind.py`); they take no line out of a text:

    missing    no such page, or no longer        tracking   asked for consent, where a page is little else
    challenge  prove that you are no robot       login      log in, open an account
    offer      subscribe to read on              outage     faults, maintenance, not in your country
    script     turn on JavaScript                results    what a search has found
    redirect   you are being sent on

In a phrase `*` is one to four words and `#` a number. Letters are folded on both sides (`folding.py`), so spelling
variants need no entry of their own. Adding a language is adding a file.

Two tables at a file's end hold lists of words, which `vocabulary.py` makes patterns of; there a `*` at the edge of a
word is any letters:

    [names]   organisation  makes a name that of an agency or a desk         role       what a person does
              title         stands behind a name (`기자`)                     particle   belongs to a surname (`van`)
              label         before a name and a colon (`Text:`)               signed     opens a byline anywhere
              other_hand    before one who is no author (`Edited by`)         listing    `View all posts by`
              joint         joins two names (`and`)                           never      is no name, as a whole
              affiliation, place   before what is no name any more (`for`, `in`)
    [dates]   published, updated   what a date is the date of      before   between a name and a date (`on`)
              between       inside a date (`14 de mayo`)          month    before the number of a month (`tháng 11`)
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from importlib.resources import files

from archive.extraction.wording.folding import fold
from archive.extraction.wording.inside import Inside
from archive.extraction.wording.openings import Hit, Openings

CATEGORIES = (
    "related", "share", "comments", "tags", "newsletter", "advert", "source", "breadcrumb", "stamp", "copyright",
    "caption", "player", "footer", "paywall", "byline", "translation", "missing", "consent", "tracking", "challenge",
    "login", "offer", "outage", "script", "results", "redirect",
)  # fmt: skip
KINDS = ("line", "lead", "start", "sentence", "inside")
LISTS = {
    "names": (
        "organisation", "role", "title", "particle", "label", "signed", "other_hand", "listing", "never", "joint",
        "affiliation", "place",
    ),
    "dates": ("published", "updated", "before", "between", "month"),
}  # fmt: skip

_NONE: tuple[str, ...] = ()


class Lexicon:
    """Every language's wording."""

    def __init__(self) -> None:
        self.months: dict[str, int] = {}
        self.function_words: dict[str, frozenset[str]] = {}
        self.inside = Inside(CATEGORIES)
        self._openings = Openings()
        self.lists = {f"{table}.{name}": _NONE for table, names in LISTS.items() for name in names}

    def add(self, name: str, wording: dict[str, object]) -> None:
        """Take in one file's content; `name` is for errors."""
        language = str(wording.pop("language"))
        spoken = wording.pop("function_words", ())
        self.function_words[language] = frozenset(fold(str(word)) for word in _list(name, spoken))
        for number, spellings in enumerate(_list(name, wording.pop("months", ())), start=1):
            for spelling in spellings.split():
                self.months[fold(spelling).replace("_", " ")] = number
        for table in LISTS:
            self._add_lists(name, table, wording.pop(table, {}))
        for category, kinds in wording.items():
            if category not in CATEGORIES or not isinstance(kinds, dict):
                raise ValueError(f"wording/{name}: no category is called {category}")
            for kind, phrases in kinds.items():
                self._add_phrases(name, category, kind, _list(name, phrases))

    def _add_lists(self, name: str, table: str, lists: object) -> None:
        if not isinstance(lists, dict):
            raise ValueError(f"wording/{name}: {table} should be a table of lists")
        for kind, listed in lists.items():
            if kind not in LISTS[table]:
                raise ValueError(f"wording/{name}: {table} has no list called {kind}")
            place = f"{table}.{kind}"
            self.lists[place] = tuple(dict.fromkeys([*self.lists[place], *_list(name, listed)]))

    def _add_phrases(self, name: str, category: str, kind: str, phrases: list[str]) -> None:
        if kind not in KINDS:
            raise ValueError(f"wording/{name}: {category} has no kind of phrase called {kind}")
        if kind == "inside":
            self.inside.add(category, phrases)
            return
        for phrase in phrases:
            if not self._openings.add(phrase, category, kind):
                raise ValueError(f"wording/{name}: {category}.{kind} has a phrase without words: {phrase!r}")

    def hits_of(self, lines: Sequence[str]) -> dict[int, list[Hit]]:
        """`hits` of each of some folded lines, none of them empty, that has any, by its place among them."""
        return {place: hits for place in self._openings.lines(lines) if (hits := self.hits(lines[place]))}

    def hits(self, folded: str) -> list[Hit]:
        """Phrases that open the folded line, the longest of each category and kind."""
        return self._openings.hits(folded)


def _list(name: str, value: object) -> list[str]:
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return list(value)
    raise ValueError(f"wording/{name}: {value!r} should be a list of strings")


def _load() -> Lexicon:
    lexicon = Lexicon()
    folder = files("archive.extraction.wording")
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            lexicon.add(file.name, tomllib.loads(file.read_text(encoding="utf-8")))
    return lexicon


LEXICON = _load()
"""Every language's wording, loaded once."""
