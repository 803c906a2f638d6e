"""Pages that stand between the reader and an article, or in its place: refusals, faults, questions and forms.

They are told by wording (`wording/`: missing, challenge, outage, consent, tracking, login, redirect) where it makes up
a title, a line or most of the text. An article about walls says the same words among others, and says that it is one.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from archive.extraction.case import ITEM, Case, Verdict
from archive.extraction.folding import fold
from archive.extraction.lexicon import LEXICON

BRIEF = 600
"""Below this size a text may be the wording of a wall; an article that mentions one is longer."""
_LONG = 1_500
"""No refusal is longer; what asks for consent may be."""
_LONGEST_CONSENT = 4_000
_START = 1_000
_NOTE = 250
_TITLE = 0.5
"""Share of a title that tells what the page is. `Page not found: artists and their 404s` is an article's."""
_LINE = 0.4
_TOLD = 0.08
"""Share of a longer text: `The page you are looking for` and what may have become of it, in two or three sentences."""


def wall(case: Case) -> Verdict | None:
    """What stands on the page in place of an article; None where its text may be one."""
    if case.claims == 0 and case.size < _LONGEST_CONSENT and _asks_for_consent(case):
        return "consent", "The text asks for consent to cookies and tracking."
    if case.claims > 1 and case.size >= ITEM:
        return _not_here(case)
    if case.size >= BRIEF:
        return _refusal(case, 0.8) if case.claims == 0 or case.titled("missing", 0.9) else None
    verdict = _refusal(case, _TITLE)
    if verdict or case.claims:
        return verdict or _not_here(case)
    return _said(case) or _form(case)


def _refusal(case: Case, share: float) -> Verdict | None:
    """By title: the page itself says what it is."""
    if case.titled("missing", share) or _named_missing(case):
        return "not-found", f"The title says that there is no such page: {case.meta.headline}."
    if case.size < _LONG and case.titled("challenge", share):
        return "bot-wall", "The page asks the reader to prove that no robot reads it, or refuses to answer."
    if case.size < _LONG and case.titled("outage", share):
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
    short = case.size < _NOTE
    told = LEXICON.share_inside("missing", case.text)
    if told > (0 if short else _TOLD) or case.lined("missing", _LINE):
        return "not-found", "The page says that what was asked for is not there."
    challenges = (
        LEXICON.count_inside("challenge", case.surface.said) if short or case.surface.challenge else 0
    )
    if (
        case.lined("challenge", _LINE)
        or challenges > 1
        or (case.surface.challenge and case.size < ITEM and challenges)
    ):
        return "bot-wall", "The page asks the reader to prove that no robot reads it, or refuses to answer."
    if case.lined("outage", _LINE) or LEXICON.count_inside("outage", case.text) > 1:
        return "unavailable", "The page tells of a fault or a bar, and of nothing else."
    if case.surface.moves and short:
        return "redirect", "The page sends its reader on to another one."
    if short and case.lined("redirect", _LINE):
        return "redirect", "The page says that it sends its reader on to another one."
    return None


def _not_here(case: Case) -> Verdict | None:
    """An article's page that shows a notice instead, to readers in other countries for example."""
    if case.size < _NOTE and any(
        LEXICON.share_inside("outage", fold(run.text)) >= _LINE for run in case.body
    ):
        return "unavailable", "In place of the text stands a notice that it is not to be had now or here."
    return None


def _form(case: Case) -> Verdict | None:
    seen = case.surface
    asked = LEXICON.count_inside("login", seen.said)
    if (seen.password and asked and case.size < _NOTE) or (case.titled("login", _LINE) and asked > 1):
        return "login", "The page is a form to log in or to open an account."
    if seen.email and _newsletter(case):
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
    texts = [fold(run.text) for run in (case.outline.runs if empty else case.body)]
    # What asks for consent says so from the start, and more than once.
    if sum(map(len, LEXICON.said_inside(_CONSENT, "\n".join(texts)[:_START]).values())) < (1 if empty else 2):
        return False
    said = {phrase for found in LEXICON.said_inside(_CONSENT, "\n".join(texts)).values() for phrase in found}
    told = sum(len(text) for text in texts if any(phrase in text for phrase in said))
    if told < (0.5 if empty or case.size < BRIEF else 0.35) * sum(map(len, texts)):
        return False
    pages = LEXICON.said_inside(_CONSENT, case.surface.said)
    return len({phrase for found in pages.values() for phrase in found}) >= (2 if case.size < BRIEF else 4)


_CONSENT = ("consent", "tracking")
