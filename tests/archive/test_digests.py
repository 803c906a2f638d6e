from __future__ import annotations

import base64
import hashlib

from hypothesis import given
from hypothesis import strategies as st

from archive.digests import digest_of, text_hash


def test_a_labelled_digest_is_the_algorithm_and_base32() -> None:
    assert digest_of([]) == "sha256:4OYMIQUY7QOBJGX36TEJS35ZEQT24QPEMSNZGTFESWMRW6CSXBKQ===="


@given(st.lists(st.binary(max_size=50)))
def test_a_digest_does_not_depend_on_the_pieces(pieces: list[bytes]) -> None:
    whole = b"".join(pieces)
    assert digest_of(pieces) == "sha256:" + base64.b32encode(hashlib.sha256(whole).digest()).decode()


def test_a_text_hash_is_what_sha256sum_begins_with() -> None:
    assert text_hash(b"abc") == "ba7816bf8f01cfea"
