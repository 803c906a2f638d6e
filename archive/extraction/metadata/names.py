"""Statements of authorship made into names: openings, roles, addresses and the site's own tail taken off."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.extraction.folding import fold, key
from archive.extraction.lexicon import LEXICON

MAX_AUTHORS = 12
_COMMA = re.compile(r"\s*(?:[;|•·、،]|,\s|\s/\s)\s*")
_AND = re.compile(
    r"\s+(?:[&+]|and|und|et|y|e|og|och|en|ve|i|with|mit|avec|con)\s+|\s+و\s*(?=[\u0621-\u064a]{3})", re.I
)
# What follows a name after a comma and belongs to it: a degree, a rank, a generation.
_LETTERS_AFTER = re.compile(
    r"(?:[A-Z][A-Z.0-9-]{1,4}|Ph\.?D\.?|M\.?Sc\.?|Jr\.?|Sr\.?|Esq\.?)(?:\s+[A-Z0-9.]{1,5})?"
)
_FIRST_NAMES = re.compile(r"[^\W\d_][\w'’-]+(?:\s[A-Z]\.?)+")
_NOT_A_NAME = re.compile(
    r"https?:|www\.|^@|^[\W_\d]*$|[<>{}=\[\]]|^\d|^[a-z]+(?:\.[a-z]+){2,}$"
    r"|^(?:admin|administrator|author|no author|guest|unknown|null|none|undefined|webmaster|user|root|test|default"
    r"|by|written by|posted by|share|follow|subscribe|(?:no )?comments?|.*reviewers?|meet .*"
    r"|(?:(?:facebook|twitter|x|whatsapp|bluesky|linkedin|instagram|telegram)\b *)+"
    r"|sign (?:in|up).*|log ?in|register|view .*|(?:full )?bio|link|size|menu|print|e-?mail"
    r"|read more|updated|published|advertisement|über den autor|about the author"
    r"|المحرر)$",
    re.I,
)
_ORGANISATION = re.compile(
    r"\b(?:news|agency|press|staff|desk|team|editors?|editorial|redaktion|redacción|rédaction|redazione|redactie"
    r"|redaktionen|redakcja|redakce|newsroom|media|reuters|afp|ap|dpa|apa|sda|ansa|efe|xinhua|tass|upi|bloomberg"
    r"|associated press|agence france-presse|getty|online|magazine|times|post|zeitung|network|tv|radio|group|inc|ltd"
    r"|gmbh|correspondent|reporters?|contributors?|service|foundation|institute|university|center|centre|department"
    r"|anonymous|journal|blog|company|association|ministry|council|agentur)\b|\.(?:com|net|org|de|uk|is|at|fr)\b"
    r"|وكال|رويترز|صحيفة|موقع|قناة|فريق|التحرير|تحرير|خبرگزاری|تحریریه|گروه|ajansı|haber merkezi"
    r"|통신|新聞|通信社|編集部|新闻|뉴스|신문",
    re.I,
)
_ROLE = re.compile(
    r"\b(?:writer|reporter|correspondent|columnist|expert|manager|director|ceo|cto|founder|co-founder|professor|analyst"
    r"|strategist|specialist|journalist|contributor|photographer|editor|editor-in-chief|redakteur(?:in)?|reporterin"
    r"|korrespondent(?:in)?|journaliste|rédacteur|rédactrice|périodiste|periodista|redactora?|giornalista|muhabiri?|yazar"
    r"|editörü|dietitian|gardener|dr\.? of"
    r"|updated|reviewed|edited|photos?|video|fotos?|illustrations?)\b|^(?:مراسل|محرر|خبرنگار)",
    re.I,
)
_TAIL = re.compile(
    r"\s*(?:\(.*?\)|\s[-–—|].*|\s+(?:for|für|pour)\s+(?:the\s+)?[A-Z].*|,?\s+(?:in|aus|à|en)\s+[A-ZÀ-Ý]\w+$"
    r"|\s*(?:기자|記者|记者|特派員|특파원))\s*$"
)
LABEL = re.compile(
    r"^(?:content|text|words|story|design|interview|autor(?:in)?|author|حوار|تقرير|كتب)\s*:\s*", re.I
)
_ADDRESS = re.compile(r"[(<\[]?\S+@\S+\.\w+[)>\]]?")
_MARKUP = re.compile(r"<[^<>]{0,300}>")
# `View all posts by X`, `Zeige alle Beiträge von X`.
_ALL_BY = re.compile(
    r"^(?:view|show|see|read|more|all|articles?|posts?|stories|zeige|alle|mehr|weitere|beiträge"
    r"|artikel|voir|tous|ver|zum profil|eingestellt|posted)\b"
    r".{0,40}?\s(?:by|of|from|von|par|de|por|di|van|av|af)\s+(?=\S)",
    re.I,
)


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
        parts = [statement] if organisation else parts_of(_without_opening(statement))
        for part in parts:
            name = _bare(part)
            said = key(name)
            leading = next(iter(found.values()), None)
            if leading and part is not parts[0] and not leading.person and " " not in name:
                continue  # `Agency, Town`: the town is no person.
            if said and 1 < len(name) < 70 and len(name.split()) <= 8 and not _NOT_A_NAME.search(name):
                person = not organisation and said not in site and not _ORGANISATION.search(name)
                found.setdefault(said, Name(_capitals(name), person))
    return list(found.values())


def _bare(part: str) -> str:
    name = " ".join(_ADDRESS.sub(" ", part).split())
    if not _ORGANISATION.search(name):
        name = _TAIL.sub("", name)
    name = name.strip(" ,.;:-–—|*»«›‹/")
    name = LABEL.sub("", name)
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
        if joined and _LETTERS_AFTER.fullmatch(piece):
            joined[-1] += f", {piece}"
        elif not (joined and _ROLE.search(piece)):
            joined.append(piece)
    return [name for piece in joined for name in _couple(piece)]


def _couple(piece: str) -> list[str]:
    """`piece` cut at its `and`, unless all it holds is first names or it is an institution's name."""
    if "/" in piece and all(len(side.split()) > 1 for side in piece.split("/")):
        return piece.split("/")
    names = [name for name in _AND.split(piece) if name]
    if len(names) > 1 and (_ORGANISATION.search(piece) or all(len(name.split()) == 1 for name in names)):
        return [piece]
    return names


def _without_opening(statement: str) -> str:
    """`statement` without `By`, `Von`, `بقلم` and the like before the name."""
    statement = _ALL_BY.sub("", statement)
    for hit in LEXICON.hits(fold(statement)):
        if hit.category == "byline" and hit.rest:
            words = statement.split()
            used = len(fold(statement).split()) - hit.rest
            return " ".join(words[max(used, 1) :]).lstrip(" :") if 0 < used < len(words) else statement
    return statement
