"""Digests: of record blocks, of payloads and of text."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Iterable
from typing import Protocol

ALGORITHM = "sha256"


class Hash(Protocol):
    """The part of a hashlib object that is used here."""

    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...


def new_hash() -> Hash:
    return hashlib.sha256()


def labelled(value: Hash) -> str:
    """`sha256:` and the digest in Base32: a labelled-digest of ISO 28500:2017, 5.8, as warcio writes them."""
    return f"{ALGORITHM}:{b32encode(value.digest()).decode('ascii')}"


def digest_of(pieces: Iterable[bytes]) -> str:
    """The labelled digest of bytes that come in pieces."""
    value = new_hash()
    for piece in pieces:
        value.update(piece)
    return labelled(value)


def text_hash(content: bytes) -> str:
    """The first 16 hex digits of the SHA-256 of a text file's bytes; `sha256sum` proves a file's name."""
    return hashlib.sha256(content).hexdigest()[:16]


def has_digest(stated: str, pieces: Iterable[bytes]) -> bool | None:
    """Whether bytes have the labelled digest, in Base32 or hexadecimal; None for an unknown algorithm."""
    label, _, value = stated.partition(":")
    algorithm = label.strip().lower().replace("-", "")
    try:
        digest = hashlib.new(algorithm, usedforsecurity=False)
    except ValueError:
        return None
    if not digest.digest_size:  # of the kind whose digests are as long as one asks for
        return None
    for piece in pieces:
        digest.update(piece)
    value = value.strip()
    return value.upper().rstrip("=") == b32encode(digest.digest()).decode().rstrip("=") or (
        value.lower() == digest.hexdigest()
    )
