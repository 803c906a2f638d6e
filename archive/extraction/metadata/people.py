"""Authors: persons named by the page, cleaned of everything that is not a name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from archive.extraction.folding import fold, key
from archive.extraction.lexicon import LEXICON
from archive.extraction.metadata.jsonld import strings
from archive.extraction.metadata.marks import Marks

MAX_AUTHORS = 12
_SPLIT = re.compile(
    r"\s*(?:[;|/•·、]|,\s+(?!(?:Jr|Sr|II|III|MD|M\.D|PhD|Ph\.D)\b)|\s+[&+]\s+|،)\s*"
    r"|\s+(?:and|und|et|y|e|og|och|en|ve|i|with|mit|avec|con)\s+|\s+و\s*(?=[\u0621-\u064a]{3})",
    re.I,
)
_NOT_A_NAME = re.compile(
    r"https?:|www\.|@|\d{2}|\.(?:com|net|org|de|uk)\b|^[\W_]*$|[<>{}=]"
    r"|^(?:admin|administrator|editors?|staff|web ?desk|redaktion|redaction|newsroom|news desk|author|guest|unknown"
    r"|null|none|undefined|anonymous|webmaster|user|root|المحرر|تحرير|هيئة التحرير)$",
    re.I,
)
_ORGANISATION = re.compile(
    r"\b(?:news|agency|press|staff|desk|team|editors?|editorial|redaktion|redacción|rédaction|redazione|newsroom|media"
    r"|reuters|afp|ap|dpa|apa|sda|ansa|efe|xinhua|tass|upi|bloomberg|associated press|agence france-presse|getty"
    r"|online|magazine|times|post|zeitung|network|tv|radio|group|inc|ltd|gmbh|correspondent|reporters?|contributors?"
    r"|service)\b|وكال|رويترز|صحيفة|موقع|قناة|فريق|التحرير|خبرگزاری|تحریریه|گروه|ajansı|haber merkezi"
    r"|통신|新聞|通信社|編集部|记者|뉴스",
    re.I,
)
_ROLE = re.compile(
    r"\s*(?:\(.*?\)|\s[-–—|].*|,?\s+(?:in|aus|à|en)\s+[A-ZÀ-Ý]\w+$|\s*(?:기자|記者|特派員))\s*$"
)


def choose(marks: Marks, root: HtmlElement, names: list[str]) -> tuple[str, ...]:
    """The authors in the page's order; an agency or desk only where no person is named. `names` are the site's."""
    site = {key(name) for name in names if name}
    fallback: tuple[str, ...] = ()
    for statements in _sources(marks, root):
        people = _clean(statements, site)
        persons = tuple(name for name in people if not _ORGANISATION.search(name))
        if persons:
            return persons[:MAX_AUTHORS]
        fallback = fallback or tuple(people[:MAX_AUTHORS])
    return fallback


def from_byline(lines: list[str], names: list[str]) -> tuple[str, ...]:
    """The persons of lines that a byline rule took: `By` and a name, or a name alone where a class says so."""
    site = {key(name) for name in names if name}
    for index, line in enumerate(lines):
        opened = any(hit.category == "byline" for hit in LEXICON.hits(fold(line)))
        alone = opened and len(line.split()) == 1 and index + 1 < len(lines)
        people = _clean([_before_date(lines[index + 1] if alone else line)], site)
        persons = [
            name for name in people if not _ORGANISATION.search(name) and (opened or _NAME.match(name))
        ]
        if persons:
            return tuple(persons[:MAX_AUTHORS])
    return ()


# Two to four words that begin with a capital, or any in a script that has none.
_NAME = re.compile(r"^(?:(?:[^\W\d_a-z][\w.'’-]*)(?:\s|$)){2,4}$")


def _before_date(line: str) -> str:
    """`line` up to where a date, a number or a bar begins."""
    kept = []
    for word in line.split():
        if any(char.isdigit() for char in word) or fold(word).strip(".,") in LEXICON.months or word in "|•·":
            break
        kept.append(word)
    return " ".join(kept)


def _sources(marks: Marks, root: HtmlElement) -> Iterable[list[str]]:
    """Order of trust: JSON-LD author, <meta>, microdata, rel=author. `from_byline` comes after all of them."""
    for value in marks.node("author", "creator"):
        yield strings(value)
    for name in _METAS:
        yield list(marks.meta.get(name, ()))
    yield marks.props.get("author", [])
    yield [_text(element) for element in root.xpath("//body//a[@rel='author']")[:6]]


_METAS = (
    "author", "article:author", "article:author_name", "parsely-author", "sailthru.author", "cxenseparse:author",
    "dc.creator", "dcterms.creator", "dc.creator.name", "byl", "article.author", "articleauthor",
    "og:author", "twitter:data1",
)  # fmt: skip


def _text(element: HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())


def _clean(statements: list[str], site: set[str]) -> list[str]:
    people: dict[str, str] = {}
    for statement in statements:
        if len(statement) > 300 or statement.startswith(("http://", "https://", "/")):
            continue
        for part in _parts(_without_opening(statement)):
            name = _ROLE.sub("", part).strip(" ,.;:-–—|*")
            if (
                1 < len(name) < 60
                and len(name.split()) <= 6
                and not _NOT_A_NAME.search(name)
                and key(name) not in site
            ):
                people.setdefault(key(name), name if not name.isupper() or len(name) < 5 else name.title())
    return [name for said, name in people.items() if said]


def _parts(statement: str) -> list[str]:
    """The names of one statement; `Last, First` is one name."""
    pieces = statement.split(", ")
    if len(pieces) == 2 and all(len(piece.split()) == 1 for piece in pieces) and statement.isascii():
        return [f"{pieces[1]} {pieces[0]}"]
    return _SPLIT.split(statement)


def _without_opening(statement: str) -> str:
    """`statement` without `By`, `Von`, `بقلم` and the like before the name."""
    statement = " ".join(statement.split())
    for hit in LEXICON.hits(fold(statement)):
        if hit.category == "byline" and hit.rest:
            words = statement.split()
            used = len(fold(statement).split()) - hit.rest
            return " ".join(words[max(used, 1) :]).lstrip(" :") if 0 < used < len(words) else statement
    return statement
