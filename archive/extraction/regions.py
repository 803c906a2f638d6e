"""Elements that are not the article by what they are: tag, role, hidden state, and the names in class and id.

Names are general words of the trade in English and a few other languages, never one site's. Every rule is held
back by prose: an element that carries much of the page's prose is not furniture, whatever it is called.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from archive.extraction.outline import HEADINGS, Block, Outline


def _words(*names: str) -> re.Pattern[str]:
    return re.compile(r"(?:^|[\s_-])(?:" + "|".join(names) + r")(?=$|[\s_-])")


# Rule, names, and the share of the page's prose up to which the rule may take an element.
_NAMED: tuple[tuple[str, re.Pattern[str], float], ...] = (
    (
        "related.region",
        _words(
            r"related\w*", r"recommend\w*", "read-?(?:more|also|next)", "also-?read", "see-?also", "you-may-\\w+", "up-?next",
            "more-(?:on|from|stories|news|articles|about|in|like|reads?)", "most-?(?:read|popular|viewed)", "trending", r"popular-\w+",
            "outbrain", "taboola", "teads", "(?:next|prev|previous)-(?:article|story|post)", r"suggest(?:ed|ions?)", "yarpp",
            "further-reading", "teasers", "teaser-?(?:list|group|box|related|block)", r"promo\w*", r"recirc\w*", "latest-?(?:news|posts|stories)",
            r"relacionad[oa]s?", r"verwandt\w*", "story-?list", "news-?list", "top-?stories", r"infinite\w*", "similar", "benzer", "ilgili",
        ),
        0.2,
    ),
    ("newsletter.region", _words(r"newsletter\w*", r"sign-?up\w*", "subscribe", r"subscribe-\w+", "subscription", r"paywall\w*", "regwall", "app-promo", "donat(?:e|ion)"), 0.1),
    ("consent.region", _words(r"consent\w*", r"cookie-?(?:banner|bar|consent|notice|policy|law)\w*", "gdpr", "onetrust", "cmplz"), 0.1),
    ("share.region", _words(r"shar(?:e|ing)\w*", r"social\w*", r"addthis\w*", "sharedaddy", "a2a", "follow-?us", "sociable"), 0.02),
    (
        "comments.region",
        _words("comments?", "comment-?(?:list|form|section|area|box|thread|respond)s?", r"disqus\w*", "reader-?comments", "respond", r"kommentar\w*", "commentaires", "yorumlar"),
        3.0,
    ),
    ("tags.region", _words("tags?", "tag-?(?:list|cloud|links)", "taglist", "(?:post|article|entry)-?tags", "keywords?", "topics?", "hashtags?"), 0.02),
    (
        "author.region",
        _words("author-?(?:bio|box|info|card|description|block|profile|about)s?", "about-?(?:the-)?author", r"byline\w*", "bio", r"article-?author\w*", "authors?", "contributors?"),
        0.15,
    ),
    (
        "caption.region",
        _words("captions?", "wp-caption-text", "(?:image|img|photo|media|picture|video)-?(?:caption|credit|copyright|description|source|info)s?", "credits?", "copyright", "bildunterschrift", "legend", "leyenda"),
        0.1,
    ),
    ("advert.region", _words("ads?", r"advert\w*", "ad-?(?:slot|container|wrapper|unit|label)", r"sponsor\w*", "promoted", "anzeige", "werbung", "publicidad", r"affiliate\w*"), 0.1),
    ("chrome.region", _words("breadcrumbs?", r"nav(?:bar|igation)?", "menu", "pagination", "pager", "skip-?link", "toolbar", "toc", r"sidebar\w*", "site-?(?:header|footer)", "widget-area", "ticker"), 0.02),
    ("stamp.region", _words("entry-meta", "post-meta", "article-meta", "meta-?(?:data|info)", "date-?line-?time", "timestamp", "posted-on", "post-date", "entry-date", "publish(?:ed)?-?(?:date|time)", "last-?updated?"), 0.01),
)  # fmt: skip
_ANY = re.compile("|".join(pattern.pattern for _, pattern, _ in _NAMED))
_TAGS = {
    "nav": ("chrome.nav", 0.05), "form": ("chrome.form", 0.0), "dialog": ("chrome.dialog", 0.1), "footer": ("chrome.footer", 0.1),
    "aside": ("related.aside", 0.15), "figure": ("caption.figure", 0.3), "figcaption": ("caption.figure", 0.3), "menu": ("chrome.nav", 0.05),
    "noscript": ("chrome.noscript", 0.05), "caption": ("caption.figure", 0.05),
}  # fmt: skip
_ROLES = {
    "navigation": "chrome.role", "complementary": "related.role", "contentinfo": "chrome.role", "search": "chrome.role",
    "dialog": "chrome.role", "alertdialog": "chrome.role", "menu": "chrome.role", "menubar": "chrome.role", "toolbar": "chrome.role",
    "tablist": "chrome.role",
}  # fmt: skip
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_LONG_CAPTION = 700
_LONG_NOTICE = 900


def prune(outline: Outline, keep: HtmlElement | None) -> None:
    """Drop the regions; `keep` is the h1, whose ancestors are never dropped."""
    total = max(1, outline.prose)
    safe = {id(element) for element in keep.iterancestors()} | {id(keep)} if keep is not None else set()
    names = _Names(outline)
    done = 0
    for block in outline.blocks:
        if block.start < done or block.end <= block.start or id(block.element) in safe:
            continue
        rule = _verdict(outline, block, total, names)
        if rule and outline.drop(block.start, block.end, rule):
            done = block.end


def _verdict(outline: Outline, block: Block, total: int, names: _Names) -> str | None:
    element = block.element
    if element.tag in ("html", "body", "main"):
        return None
    share = block.prose / total
    if _hidden(element) and not block.prose:
        return "chrome.hidden"
    if element.tag in _TAGS:
        rule, limit = _TAGS[element.tag]
        if share <= limit and not _holds_content(outline, block):
            return rule
    role = _ROLES.get((element.get("role") or "").lower())
    if role and share <= 0.2:
        return role
    if "Comment" in (element.get("itemtype") or "") or element.get("itemprop") == "comment":
        return "comments.region"
    if element.tag in HEADINGS:
        # Classes and ids of headings are slugs of their own text.
        return None
    return _by_name(block, total, names)


def _hidden(element: HtmlElement) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def _holds_content(outline: Outline, block: Block) -> bool:
    """A figure around a table or quotation is content; a footer inside an article may be its last part."""
    tag = block.element.tag
    if tag == "figure":
        return block.prose > _LONG_CAPTION or any(True for _ in block.element.iter("table", "blockquote", "pre"))
    if tag == "footer":
        return block.prose > 0 and any(outline.blocks[i].element.tag == "article" for i in outline.ancestors(block.parent))
    return False


class _Names:
    """What the classes and ids of one page stand for, and how much prose all elements of the same names hold."""

    def __init__(self, outline: Outline) -> None:
        self.prose: dict[str, int] = {}
        self._rules: dict[str, tuple[tuple[str, float], ...]] = {}
        for block in outline.blocks:
            if block.prose:
                names = self.of(block)
                self.prose[names] = self.prose.get(names, 0) + block.prose

    @staticmethod
    def of(block: Block) -> str:
        """The element's class, id and the attributes in which components are named."""
        get = block.element.get
        return " ".join(filter(None, (get("class"), get("id"), get("data-component"), get("data-testid"))))

    def rules(self, names: str) -> tuple[tuple[str, float], ...]:
        """Rules that the names fall under, with their limits."""
        if names not in self._rules:
            plain = _CAMEL.sub("-", names).replace("__", "-").lower()
            found = ((rule, limit) for rule, pattern, limit in _NAMED if pattern.search(plain))
            self._rules[names] = tuple(found) if _ANY.search(plain) else ()
        return self._rules[names]


def _by_name(block: Block, total: int, names: _Names) -> str | None:
    element = block.element
    own = names.of(block)
    for rule, limit in names.rules(own):
        # A body cut into pieces of the same name (`paywall` is as often the paid part of it) is judged as one.
        share = (block.prose if rule in _REPEATING else names.prose.get(own, 0)) / total
        if element.tag == "p" and rule.split(".")[0] in _NOT_PARAGRAPHS and block.prose:
            continue
        if rule == "newsletter.region" and block.prose and block.chars > _LONG_NOTICE:
            continue
        if rule == "caption.region" and element.tag != "p" and block.chars > _LONG_CAPTION:
            continue
        if rule == "related.region" and block.prose and block.density < 0.15:
            limit = 0.05
        if rule == "comments.region" and share > 0.5:
            continue
        if share <= limit:
            return rule
    return None


# Of these a page may well hold many, each with prose of its own.
_REPEATING = frozenset({"related.region", "comments.region", "caption.region", "author.region"})
_NOT_PARAGRAPHS = frozenset({"tags", "chrome", "comments", "share"})
