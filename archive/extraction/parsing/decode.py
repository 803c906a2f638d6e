"""Bytes to text: the one place where a page is decoded.

Order of trust, after the encoding sniffing algorithm of the HTML standard (WHATWG HTML, 13.2.3.2): byte order mark,
charset of the Content-Type header, <meta> in the head, what the bytes look like. One departure: bytes that are
valid UTF-8 and not plain ASCII are UTF-8 whatever a header says, since text in a legacy encoding practically never
forms valid sequences, while servers with a wrong default charset are common.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

from archive.errors import DecodeError
from archive.extraction.article import Page

MAX_CHARACTERS = 20_000_000
"""Longest page that is decoded. The largest real news pages have some 5 million characters, scripts included."""

# Labels that pages use for less than what they send; a browser reads each as the superset (WHATWG Encoding, 4.2).
_SUPERSETS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-6": "cp1256",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# Python's own, of addresses and source code: no page is in them, and they fail on what is not of theirs.
_NOT_FOR_PAGES = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "utf-7"})
_LANGUAGE = re.compile(rb"<html[^>]{0,400}?\blang\s*=\s*[\"']?([a-zA-Z]{2})", re.I)
_BY_LANGUAGE = {
    "ar": "cp1256", "fa": "cp1256", "ur": "cp1256", "he": "cp1255", "tr": "cp1254", "el": "cp1253", "ru": "cp1251",
    "uk": "cp1251", "bg": "cp1251", "sr": "cp1251", "pl": "cp1250", "cs": "cp1250", "hu": "cp1250", "ro": "cp1250",
    "zh": "gb18030", "ko": "cp949", "th": "cp874", "en": "cp1252", "de": "cp1252", "fr": "cp1252", "es": "cp1252",
    "it": "cp1252", "pt": "cp1252", "nl": "cp1252", "sv": "cp1252", "da": "cp1252", "no": "cp1252", "fi": "cp1252",
}  # fmt: skip
_SNIFFED = 1 << 16
_CONTROLS = bytes(range(9)) + bytes(range(14, 27)) + bytes(range(28, 32))


def decode(page: Page) -> str:
    """The page's markup as text without NUL characters and lone surrogates.

    Raises DecodeError where the body is not text, or longer than MAX_CHARACTERS.
    """
    return utf8(page).decode("utf-8")


def utf8(page: Page) -> bytes:
    """The same in UTF-8, as the parser takes it. A page that is in UTF-8 is not decoded on the way."""
    body = page.body
    if len(body) > 4 * MAX_CHARACTERS:
        raise DecodeError(
            f"{page.url}: the page has {len(body)} bytes, more than text may have; leave it out"
        )
    encoding, start, valid = _encoding(page)
    if not encoding.startswith("utf-16") and not encoding.startswith("utf-32"):
        _refuse_binary(page)
    if valid:
        data = body[start:].replace(b"\x00", b"")
        _refuse_length(page, len(data) if len(data) <= MAX_CHARACTERS else len(data.decode("utf-8")))
        return data
    text = body[start:].decode(encoding, "replace").replace("\x00", "")
    _refuse_length(page, len(text))
    return text.encode("utf-8", "replace")


def _refuse_length(page: Page, length: int) -> None:
    if length > MAX_CHARACTERS:
        raise DecodeError(
            f"{page.url}: the page has {length} characters, over the bound of {MAX_CHARACTERS}; leave it out"
        )


def _encoding(page: Page) -> tuple[str, int, bool]:
    """Python's name of the page's encoding, how many bytes its byte order mark takes, whether it is valid UTF-8."""
    named, mark = read_bom(page.body[:4])
    # Markup in UTF-16 or UTF-32 has NUL bytes in every tag: without any, what claims so is wrong.
    wide = b"\x00" in page.body
    if named and mark and named.startswith(("utf-16", "utf-32")) and not wide:
        return "utf-8", len(mark), _is_utf8(page.body[len(mark) :])
    if named and mark:
        return named, len(mark), named == "utf-8" and _is_utf8(page.body)
    valid = _is_utf8(page.body)
    declared = http_content_type_encoding(page.content_type) or _declared_inside(page.body)
    if declared and (not _is_for_pages(declared) or (declared.startswith(("utf-16", "utf-32")) and not wide)):
        declared = None
    if valid and (declared is None or not declared.startswith(("utf-16", "utf-32", "iso2022"))):
        return "utf-8", 0, True
    if declared == "utf-8":
        return "utf-8" if _mostly_utf8(page.body) else _look(page.body), 0, False
    if declared is None:
        return _look(page.body), 0, False
    return _SUPERSETS.get(codecs.lookup(declared).name, declared), 0, False


def _is_for_pages(encoding: str) -> bool:
    """Whether Python's encoding turns bytes into text whatever they are; some of its codecs do neither."""
    try:
        b" ".decode(encoding, "replace")
    except (LookupError, UnicodeError):
        return False
    return codecs.lookup(encoding).name not in _NOT_FOR_PAGES


def _declared_inside(body: bytes) -> str | None:
    declared = html_body_declared_encoding(body[:4096])
    # A <meta> that could be read as ASCII is not in UTF-16 (WHATWG HTML, 13.2.3.2, prescan).
    return "utf-8" if declared and declared.startswith("utf-16") else declared


def _is_utf8(body: bytes) -> bool:
    if body.isascii():
        return True
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _mostly_utf8(body: bytes) -> bool:
    """Whether broken sequences are few among the characters beyond ASCII: a cut comment, an odd advert."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    beyond = len(text) - len(text.encode("ascii", "ignore")) if broken else 0
    return broken * 5 <= beyond


def _look(body: bytes) -> str:
    """The encoding that undeclared bytes look like."""
    language = _LANGUAGE.search(body[:4096])
    if language and (known := _BY_LANGUAGE.get(language[1].decode("ascii").lower())):
        return known
    best = from_bytes(body[:_SNIFFED]).best()
    return resolve_encoding(best.encoding) or best.encoding if best else "cp1252"


def _refuse_binary(page: Page) -> None:
    head = page.body[:_SNIFFED]
    odd = len(head) - len(head.translate(None, _CONTROLS))
    if odd * 20 > len(head):
        raise DecodeError(
            f"{page.url}: the body is binary data, not text ({odd} control bytes in the first {len(head)}); "
            "only HTML pages can be extracted"
        )
