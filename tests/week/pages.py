"""What the outlets of the week print: articles with furniture around them, and what some show in their place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from urllib.parse import quote

from tests.week.stories import Story, Version

_SAYS = {
    "en": {
        "by": "By",
        "share": ["Share on Facebook", "Share on WhatsApp", "Copy link"],
        "related": "Related stories",
        "footer": "All rights reserved.",
    },
    "ar": {
        "by": "بقلم",
        "share": ["شارك على فيسبوك", "شارك على واتساب", "نسخ الرابط"],
        "related": "اقرأ أيضا",
        "footer": "جميع الحقوق محفوظة.",
    },
}


def article(title: str, base_url: str, story: Story, now: datetime, related: Iterable[Story]) -> str:
    """A story's page as it is at a moment. `related` are printed with their first headlines, so that an edit of one
    changes no other page."""
    version, said = story.version(now), _SAYS[story.language]
    paragraphs = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in version.paragraphs)
    share = "".join(f'<li><a href="#">{each}</a></li>' for each in said["share"])
    links = "\n".join(_card(base_url, each) for each in related)
    return _page(
        title,
        story.language,
        version.headline,
        f"<article>\n<h1>{escape(version.headline)}</h1>\n"
        f'<p class="byline">{said["by"]} <a rel="author" href="/authors">{escape(story.author)}</a></p>\n'
        f'<time datetime="{story.published.isoformat()}">{story.published:%d.%m.%Y %H:%M}</time>\n'
        f'<ul class="share">{share}</ul>\n<div class="text">\n{paragraphs}\n</div>\n</article>\n'
        f'<aside class="related"><h2>{said["related"]}</h2>\n<ul>\n{links}\n</ul></aside>',
        head=_head(base_url, story, version),
    )


def undated(title: str, story: Story, now: datetime) -> str:
    """A page that names no date anywhere, its address included."""
    version = story.version(now)
    paragraphs = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in version.paragraphs)
    body = f"<article>\n<h1>{escape(version.headline)}</h1>\n{paragraphs}\n</article>"
    return _page(title, story.language, version.headline, body)


def script_built(title: str, story: Story, now: datetime) -> str:
    """The frame of a page whose text a script would fetch."""
    version = story.version(now)
    return _page(
        title,
        story.language,
        version.headline,
        '<div id="app" class="loading"></div>\n<script src="/bundle.js" defer></script>',
        head=f'<meta property="og:title" content="{escape(version.headline)}">\n'
        f'<meta property="og:type" content="article">\n'
        f'<meta property="article:published_time" content="{story.published.isoformat()}">',
    )


def teaser(title: str, story: Story, now: datetime) -> str:
    """A first paragraph, and below it the offer of a subscription."""
    version = story.version(now)
    ld = json.dumps(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": version.headline,
            "datePublished": story.published.isoformat(),
            "isAccessibleForFree": False,
        }
    )
    return _page(
        title,
        story.language,
        version.headline,
        f"<article>\n<h1>{escape(version.headline)}</h1>\n<p>{escape(version.paragraphs[0])}</p>\n"
        '<div class="paywall"><p>This article is for subscribers only.</p><p>Subscribe to continue reading.</p>'
        '<p>Already a subscriber? <a href="/login">Log in</a></p></div></article>',
        head=f'<script type="application/ld+json">{ld}</script>',
    )


def consent_wall(title: str) -> str:
    """What is shown to who has not said yes."""
    return _page(
        title,
        "en",
        "Your privacy choices",
        '<div role="dialog"><h1>We value your privacy</h1>\n'
        "<p>We and our partners store and/or access information on your device by way of cookies and similar"
        " technologies, and process personal data such as your address and what you read here.</p>\n"
        "<p>You may accept all cookies, reject all, or manage preferences first. Your consent holds for a year, and"
        " you can take it back under Cookie settings whenever you like.</p>\n"
        "<button>Accept all</button><button>Reject all</button><button>Manage preferences</button></div>",
    )


def challenge(title: str) -> str:
    """What is shown to who is taken for a robot."""
    return _page(
        title,
        "en",
        "Just a moment...",
        "<h1>Checking your browser</h1>\n<p>Please verify that you are a human to continue to this site.</p>\n"
        "<noscript>Enable JavaScript and cookies to continue</noscript>",
    )


def section(title: str, base_url: str, language: str, listed: Sequence[Story], more: str = "") -> str:
    """A page that links to stories; `more` is markup below them."""
    cards = "\n".join(_card(base_url, story) for story in listed)
    return _page(title, language, title, f"<h1>{escape(title)}</h1>\n<ul>\n{cards}\n</ul>\n{more}")


def _card(base_url: str, story: Story) -> str:
    headline = escape(story.versions[0].headline)
    return f'<li><a href="{base_url}{escape(story.path)}">{headline}</a></li>'


def _head(base_url: str, story: Story, version: Version) -> str:
    return (
        f'<link rel="canonical" href="{base_url}{quote(story.path)}">\n'
        f'<meta property="og:title" content="{escape(version.headline)}">\n'
        f'<meta property="og:type" content="article">\n'
        f'<meta property="article:published_time" content="{story.published.isoformat()}">'
    )


def _page(title: str, language: str, headline: str, body: str, head: str = "") -> str:
    direction = "rtl" if language == "ar" else "ltr"
    return (
        f'<!doctype html>\n<html lang="{language}" dir="{direction}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(headline)} | {escape(title)}</title>\n{head}\n</head>\n<body>\n"
        f'<header><a href="/">{escape(title)}</a><nav><a href="/town">Town</a> <a href="/sport">Sport</a></nav>'
        f"</header>\n<main>\n{body}\n</main>\n<footer>{_SAYS[language]['footer']}</footer>\n</body>\n</html>\n"
    )
