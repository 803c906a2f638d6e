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

import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from operator import attrgetter

from archive.extraction.wording.folding import fold

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

_TOKEN = re.compile(r"[^\W_]+")
_FIRST = re.compile(r"[\W_]*([^\W_]+)")
_SECOND = re.compile(r"[\W_]+([^\W_]+)")
# Vowel signs of Indic scripts are no letters to `_TOKEN`; at the end of a word they are left over.
_MARKS = re.compile(r"^[\u0900-\u0903\u093a-\u094f\u0951-\u0963\u0980-\u0983\u09bc-\u09e3]+")
_COMPOUND = re.compile(r"[-‐‑]\w")  # the phrase ends inside a word
_WILD = 4
_START = 2
_SEPARATORS = tuple(":：|>»–—-]】/،")


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found at the start of a line.

    rest  words after the phrase; `separated` says that a colon, dash or bar follows it
    """

    category: str
    kind: str
    rest: int
    separated: bool


@dataclass(frozen=True, slots=True)
class _Phrase:
    tokens: tuple[str, ...]
    category: str
    kind: str
    number: int


@dataclass(frozen=True, slots=True)
class _Sought:
    """An `inside` phrase, and what a text must have for it: looked for first, since it is found much sooner.

    inner   a word of the text between two others of the phrase
    word    part of a word of the text, with `letter` in it
    """

    phrase: str
    inner: str | None
    word: str
    letter: str

    @classmethod
    def of(cls, phrase: str) -> _Sought:
        words = phrase.split()
        word = max(words, key=len)
        letter = next((letter for letter in word if not letter.isascii()), word[0])
        return cls(phrase, max(words[1:-1], key=len, default=None), word, letter)


class _Openings:
    """Phrases that share their first word, by the second: most lines that begin alike part there."""

    def __init__(self) -> None:
        self._by_second: dict[str, list[_Phrase]] = {}
        self._any_second: list[_Phrase] = []

    def add(self, phrase: _Phrase) -> None:
        if len(phrase.tokens) == 1 or phrase.tokens[1] in "*#":
            self._any_second.append(phrase)
        else:
            self._by_second.setdefault(phrase.tokens[1], []).append(phrase)

    def candidates(self, second: str | None) -> list[_Phrase]:
        """The phrases that `second` may follow on, in the order of the files."""
        told = self._by_second.get(second) if second else None
        if told is None:
            return self._any_second
        return sorted([*self._any_second, *told], key=_number)


_number = attrgetter("number")
_NONE: tuple[str, ...] = ()


class Lexicon:
    """Every language's wording, ready for look-up by the first word of a line."""

    def __init__(self) -> None:
        self.months: dict[str, int] = {}
        self.function_words: dict[str, frozenset[str]] = {}
        self.inside: dict[str, tuple[str, ...]] = dict.fromkeys(CATEGORIES, ())
        self._sought: dict[str, list[_Sought]] = {}
        self.lists = {f"{table}.{name}": _NONE for table, names in LISTS.items() for name in names}
        self._by_first: dict[str, _Openings] = {}
        self._phrases = 0
        self._by_start: dict[str, dict[str, list[str]]] = {}

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
            told = tuple(fold(phrase) for phrase in phrases)
            self.inside[category] += told
            self._sought.setdefault(category, []).extend(map(_Sought.of, told))
            return
        for phrase in phrases:
            tokens = tuple(re.findall(r"[^\W_]+|[*#]", fold(phrase)))
            if not tokens:
                raise ValueError(f"wording/{name}: {category}.{kind} has a phrase without words: {phrase!r}")
            self._phrases += 1
            entry = _Phrase(tokens, category, kind, self._phrases)
            self._by_first.setdefault(tokens[0], _Openings()).add(entry)

    def hits(self, folded: str) -> list[Hit]:
        """Phrases that open the folded line, the longest of each category and kind."""
        candidates = self._candidates(folded)
        if not candidates:
            return []
        spans = [match.span() for match in _TOKEN.finditer(folded)]
        tokens = [folded[start:end] for start, end in spans]
        best: dict[tuple[str, str], Hit] = {}
        for phrase in candidates:
            used = _match(phrase.tokens, tokens)
            if not used:
                continue
            after = _MARKS.sub("", folded[spans[used - 1][1] :], count=1)
            compound = _COMPOUND.match(after) is not None
            if compound and used == 1:
                continue
            separated = not compound and after.lstrip(" \"'»”)").startswith(_SEPARATORS)
            hit = Hit(phrase.category, phrase.kind, len(tokens) - used, separated)
            if phrase.kind == "line" and any(not token.isdigit() for token in tokens[used:]):
                continue
            place = (phrase.category, phrase.kind)
            if place not in best or best[place].rest > hit.rest:
                best[place] = hit
        return list(best.values())

    def _candidates(self, folded: str) -> list[_Phrase]:
        opening = _FIRST.match(folded)
        if opening is None:
            return []
        first = opening[1]
        told = self._by_first.get(first)
        numbered = self._by_first.get("#") if first.isdigit() else None
        if not told and not numbered:
            return []
        following = _SECOND.match(folded, opening.end())
        second = following[1] if following else None
        return [
            *(told.candidates(second) if told else ()),
            *(numbered.candidates(second) if numbered else ()),
        ]

    def count_inside(self, category: str, folded: str) -> int:
        """How many of the category's `inside` phrases stand in the folded line."""
        return sum(phrase in folded for phrase in self.inside[category])

    def share_inside(self, category: str, folded: str) -> float:
        """Share of the folded line, from 0 to 1, that the category's `inside` phrases make up."""
        if category not in self._by_start:
            self._by_start[category] = _by_start(self.inside[category])
        opened = self._by_start[category]
        said: set[int] = set()
        for at in range(len(folded)):
            for phrase in opened.get(folded[at : at + _START], ()):
                if folded.startswith(phrase, at):
                    said.update(range(at, at + len(phrase)))
        return len(said) / len(folded) if folded else 0.0

    def said_inside(self, categories: tuple[str, ...], folded: str) -> dict[str, tuple[str, ...]]:
        """The `inside` phrases of these categories that stand anywhere in the folded text of a page."""
        words = set(folded.split())
        joined = " ".join(words)
        letters = set(joined)
        said = {}
        for category in categories:
            said[category] = tuple(
                sought.phrase
                for sought in self._sought.get(category, ())
                if (
                    sought.inner in words
                    if sought.inner
                    else sought.letter in letters and sought.word in joined
                )
                and sought.phrase in folded
            )
        return said


def _by_start(phrases: tuple[str, ...]) -> dict[str, list[str]]:
    """The phrases by their first letters: a title is looked up letter by letter, not phrase by phrase."""
    opened: dict[str, list[str]] = {}
    for phrase in phrases:
        opened.setdefault(phrase[:_START], []).append(phrase)
    return opened


def _match(pattern: tuple[str, ...], tokens: list[str]) -> int:
    """How many tokens the pattern takes from the start, as many as it can; 0 if it does not match."""
    if not pattern:
        return 0
    reach = {0}
    for part in pattern:
        following: set[int] = set()
        for at in reach:
            if part == "*":
                following.update(range(at + 1, min(at + _WILD, len(tokens)) + 1))
            elif at < len(tokens) and (tokens[at] == part or (part == "#" and tokens[at].isdigit())):
                following.add(at + 1)
        if not following:
            return 0
        reach = following
    return max(reach)


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
