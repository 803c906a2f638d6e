"""Where a page states what its article's fields say: to be read by people who wonder where a value comes from.

It is no second judgement of the fields: a place is named because it says the same, whether it was asked or not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from archive.extraction.article import Article, Source
from archive.extraction.explanation.explained import Field, Line, gives_day, names_one_of
from archive.extraction.metadata import Marks, dates
from archive.extraction.metadata.jsonld import strings, types
from archive.extraction.parsing.outline import Outline
from archive.extraction.wording.folding import key

Says = Callable[[str], bool]

_TITLES = re.compile(r"title|headline|^name$", re.I)
_AUTHORS = re.compile(r"author|creator|^by", re.I)
_PUBLISHED = re.compile(r"^(?!.*(?:modif|updat|expir)).*(?:date|time|publish|issued|created)", re.I)
_MODIFIED = re.compile(r"modif|updat|revis", re.I)
_PLACES = 6
_QUOTED = 50


def fields_of(article: Article, marks: Marks, outline: Outline, lines: tuple[Line, ...]) -> tuple[Field, ...]:
    """The fields that make an article citable, with the places of the page that state them."""
    return (
        Field("headline", article.headline, _headline(article, marks, lines)),
        Field("authors", ", ".join(article.authors), _authors(article, marks, outline)),
        _published(article.date_published, marks, outline),
        _modified(article.date_modified, marks),
        _source(article.source),
        Field("outlet", article.outlet or ""),
        Field("language", article.language or ""),
    )


def _headline(article: Article, marks: Marks, lines: tuple[Line, ...]) -> tuple[str, ...]:
    said = key(article.headline)
    shown = ["the line marked headline"] if any(line.verdict == "headline" for line in lines) else []
    if not said:
        return ()
    same = _statements(marks, _TITLES, lambda text: key(text) == said)
    longer = _statements(marks, _TITLES, lambda text: said in key(text) and key(text) != said)
    return _few([*shown, *same, *(f"{place} (longer)" for place in longer)])


def _authors(article: Article, marks: Marks, outline: Outline) -> tuple[str, ...]:
    names = [said for name in article.authors if (said := key(name))]
    if not names:
        return ()
    stated = _statements(marks, _AUTHORS, lambda text: any(name in key(text) for name in names))
    runs = (run for run in outline.runs if len(run.text) <= 2 * _QUOTED and run.rule is not None)
    shown = (_quoted(run.text) for run in runs if names_one_of(run, article.authors))
    return _few([*stated, *shown])


def _published(moment: dates.Moment | None, marks: Marks, outline: Outline) -> Field:
    if moment is None:
        return Field("date_published", "")
    places = _statements(marks, _PUBLISHED, lambda text: _same_day(text, moment))
    places += [_quoted(run.text) for run in outline.runs if gives_day(run, moment)]
    if any(dates.from_url(url) == dates.day_of(moment) for url in (marks.url, marks.canonical or "")):
        places.append("the address")
    return Field("date_published", moment.isoformat(), _few(places))


def _modified(moment: dates.Moment | None, marks: Marks) -> Field:
    if moment is None:
        return Field("date_modified", "")
    places = _statements(marks, _MODIFIED, lambda text: _same_day(text, moment))
    return Field("date_modified", moment.isoformat(), _few(places))


def _same_day(text: str, moment: dates.Moment) -> bool:
    other = dates.parse(text)
    return other is not None and (other == moment or dates.day_of(other) == dates.day_of(moment))


def _source(source: Source | None) -> Field:
    if source is None:
        return Field("source", "")
    place = _quoted(source.wording) if source.wording else "the canonical address"
    named = " ".join(filter(None, (source.name, source.url)))
    return Field("source", named or source.wording or "", (place,))


def _statements(marks: Marks, names: re.Pattern[str], says: Says) -> list[str]:
    """The places of the page's head, JSON-LD and microdata under such a name whose text `says` it."""
    return [place for place, name, text in _all(marks) if names.search(name) and says(text)]


def _all(marks: Marks) -> Iterator[tuple[str, str, str]]:
    """Place, name and text of every statement."""
    for node in marks.articles:
        for name, value in node.items():
            for text in strings(value):
                yield f"JSON-LD {name}", name, text
    yield from _of_other_nodes(marks)
    for name, values in marks.meta.items():
        for text in values:
            yield f"meta {name}", name, text
    for name, values in marks.props.items():
        for text in values:
            yield f"microdata {name}", name, text
    if marks.title:
        yield "<title>", "title", marks.title


def _of_other_nodes(marks: Marks) -> Iterator[tuple[str, str, str]]:
    articles = {id(node) for node in marks.articles}
    for node in marks.nodes:
        if id(node) in articles:
            continue
        for name in ("name", "author", "datePublished", "dateModified"):
            kind = "author" if name == "name" and "Person" in types(node) else name
            for text in strings(node.get(name)):
                yield f"JSON-LD {name}", kind, text


def _quoted(text: str) -> str:
    return f"the line “{text if len(text) <= _QUOTED else text[:_QUOTED].rstrip() + '…'}”"


def _few(places: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(places))[:_PLACES]
