"""The HTML pages of an outlet: articles, sections, and pages that are neither."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from urllib.parse import quote

from crawler.demo import datelines
from crawler.demo.edition import Edition
from crawler.demo.newsroom import OddPage, Story
from crawler.demo.themes import Theme

_CHARSET_IN_META = '<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
_DESCRIPTION = 150  # characters of the first paragraph where there is no standfirst
_HASHTAG = 4  # letters that a word of the headline has at least to be made one


def article_page(edition: Edition, story: Story) -> str:
    """The page of one story, in its outlet's theme and its own layout."""
    values = (
        _frame(edition) | _dates(edition, story) | _article(edition, story) | _surroundings(edition, story)
    )
    return Theme.load(edition.outlet.name).page(story.layout, values)


def section_page(edition: Edition, section: str | None) -> str:
    """The list of a section's stories, or of all of them for the home page (`section` is None)."""
    theme = Theme.load(edition.outlet.name)
    moved = {slug: path for path, slug in edition.outlet.redirects.items()}
    cards = [
        theme.fragment(
            "card",
            href=moved.get(story.slug, edition.outlet.path_of(story))
            if section
            else edition.outlet.path_of(story),
            text=_text(story.headline),
            summary=_text(_description(story)),
            date=_text(_day(story)),
        )
        for story in edition.stories
        if section in (None, story.section)
    ]
    cards += [
        theme.fragment("card", href=quote(page.path), text=_text(page.title), summary="", date="")
        for page in edition.outlet.pages
        if section is not None and page.section == section
    ]
    title = edition.outlet.title if section is None else edition.outlet.sections[section]
    return theme.page("section", _frame(edition) | {"section": _text(title), "cards": "\n".join(cards)})


def odd_page(edition: Edition, page: OddPage) -> str:
    """A page that is no article."""
    values = _frame(edition) | {
        "headline": _text(page.title),
        "text": _text(page.text),
        "canonical": edition.url_of_page(page),
        "most_read": _links(edition, edition.most_read()),
    }
    return Theme.load(edition.outlet.name).page(page.template, values)


def _frame(edition: Edition) -> dict[str, str]:
    outlet = edition.outlet
    theme = Theme.load(outlet.name)
    menu = [
        theme.fragment("menu", href=outlet.path_of_section(key), text=_text(title))
        for key, title in outlet.sections.items()
    ]
    return {
        "lang": outlet.language,
        "title": _text(outlet.title),
        "charset": '<meta charset="utf-8">',
        "menu": "".join(menu),
        "feed": edition.base_url + outlet.feed_path,
    }


def _dates(edition: Edition, story: Story) -> dict[str, str]:
    updated = ""
    if story.date_modified is not None:
        print_date = datelines.english if story.language == "en" else datelines.arabic
        updated = Theme.load(edition.outlet.name).fragment(
            "updated", iso=story.date_modified.isoformat(), text=print_date(story.date_modified)
        )
    return {
        "published_iso": story.date_published.isoformat(),
        "published_en": datelines.english(story.published),
        "published_ar": datelines.arabic(story.date_published),
        "published_us": datelines.american_day(story.published),
        "published_stamp": f"{story.published:%Y-%m-%d %H:%M:%S}",
        "modified_iso": story.modified.isoformat(),
        "modified_us": datelines.american(story.modified),
        "updated": updated,
    }


def _article(edition: Edition, story: Story) -> dict[str, str]:
    theme = Theme.load(edition.outlet.name)
    charset = _CHARSET_IN_META.format(charset=story.charset) if story.charset_in == "meta" else ""
    if story.charset_in == "both":
        charset = '<meta charset="utf-8">'
    authors = [theme.fragment("author", text=_text(name)) for name in story.authors]
    return {
        "lang": story.language,
        "charset": charset,
        "headline": _text(story.headline),
        "description": _text(_description(story)),
        "standfirst": theme.fragment("standfirst", text=_text(story.standfirst)) if story.standfirst else "",
        "authors": _text("، ".join(story.authors)),
        "byline": theme.fragment("author_separator").join(authors),
        "path": edition.outlet.path_of(story),
        "canonical": edition.url_of(story),
        "image": f"{edition.base_url}/images/{story.slug}.svg",
        "caption": _text(story.caption or ""),
        "body": _body(edition, story),
        "json_ld": _json_ld(edition, story),
    }


def _surroundings(edition: Edition, story: Story) -> dict[str, str]:
    outlet, theme = edition.outlet, Theme.load(edition.outlet.name)
    related = edition.related(story)
    tags = [
        theme.fragment("tag", href=quote(outlet.tag_path.format(tag=tag)), text=_text(tag))
        for tag in story.tags
    ]
    return {
        "section": _text(outlet.sections[story.section]),
        "section_href": outlet.path_of_section(story.section),
        "tags": theme.fragment("tag_separator").join(tags),
        "tag_run": _text("".join(story.tags)),
        "hashtags": _text(_hashtags(story.headline)),
        "related": _links(edition, related),
        "related_href": edition.url_of(related[0]),
        "related_headline": _text(related[0].headline),
        "most_read": _links(edition, edition.most_read()),
        "credit": _credit(edition, story),
        "credit_href": _credit_url(edition, story),
        "appended": _appended(edition, story),
    }


def _body(edition: Edition, story: Story, layout: str | None = None) -> str:
    theme = Theme.load(edition.outlet.name)
    layout = layout or story.layout
    blocks = []
    for number, paragraph in enumerate(story.paragraphs):
        kind = "quote" if number in story.quotes else "paragraph"
        blocks.append(theme.fragment(kind, layout, text=_text(paragraph)))
        if insert := story.inserts.get(number + 1):
            other = edition.related(story)[1]
            blocks.append(theme.insert(insert, href=edition.url_of(other), text=_text(other.headline)))
    return theme.fragment("paragraph_separator", layout).join(blocks)


def _appended(edition: Edition, story: Story) -> str:
    if story.appends is None:
        return ""
    other = edition.newsroom.story(story.appends)
    return Theme.load(edition.outlet.name).fragment(
        "appended", story.layout, headline=_text(other.headline), body=_body(edition, other, story.layout)
    )


def _credit(edition: Edition, story: Story) -> str:
    if story.credit is None:
        return ""
    text = story.credit.wording if story.language == "en" else story.credit.name
    return Theme.load(edition.outlet.name).fragment(
        "credit",
        story.layout,
        href=_credit_url(edition, story),
        text=_text(text),
        wording=_text(story.credit.wording),
    )


def _credit_url(edition: Edition, story: Story) -> str:
    if story.credit is None:
        return ""
    if story.credit.story is not None:
        return edition.url_of(edition.newsroom.story(story.credit.story))
    return story.credit.url or ""


def _links(edition: Edition, stories: Iterable[Story]) -> str:
    theme = Theme.load(edition.outlet.name)
    return "\n".join(
        theme.fragment("link", href=edition.url_of(story), text=_text(story.headline)) for story in stories
    )


def _json_ld(edition: Edition, story: Story) -> str:
    value = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline,
        "description": _description(story),
        "inLanguage": story.language,
        "datePublished": story.date_published.isoformat(),
        "dateModified": story.modified.isoformat(),
        "author": [{"@type": "Person", "name": name} for name in story.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": edition.outlet.title},
        "articleSection": edition.outlet.sections[story.section],
        "keywords": list(story.tags),
        "image": f"{edition.base_url}/images/{story.slug}.svg",
        "mainEntityOfPage": edition.url_of(story),
    }
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")


def _description(story: Story) -> str:
    if story.standfirst:
        return story.standfirst
    return story.paragraphs[0][:_DESCRIPTION].rsplit(" ", 1)[0] + "…"


def _day(story: Story) -> str:
    return (
        datelines.arabic(story.date_published)
        if story.language == "ar"
        else datelines.english(story.published)
    )


def _hashtags(headline: str) -> str:
    words = (word.strip("“”‘’.,:;") for word in headline.split())
    return " ".join(f"#{word}" for word in words if len(word) >= _HASHTAG)


def _text(text: str) -> str:
    return escape(text, quote=True)
