"""Pages on which a block that is not the article interrupts or follows a story: every shape in every language.

`stories/` holds one file a language: a story (`paragraphs`, the second with `[...]` around the words that are a link;
`like_markers`, sentences of it that begin as a marker does; `subhead`, `items`, `quotation`) and what stands around it
(`titles` of other stories, where `{n}` makes them the cell's own; `other`, paragraphs of another story; `closing`,
the share bar, the tags and the comment prompt).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

_LINKED = re.compile(r"\[(.+?)\]")
_STORIES = Path(__file__).parent / "stories"


@dataclass(frozen=True)
class Story:
    """One file of `stories/`."""

    language: str
    headline: str
    paragraphs: list[str]
    like_markers: list[str]
    subhead: str
    items: list[str]
    quotation: str
    marker: str
    heading: str
    titles: list[str]
    other: list[str]
    date: str
    newsletter: list[str]
    caption: str
    closing: list[str]
    source: str


@dataclass(frozen=True)
class Shape:
    """Markup of a block in the middle of a story and at its end; the end's is the middle's unless another is given."""

    name: str
    middle: str
    end: str | None = None
    broken: bool = False
    """Whether the story's paragraphs are text between line breaks."""


_LIST = "<ul><li>{link0}</li><li>{link1}</li><li>{link2}</li></ul>"
_LETTER = "<h4>{newsletter0}</h4><p>{newsletter1}</p>{field}<p>{newsletter2}</p><p>{newsletter3}</p>"
SHAPES = (
    Shape("marker-and-link", "<p>{marker}: {link0}</p>"),
    Shape("strong-marker-and-link", "<p><strong>{marker}</strong> {link0}</p>"),
    Shape("marker-then-links", "<p>{marker}</p><p>{link0}</p><p>{link1}</p>"),
    Shape("heading-and-list", "<h3>{heading}</h3>" + _LIST),
    Shape("quotation", "<blockquote><p>{marker}: {link0}</p></blockquote>"),
    Shape("divs", '<div class="x7"><div>{heading}</div><div>{link0}</div><div>{link1}</div></div>'),
    Shape("teaser-paragraph", "<p>{marker}: {link0} {other0} {date}</p>"),
    Shape("teaser-box", '<div class="x7"><p>{marker}</p><h4>{link0}</h4><p>{other0}</p><p>{date}</p></div>'),
    Shape("links-without-marker", _LIST),
    Shape(
        "second-article", "",
        "<p>{source}</p><p>{closing1}</p><p>{marker}:</p><h3>{link0}</h3><p>{other0}</p><p>{other1}</p>"
        "<p>{heading}</p>" + _LIST,
    ),
    Shape("newsletter-form", '<form action="/letters" method="post">' + _LETTER + "</form>", ""),
    Shape("newsletter-box", '<div class="x7">' + _LETTER + "</div>"),
    Shape("newsletter-lines", '<div class="x7">' + _LETTER.replace("{field}", "") + "</div>"),
    Shape(
        "caption", '<p><img src="/i/{n}.jpg" alt=""><br>{caption}</p>',
        '<figure><img src="/i/{n}.jpg" alt=""><figcaption>{other0} {caption}</figcaption></figure>',
    ),
    Shape("closing-bar", "", "<div>{closing0}</div><div>{closing1}</div><div>{closing2}</div>"),
    Shape("aside", '<aside class="related"><h4>{heading}</h4><p>{link0}</p><p>{link1}</p></aside>'),
    Shape("broken", "<br>{marker}: {link0}<br><br>", "<br>{heading}<br>{link0}<br>{link1}", broken=True),
    Shape("in-parentheses", " ({marker}: {link0})", ""),
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One page: a shape in a language, its article's lines, and the lines of the block that must not come out."""

    shape: str
    language: str
    page: str
    headline: str
    body: tuple[str, ...]
    noise: tuple[str, ...]


def stories() -> Iterator[Story]:
    """Each language's story, by the language's code."""
    for path in sorted(_STORIES.glob("*.toml")):
        yield Story(language=path.stem, **tomllib.loads(path.read_text(encoding="utf-8")))


def cells() -> Iterator[Cell]:
    """Every shape in every language. The titles of a cell's other stories stand in no other cell."""
    told = list(stories())
    for row, shape in enumerate(SHAPES):
        for column, story in enumerate(told):
            yield _cell(shape, story, 1000 + 2 * (row * len(told) + column))


def _cell(shape: Shape, story: Story, number: int) -> Cell:
    middle, middle_noise = _block(shape.middle, story, number)
    ending = shape.middle if shape.end is None else shape.end
    end, end_noise = _block(ending, story, number + 1)
    lines = [_LINKED.sub(r"\1", text) for text in story.paragraphs]
    like = story.like_markers
    body = (
        lines[0],
        like[0],
        lines[1],
        story.subhead,
        lines[2],
        *story.items,
        story.quotation,
        like[1],
        lines[3],
    )
    return Cell(
        shape.name, story.language, _page(shape, story, middle, end), story.headline, body,
        tuple(dict.fromkeys([*middle_noise, *end_noise])),
    )  # fmt: skip


def _block(markup: str, story: Story, number: int) -> tuple[str, list[str]]:
    """The block's markup and its lines of text."""
    values = {"marker": story.marker, "heading": story.heading, "date": story.date, "caption": story.caption,
              "source": story.source}  # fmt: skip
    for name in ("other", "newsletter", "closing"):
        values |= {f"{name}{n}": text for n, text in enumerate(getattr(story, name))}
    titles = {f"link{n}": title.format(n=number) for n, title in enumerate(story.titles)}
    said = values | titles
    links = {
        name: f'<a href="/news/2024/03/{number}{name[-1]}480.html">{escape(title)}</a>'
        for name, title in titles.items()
    }
    field = '<input type="email" name="address"><button>→</button>'
    shown = {name: escape(text) for name, text in values.items()} | links
    noise = [said[name] for name in re.findall(r"\{(\w+)\}", markup) if name in said]
    return markup.format(**shown, field=field, n=number), noise


def _page(shape: Shape, story: Story, middle: str, end: str) -> str:
    lines = [_LINKED.sub(r'<a href="/reports/port.html">\1</a>', escape(text)) for text in story.paragraphs]
    first, second = (escape(text) for text in story.like_markers)
    inline = middle if shape.name == "in-parentheses" else ""
    top = [lines[0] + inline, first]
    rest = [escape(story.quotation), second, lines[3]]
    listed = "".join(f"<li>{escape(item)}</li>" for item in story.items)
    if shape.broken:
        above, below = "<br><br>".join(top), "<br><br>".join(rest[1:])
    else:
        above, below = ("".join(f"<p>{line}</p>" for line in part) for part in (top, rest[1:]))
    between = "<br><br>" if shape.broken else ""
    text = (
        f"{above}{'' if inline else middle}{_paragraph(lines[1], shape)}<h2>{escape(story.subhead)}</h2>"
        f"{_paragraph(lines[2], shape)}<ul>{listed}</ul><blockquote><p>{rest[0]}</p></blockquote>{below}{between}{end}"
    )
    headline = escape(story.headline)
    menu = "".join(f'<a href="/{name}/">{name}</a> ' for name in ("news", "sport", "culture", "weather"))
    return (
        f'<!DOCTYPE html><html lang="{story.language}"><head><meta charset="utf-8"><title>{headline}</title>'
        f'<meta property="og:type" content="article"></head><body><nav>{menu}</nav><article><h1>{headline}</h1>'
        f'<div class="c3">{text}</div></article></body></html>'
    )


def _paragraph(line: str, shape: Shape) -> str:
    return f"{line}<br>" if shape.broken else f"<p>{line}</p>"
