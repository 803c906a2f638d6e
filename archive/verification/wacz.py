"""A WACZ file: its zip directory, the digests of its entries, its index against its WARC files, and these."""

from __future__ import annotations

import hashlib
import heapq
import json
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from archive.cdxj.index import in_order
from archive.errors import WaczError
from archive.text.record import Json
from archive.verification.findings import Finding, Tally
from archive.verification.references import References
from archive.verification.rows import stored_captures
from archive.verification.warcs import verify_warc
from archive.wacz.members import Member
from archive.wacz.package import DATAPACKAGE, DATAPACKAGE_DIGEST
from archive.wacz.reader import is_warc, read_entries
from archive.warc.members import GZIP_MAGIC
from archive.warc.source import Opener

_JSON_LIMIT = 64 << 20  # bytes of datapackage.json: room for 100,000 entries
_LINE_LIMIT = 1 << 20
_INDEX_SUFFIXES = (".cdx.gz", ".cdxj.gz", ".cdx", ".cdxj")
_OURS = "tearsheet"


def verify_wacz(path: Path, tally: Tally) -> Iterator[Finding]:
    """Check a WACZ file and all that is in it. Nothing is unpacked but WARC files that are deflated."""
    damages: list[WaczError] = []
    try:
        entries = read_entries(path, damages.append, lambda name: not name.endswith("/"))
    except WaczError as error:
        yield _finding(path, error)
        return
    except OSError as error:
        yield Finding(path, f"can't be read: {error.strerror}; check the path", code="unreadable")
        return
    yield from (_finding(path, damage) for damage in damages)
    try:
        package = _package(path, entries)
        yield from _digests(path, entries, package)
        yield from _warcs(path, entries, tally)
        yield from _index(path, entries, complete=str(package.get("software", "")).startswith(_OURS))
    except WaczError as error:
        yield _finding(path, error)


def _finding(path: Path, error: WaczError) -> Finding:
    return Finding(error.path, str(error).removeprefix(f"{error.path}: "), code="wacz")


def _package(path: Path, entries: dict[str, Member]) -> Json:
    """What datapackage.json says. Raises WaczError where it is missing or is none."""
    if DATAPACKAGE not in entries:
        raise WaczError(path, f"it has no {DATAPACKAGE}, so what was in it can't be told; get it again")
    member = entries[DATAPACKAGE]
    if member.size > _JSON_LIMIT:
        raise WaczError(member.path, f"it is {member.size} bytes long, more than any WACZ file needs")
    try:
        package = json.loads(b"".join(member.pieces()))
    except (ValueError, RecursionError) as error:
        raise WaczError(member.path, f"it is no JSON ({error}); get the file again") from error
    if not isinstance(package, dict) or not isinstance(package.get("resources"), list):
        raise WaczError(member.path, "it lists no resources; get the file again")
    return package


def _digests(path: Path, entries: dict[str, Member], package: Json) -> Iterator[Finding]:
    listed = {DATAPACKAGE, DATAPACKAGE_DIGEST}
    for resource in package["resources"]:
        if not isinstance(resource, dict) or not isinstance(resource.get("path"), str):
            problem = "it lists a resource without a path"
            yield Finding(path / DATAPACKAGE, problem, code="wacz")
            continue
        listed.add(resource["path"])
        yield from _resource(path, entries.get(resource["path"]), resource)
    for name in sorted(entries.keys() - listed):
        yield Finding(path / name, f"{DATAPACKAGE} does not list it, so nothing proves it", code="wacz")
    yield from _own_digest(path, entries)


def _resource(path: Path, member: Member | None, resource: Json) -> Iterator[Finding]:
    named = path / resource["path"]
    if member is None:
        yield Finding(named, f"{DATAPACKAGE} lists it, but it is not there or can't be read", code="wacz")
        return
    if resource.get("bytes") != member.size:
        problem = f"it has {member.size} bytes, and {DATAPACKAGE} says {resource.get('bytes')}"
        yield Finding(named, problem, code="wacz")
    yield from _hash(member, str(resource.get("hash", "")), DATAPACKAGE)


def _own_digest(path: Path, entries: dict[str, Member]) -> Iterator[Finding]:
    member = entries.get(DATAPACKAGE_DIGEST)
    if member is None:
        yield Finding(path, f"it has no {DATAPACKAGE_DIGEST}", damage=False, code="wacz")
        return
    try:
        said = json.loads(b"".join(member.pieces())) if member.size <= _JSON_LIMIT else None
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        yield Finding(member.path, "it is no JSON that says a digest", code="wacz")
        return
    yield from _hash(entries[DATAPACKAGE], str(said.get("hash", "")), DATAPACKAGE_DIGEST)


def _hash(member: Member, stated: str, where: str) -> Iterator[Finding]:
    """Compare an entry with a digest `ALGORITHM:HEX`."""
    algorithm, _, value = stated.partition(":")
    if algorithm not in ("sha256", "md5"):
        problem = f"{where} has the digest {stated!r} for it, which is of no known kind; it was not checked"
        yield Finding(member.path, problem, damage=False, code="wacz")
        return
    digest = hashlib.new(algorithm, usedforsecurity=False)
    try:
        for piece in member.pieces():
            digest.update(piece)
    except WaczError as error:
        yield _finding(member.path, error)
        return
    if digest.hexdigest() != value.lower():
        yield Finding(member.path, f"its bytes do not have the digest {stated} of {where}", code="wacz")


def _warcs(path: Path, entries: dict[str, Member], tally: Tally) -> Iterator[Finding]:
    warcs = [member for name, member in entries.items() if is_warc(name)]
    if not warcs:
        yield Finding(path, "it holds no WARC file", code="wacz")
    with References() as references:
        for member in warcs:
            yield from verify_warc(member.path, tally, references, opener=_opener(member))
        yield from references.findings()


def _opener(member: Member) -> Opener:
    return lambda _path: member.open()


def _index(path: Path, entries: dict[str, Member], *, complete: bool) -> Iterator[Finding]:
    """Compare index and WARC files by the places of records, both ways. An index of another tool need not have all, and
    may write URLs in its own way."""
    indexes = [member for name, member in entries.items() if name.endswith(_INDEX_SUFFIXES)]
    if not indexes:
        yield Finding(path, "it holds no CDXJ index", code="wacz")
        return
    warcs = [member for name, member in entries.items() if is_warc(name)]
    stored = in_order(line for member in warcs for line in _places(member, urls=complete))
    listed = in_order(line for member in indexes for line in _listed(member, urls=complete))
    missing = 0
    for line, kinds in _grouped(stored, listed):
        if kinds == {b"listed"}:
            problem = f"its index has a record where none is: {line.decode('utf-8', 'replace').strip()}"
            yield Finding(path, problem, code="index")
        elif kinds == {b"stored"}:
            missing += 1
    if missing:
        problem = f"{missing} captures have no line in its index, so that no reader finds them"
        yield Finding(path, problem, damage=complete, code="index")


def _grouped(stored: Iterable[bytes], listed: Iterable[bytes]) -> Iterator[tuple[bytes, set[bytes]]]:
    """Each place, and who knows of it."""
    last: bytes | None = None
    kinds: set[bytes] = set()
    both = heapq.merge(((line, b"stored") for line in stored), ((line, b"listed") for line in listed))
    for line, kind in both:
        if line != last and last is not None:
            yield last, kinds
            kinds = set()
        last = line
        kinds.add(kind)
    if last is not None:
        yield last, kinds


def _places(member: Member, *, urls: bool) -> Iterator[bytes]:
    for capture in stored_captures(member.path, opener=_opener(member)):
        yield _place(member.name, capture.offset, capture.length, capture.url if urls else "")


def _place(name: str, offset: int, length: int, url: str) -> bytes:
    return f"{name} {offset} {length} {url}".rstrip().encode() + b"\n"


def _listed(member: Member, *, urls: bool) -> Iterator[bytes]:
    for line in _lines(member):
        if line.startswith(b"!") or not line.strip():
            continue
        try:
            fields = json.loads(line.split(b" ", 2)[2])
            name = str(fields["filename"]).rpartition("/")[2]
            url = str(fields["url"]) if urls else ""
            yield _place(name, int(fields["offset"]), int(fields["length"]), url)
        except (IndexError, KeyError, TypeError, ValueError) as error:
            raise WaczError(member.path, f"it has a line that is no CDXJ: {line[:80]!r}") from error


def _lines(member: Member) -> Iterator[bytes]:
    """The lines of an index, which may be made of gzip members."""
    rest = b""
    for piece in _inflated(member):
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines
        if len(rest) > _LINE_LIMIT:
            raise WaczError(member.path, "it has a line longer than any index needs")
    if rest:
        yield rest


def _inflated(member: Member) -> Iterator[bytes]:
    inflater = None
    for number, piece in enumerate(member.pieces()):
        if number == 0 and piece.startswith(GZIP_MAGIC):
            inflater = zlib.decompressobj(31)
        if inflater is None:
            yield piece
            continue
        try:
            left = piece
            while left:
                yield inflater.decompress(left, _LINE_LIMIT)
                left = inflater.unconsumed_tail
                if inflater.eof:
                    left, inflater = inflater.unused_data, zlib.decompressobj(31)
        except zlib.error as error:
            raise WaczError(member.path, f"it can't be inflated ({error}); get the file again") from error
