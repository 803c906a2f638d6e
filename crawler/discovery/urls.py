"""URLs: one identity for all spellings of an address, and clean ones out of what people and pages write."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from ipaddress import IPv6Address
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from crawler.discovery.errors import UrlError

if TYPE_CHECKING:
    from tldextract import TLDExtract

MAX_LENGTH = 8_000
"""Longest URL in characters: the request line that every server should accept (RFC 9112, 3)."""

_PORTS = {"http": 80, "https": 443}
_LABELS = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*")
# RFC 3986, 3.3 and 3.4: what may stand in a path or query unescaped, and % of escapes already there.
_PATH = "/:@!$&'()*+,;=~%"
_QUERY = _PATH + "?"
# What nearly all links look like, so that the long way is taken for few: nothing in it needs a change.
_CLEAN = re.compile(rf"https?://{_LABELS.pattern}/[A-Za-z0-9/._~-]*")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})|%")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

# Parameters that say where a reader came from, never what is shown.
_TRACKING = re.compile(
    r"(utm|at|pk|mtm|matomo|hsa|vero|oly|ns|guce|_hs)_.*"
    r"|_hsenc|_hsmi|_ga|_gl|fbclid|gclid|dclid|gclsrc|gbraid|wbraid|msclkid|yclid|ysclid|twclid|ttclid|li_fat_id"
    r"|igshid|igsh|epik|mc_cid|mc_eid|mkt_tok|cmpid|s_cid|ncid|icid|ocid|ito|xtor|smid|smtyp|sref|srnd|spm|taid"
    r"|wt_z?mc|ref_src|ref_url|soc_src|soc_trk|traffic_source|guccounter|tblci|ftag|sharetoken|__twitter_impression",
    re.IGNORECASE,
)
_AMP_PARAMETER = re.compile(r"amp(=(1|true)?)?|(outputtype|output|_format)=amp|_?amp=true", re.IGNORECASE)
_AMP_PATH = re.compile(r"(/amp)+$|^/amp(?=/)|\.amp(?=\.html?$|$)")
_TWINS = frozenset(["www", "m", "mobile", "amp"])


@cache
def _suffixes() -> TLDExtract:
    # Loaded when first asked for, since it takes 0.15 s: the list that comes with the package; neither a download
    # nor a cache on disk.
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None)


def identity(url: str) -> str:
    """The key under which all spellings of one address meet. To compare by, not to fetch.

    Gone are fragment, user name, default port, tracking and AMP parameters, AMP marks of the path, a trailing
    slash, and the host prefixes www., m., mobile. and amp.; http on its default port reads https. Escapes
    have one form (RFC 3986, 6.2.2). All else stays, parameters in their order.

    Raises UrlError for what is no http or https URL.
    """
    parts = _split(url)
    host, port = _address(parts)
    host = _twin_host(host)
    scheme = "https" if port is None else parts.scheme
    query = "&".join(field for field in _canonical(parts.query, _QUERY).split("&") if _counts(field))
    return _join(scheme, host, port, _twin_path(_canonical(parts.path, _PATH)), query)


def safe_http_url(raw: str) -> str:
    """A URL that can be fetched, out of one that a person wrote.

    Spaces and letters beyond ASCII are escaped as UTF-8, the host is lower-cased and in its ASCII form
    (IDNA), default port and fragment are gone. Raises UrlError with what to write instead.
    """
    url = raw.strip()
    if len(url) <= MAX_LENGTH and _CLEAN.fullmatch(url):
        return url
    if not url:
        raise UrlError("the URL is empty; write one such as https://www.example.com/story")
    _require_scheme(url)
    parts = _split(url)
    if parts.username is not None or parts.password is not None:
        raise UrlError(
            f"{host_and_port(url)}: the URL carries a user name, which the archive would keep; leave it out"
        )
    path, query = quote(_clean(parts.path), _PATH), quote(_clean(parts.query), _QUERY)
    return _join(parts.scheme, *_address(parts), path or "/", query)


def absolute(base: str, link: str) -> str | None:
    """The address that a link on page `base` leads to; None for mailto:, data:, malformed ones and the
    like.
    """
    link = link.strip()
    try:
        return safe_http_url(link if link.startswith(("http://", "https://")) else urljoin(base, link))
    except (UrlError, ValueError):
        return None


def host_and_port(url: str) -> str:
    """The host, with the port if it isn't the scheme's default: `example.com`, `127.0.0.1:8001`.

    Raises UrlError for what is no http or https URL.
    """
    host, port = _address(_split(url))
    return host if port is None else f"{host}:{port}"


def path_and_query(url: str) -> str:
    """`/path` or `/path?query`, as article patterns see it."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


@lru_cache(maxsize=4096)
def registered_domain(host: str) -> str | None:
    """The part of a host name that one owner registered: `example.co.uk` of `news.example.co.uk`.

    None for an IP address, a name without a dot and a public suffix.
    """
    name = _suffixes()(host)
    if name.ipv4 or name.ipv6 or "." not in host:
        return None
    if not name.suffix:  # unknown to the list, whose default rule is "*"
        return ".".join(host.split(".")[-2:])
    return name.top_domain_under_public_suffix or None


def same_site(one: str, other: str) -> bool:
    """Whether two http(s) URLs share a registered domain or, having none, the host and port."""
    first, second = host_and_port(one), host_and_port(other)
    domain = registered_domain(first.partition(":")[0])
    return first == second or (domain is not None and domain == registered_domain(second.partition(":")[0]))


def _require_scheme(url: str) -> None:
    scheme, separator, _ = url.partition("://")
    if separator and scheme.lower() in _PORTS:
        return
    name, colon, after = url.partition(":")
    if colon and re.fullmatch(r"[a-zA-Z][a-zA-Z0-9+-]*", name) and not re.match(r"\d", after):
        if name.lower() in _PORTS:
            raise UrlError(f'"{url}" lacks the two slashes; write {name.lower()}://{after.lstrip("/")}')
        raise UrlError(
            f'"{url}" begins with {name}:, which tearsheet does not fetch; give an http or https URL'
        )
    if separator or not re.match(r"(//)?[\w\[]", url):
        raise UrlError(f'"{url}" is no URL; write one such as https://www.example.com/story')
    bare = url.removeprefix("//")
    scheme = "http" if re.match(r"localhost\b|127\.|\[", bare) else "https"
    raise UrlError(f'"{url}" has no scheme; write {scheme}://{bare}')


def _split(url: str) -> SplitResult:
    if len(url) > MAX_LENGTH:
        raise UrlError(f'"{url[:80]}..." has {len(url)} characters; a URL may have {MAX_LENGTH}')
    try:
        parts = urlsplit(url.strip())
        _ = parts.port
    except ValueError as error:
        raise UrlError(f'"{url}" is no URL ({error}); correct it') from error
    if parts.scheme not in _PORTS:
        raise UrlError(f'"{url}" is no http or https URL; give one such as https://www.example.com/story')
    return parts


def _address(parts: SplitResult) -> tuple[str, int | None]:
    """Host in ASCII form (an IPv6 address in brackets), and the port if it is not the default."""
    name = (parts.hostname or "").rstrip(".")
    if not name:
        raise UrlError(f'"{parts.geturl()}" names no host; write one such as https://www.example.com/story')
    host = _ip_host(name) if "[" in parts.netloc else _ascii_host(name)
    return host, None if parts.port == _PORTS[parts.scheme] else parts.port


def _ip_host(name: str) -> str:
    try:
        return f"[{IPv6Address(name).compressed}]"
    except ValueError as error:
        raise UrlError(f'"{name}" is no IPv6 address ({error}); correct the host') from error


@lru_cache(maxsize=4096)
def _ascii_host(name: str) -> str:
    try:
        host = name.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise UrlError(f'"{name}" is no host name ({error}); correct the host') from error
    if not _LABELS.fullmatch(host):
        raise UrlError(f'"{name}" is no host name; use letters, digits, hyphens and dots')
    return host


def _twin_host(host: str) -> str:
    while (parted := host.partition("."))[0] in _TWINS and registered_domain(host) not in (None, host):
        host = parted[2]
    return host


def _twin_path(path: str) -> str:
    path = path.rstrip("/")
    while (shorter := _AMP_PATH.sub("", path).rstrip("/")) != path:
        path = shorter
    return path or "/"


def _counts(field: str) -> bool:
    if not field or _AMP_PARAMETER.fullmatch(field):
        return False
    return not _TRACKING.fullmatch(field.partition("=")[0])


def _canonical(text: str, allowed: str) -> str:
    """Escapes only where needed and in capitals (RFC 3986, 6.2.2.1 and 6.2.2.2)."""
    return quote(_clean(_ESCAPE.sub(_escape, text)), allowed)


def _escape(match: re.Match[str]) -> str:
    if match[1] is None:
        return "%25"
    byte = int(match[1], 16)
    return chr(byte) if byte in _UNRESERVED else match[0].upper()


def _clean(text: str) -> str:
    """Without lone surrogates, which command lines make of bytes that are not UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _join(scheme: str, host: str, port: int | None, path: str, query: str) -> str:
    return f"{scheme}://{host}{'' if port is None else f':{port}'}{path}{f'?{query}' if query else ''}"
