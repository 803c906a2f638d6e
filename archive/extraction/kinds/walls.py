"""Pages that stand between the reader and an article, or in its place: refusals, faults, questions and forms.

They are told by wording (`wording/`: missing, challenge, outage, consent, tracking, login, redirect) where it makes up
a title, a line or most of the text. An article about walls says the same words among others, and says that it is one.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from archive.extraction.kinds.case import ITEM, Case, Verdict
from archive.extraction.kinds.fronts import teasers
from archive.extraction.wording.folding import fold
from archive.extraction.wording.lexicon import LEXICON

BRIEF = 600
"""Below this size a text may be the wording of a wall; an article that mentions one is longer."""
_LONG = 1_500
"""No refusal is longer; what asks for consent may be."""
_LONGEST_CONSENT = 4_000
_START, _FIRST = 1_000, 100
_NOTE = 250
_TITLE = 0.5
"""Share of a title that tells what the page is. `Page not found: artists and their 404s` is an article's."""
_LINE = 0.4
_ECHO = 0.2
"""Share of the text by which it confirms a title. The text below `Bridge under maintenance` speaks of the bridge."""
_MOSTLY = 0.15
_TOLD = 0.08
"""Share of a longer text: `The page you are looking for` and what may have become of it, in two or three sentences."""

_BOTS: Verdict = (
    "bot-wall",
    "The page asks the reader to prove that no robot reads it, or refuses to answer.",
)


def wall(case: Case) -> Verdict | None:
    """What stands on the page in place of an article; None where its text may be one."""
    if case.claims == 0 and case.size < _LONGEST_CONSENT and _asks_for_consent(case):
        return "consent", "The text asks for consent to cookies and tracking."
    if case.claims > 1 and case.size >= ITEM:
        return _not_here(case)
    if case.size >= BRIEF:
        # A missing page may offer others; a text of this length is none of its own.
        return _refusal(case) if case.claims == 0 and (case.size < _LONG or teasers(case)) else None
    verdict = _refusal(case)
    if verdict or case.claims:
        return verdict or _not_here(case)
    return _said(case) or _form(case)


def _refusal(case: Case) -> Verdict | None:
    """By title: the page itself says what it is, and its text does not contradict."""
    if case.titled("missing", _TITLE) or _named_missing(case):
        return "not-found", f"The title says that there is no such page: {case.meta.headline}."
    empty = case.size < ITEM
    if case.titled("challenge", _TITLE) and (empty or case.told("challenge") or case.surface.challenge):
        return _BOTS
    if case.titled("outage", _TITLE) and (empty or case.told("outage") > _ECHO):
        return "unavailable", f"The title tells of a fault or a bar: {case.meta.headline}."
    return None


def _named_missing(case: Case) -> bool:
    """Whether a title is such a phrase and hardly more, a number (`Error 404`) among them."""
    return any(
        hit.category == "missing" and hit.kind == "line" and hit.rest <= 1
        for title in case.titles
        for hit in LEXICON.hits(title)
    )


def _said(case: Case) -> Verdict | None:
    """By the text of a short page that claims to be nothing."""
    empty, short = case.size < ITEM, case.size < _NOTE
    if case.told("missing") > (0 if short else _TOLD) or case.lined("missing", _LINE):
        return "not-found", "The page says that what was asked for is not there."
    said = LEXICON.inside.count("challenge", case.surface.said if empty else case.text)
    if case.lined("challenge", _LINE) or case.told("challenge") > _MOSTLY or (empty and said > 1):
        return _BOTS
    if short and said and case.surface.challenge:
        return _BOTS
    if (short and case.lined("outage", _LINE)) or case.told("outage") > _ECHO:
        return "unavailable", "The page tells of a fault or a bar, and of nothing else."
    if (empty and case.surface.moves) or (short and case.lined("redirect", _LINE)):
        return "redirect", "The page sends its reader on to another one."
    return None


def _not_here(case: Case) -> Verdict | None:
    """An article's page that shows a notice instead, to readers in other countries for example."""
    if case.size >= _NOTE:
        return None
    notices = [run.size for run in case.body if LEXICON.inside.share("outage", run.folded) >= _LINE]
    if sum(notices) * 2 > case.size:
        return "unavailable", "In place of the text stands a notice that it is not to be had now or here."
    return None


def _form(case: Case) -> Verdict | None:
    seen = case.surface
    asked = LEXICON.inside.count("login", seen.said)
    titled = case.titled("login", _LINE)
    if (seen.password and asked and (case.size < ITEM or titled or case.told("login"))) or (
        titled and asked > 1
    ):
        return "login", "The page is a form to log in or to open an account."
    if seen.email and case.size < _NOTE and _newsletter(case):
        return "newsletter", "The page is a form to order a newsletter."
    return None


def _newsletter(case: Case) -> bool:
    if "newsletter" in urlsplit(case.page.url).path.lower():
        return True
    return any(
        "newsletter" in title or any(hit.category == "newsletter" for hit in LEXICON.hits(title))
        for title in case.titles
    )


def _asks_for_consent(case: Case) -> bool:
    """Whether wording of consent fills the chosen text, or the page where no text was chosen."""
    empty = case.size < ITEM
    runs = case.outline.runs if empty else case.body
    # What asks for consent says so from the start, and more than once.
    start = fold("\n".join(run.text for run in runs[:_FIRST])[:_START])
    if sum(map(len, LEXICON.inside.said(_CONSENT, start).values())) < (1 if empty else 2):
        return False
    texts = [fold(run.text) for run in runs]
    said = {phrase for found in LEXICON.inside.said(_CONSENT, "\n".join(texts)).values() for phrase in found}
    told = sum(len(text) for text in texts if any(phrase in text for phrase in said))
    if told < (0.5 if empty or case.size < BRIEF else 0.35) * sum(map(len, texts)):
        return False
    pages = LEXICON.inside.said(_CONSENT, case.surface.said)
    return len({phrase for found in pages.values() for phrase in found}) >= (2 if case.size < BRIEF else 4)


_CONSENT = ("consent", "tracking")
