"""Statements of authorship made into names: openings, roles, addresses and the site's own tail taken off.

The words by which they are told stand in `wording/`; what is here has the same form in every language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.extraction.wording import vocabulary
from archive.extraction.wording.folding import fold, key, words
from archive.extraction.wording.lexicon import LEXICON

MAX_AUTHORS = 12
_COMMA = re.compile(r"\s*(?:[;|•·、،؛]|,\s|\s/\s)\s*")
_JOINT = vocabulary.written("names.joint")
_AND = re.compile(rf"\s+(?:[&+]|{_JOINT})\s+|\s+و\s*(?=[\u0621-\u064a]{{3}})")
_AND_IN_CAPITALS = re.compile(rf"\s+(?:[&+]|{_JOINT})\s+", re.I)
# What follows a name after a comma and belongs to it: a degree, a rank, a generation.
_LETTERS_AFTER = re.compile(
    r"(?:[A-Z][A-Z.0-9-]{1,4}|Ph\.?D\.?|M\.?Sc\.?|Jr\.?|Sr\.?|Esq\.?)[®™]?(?:\s+[A-Z0-9.]{1,5}[®™]?)?"
)
_FIRST_NAMES = re.compile(r"[^\W\d_][\w'’-]+(?:\s[A-Z]\.?)+")
_NOT_A_NAME = re.compile(
    r"https?:|www\.|^[a-z]+(?:\.[a-z]+){3,}$|^@|^[\W_\d]*$|[<>{}=\[\]]|^\d"
    r"|^(?:(?:facebook|twitter|x|whatsapp|bluesky|linkedin|instagram|telegram|youtube)\b *)+$",
    re.I,
)
_NEVER = vocabulary.whole("names.never")
_ORGANISATION = vocabulary.anywhere("names.organisation")
_DOMAIN = re.compile(r"\w\.(?:com|net|org|info|[a-z]{2})\b")
_ROLE = vocabulary.anywhere("names.role")
_TAIL = re.compile(
    rf"\s*(?:\(.*?\)|\s[-–—|].*|\s+{vocabulary.written('names.affiliation')}\s+(?:the\s+)?[A-Z].*"
    rf"|,?\s+{vocabulary.written('names.place')}(?:\s+[A-ZÀ-Ý]\w+){{1,3}}$|\s*{vocabulary.written('names.title')})\s*$"
)
# `Nadia Okoro, in News, Harbour`: the sections that a piece stands in.
_PLACED = re.compile(rf"{vocabulary.written('names.place')}\s")
_LABEL = vocabulary.Opening("names.label", then=r"\s*[:：]\s*")
_ADDRESS = re.compile(
    r"[(<\[]?\S+@\S+\.\w+[)>\]]?|(?<=\s)@\w+$|^©\s*|(?<=\w )(?:Twitter|Facebook|LinkedIn|Instagram|Bluesky)$"
)
_AGENCY_AFTER = re.compile(r"(?<=\w)\s*/\s?[A-Z][A-Z-]{1,5}$")
_MARKUP = re.compile(r"<[^<>]{0,300}>")
_LISTING = vocabulary.Opening("names.listing", then=r"\s+(?=\S)")
_SIGNED = vocabulary.Opening("names.signed", then=r"\s+(?=\S)")
_MOST, _MOST_WORDS = 70, 8
"""Characters and words of a name; what is longer is a sentence."""


@dataclass(frozen=True, slots=True)
class Name:
    """A cleaned name; `person` is false for the site, agencies, desks and teams."""

    text: str
    person: bool


def clean(statements: list[str], site: frozenset[str], organisation: bool = False) -> list[Name]:
    """The names of some statements, each once. `site` holds keys of the site's names."""
    found: dict[str, Name] = {}
    for statement in statements:
        statement = _MARKUP.sub(" ", " ".join(statement.split()))
        if len(statement) > 300 or statement.startswith(("http://", "https://", "/", "@")):
            continue
        parts = [statement] if organisation else parts_of(_without_opening(_without_site(statement, site)))
        for part in parts:
            name = _bare(part)
            said = key(name)
            leading = next(iter(found.values()), None)
            if leading and part is not parts[0] and not leading.person and " " not in name:
                continue  # `Agency, Town`: the town is no person.
            if said and 1 < len(name) < _MOST and len(name.split()) <= _MOST_WORDS and _may_be(name):
                person = not (organisation or is_own(name, site) or _is_organisation(name))
                found.setdefault(said, Name(_capitals(name), person))
    return list(found.values())


def is_own(name: str, site: frozenset[str]) -> bool:
    """Whether the name is one of the site's, or begins with a word that is: `CNN`, `CNN Arabic`."""
    first, _, more = name.partition(" ")
    return key(name) in site or (bool(more) and first.isupper() and len(first) > 1 and key(first) in site)


def is_label(folded: str) -> bool:
    """Whether the folded line begins with a word that stands before an author and a colon."""
    return bool(_LABEL.match(folded))


def _may_be(name: str) -> bool:
    return not _NOT_A_NAME.search(name) and not _NEVER.fullmatch(fold(name))


def _is_organisation(name: str) -> bool:
    return bool(_ORGANISATION.search(fold(name)) or _DOMAIN.search(name))


def _without_site(statement: str, site: frozenset[str]) -> str:
    """`statement` without the site's name as its last part: `Nadia Okoro, CNN`."""
    named, comma, last = statement.rpartition(", ")
    return named if comma and key(last) in site else statement


def _bare(part: str) -> str:
    name = " ".join(_ADDRESS.sub(" ", part).split())
    if not _is_organisation(name):
        name = _AGENCY_AFTER.sub("", _TAIL.sub("", name)) if " " in name else _TAIL.sub("", name)
    name = name.strip(" ,.;:-–—|*»«›‹/")
    name = _after(name, _LABEL)
    return f"{name}." if re.search(r"(?:\bJr|\bSr|\b[A-Z]\.[A-Z])$", name) and f"{name}." in part else name


def _capitals(name: str) -> str:
    return name.title() if name.isupper() and len(name) > 8 and " " in name else name


def parts_of(statement: str) -> list[str]:
    """The names of one statement. `Last, First` is one name, and so is a name with its degrees."""
    pieces = statement.split(", ")
    if len(pieces) == 2 and " " not in pieces[0] and _FIRST_NAMES.fullmatch(pieces[1]):
        return [f"{pieces[1]} {pieces[0]}"]
    if (
        len(pieces) == 2
        and all(len(piece.split()) == 1 for piece in pieces)
        and not _LETTERS_AFTER.fullmatch(pieces[1])
        and not pieces[0].isupper()
    ):
        return [f"{pieces[1]} {pieces[0]}"]
    joined: list[str] = []
    for piece in _COMMA.split(statement):
        if joined and _PLACED.match(piece):
            break
        if joined and _LETTERS_AFTER.fullmatch(piece):
            joined[-1] += f", {piece}"
        elif not (joined and _ROLE.search(fold(piece))):
            joined.append(piece)
    return [name for piece in joined for name in _couple(piece)]


def _couple(piece: str) -> list[str]:
    """`piece` cut at its `and`, unless all it holds is first names or it is an institution's name."""
    if "/" in piece and all(len(side.split()) > 1 for side in piece.split("/")):
        return piece.split("/")
    names = [name for name in (_AND_IN_CAPITALS if piece.isupper() else _AND).split(piece) if name]
    if len(names) > 1 and (_is_organisation(piece) or all(len(name.split()) == 1 for name in names)):
        return [piece]
    return names


def _without_opening(statement: str) -> str:
    """`statement` without `By`, `Von`, `بقلم`, `View all posts by` and the like before the name."""
    statement = _after(_after(statement, _LISTING), _SIGNED)
    folded = fold(statement)
    for hit in LEXICON.hits(folded):
        if hit.category == "byline" and hit.rest:
            return _last_words(statement, hit.rest)
    return statement


def _after(statement: str, opening: vocabulary.Opening) -> str:
    """What follows the opening, if the statement has it; folding may have changed the number of letters."""
    folded = fold(statement)
    match = opening.match(folded)
    return _last_words(statement, len(words(folded[match.end() :]))) if match else statement


# Scripts without spaces have none behind a colon either.
_WORD_BREAK = re.compile(r"(?<=[:：])\s*|\s+")


def _last_words(statement: str, count: int) -> str:
    """The end of `statement` that begins with the last `count` of its words, as folding counts them."""
    parts = [part for part in _WORD_BREAK.split(statement) if part]
    for index in range(len(parts), -1, -1):
        if len(words(fold(" ".join(parts[index:])))) >= count:
            return " ".join(parts[index:]).lstrip(" :：-–—")
    return statement
