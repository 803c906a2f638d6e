from __future__ import annotations

import pytest

from archive.spool import Spool

LIMITS = [4, 1000]  # on disk, in memory


def _filled(limit: int, *pieces: bytes) -> Spool:
    spool = Spool(limit=limit)
    for piece in pieces:
        spool.write(piece)
    return spool


@pytest.mark.parametrize("limit", LIMITS)
def test_what_is_written_is_read_back_any_number_of_times(limit: int) -> None:
    with _filled(limit, b"abc", b"", b"defgh", b"ij") as spool:
        assert spool.size == 10
        assert [spool.getvalue(), b"".join(spool.pieces()), spool.getvalue()] == [b"abcdefghij"] * 3
        assert b"".join(spool.pieces(4)) == b"efghij"
        assert list(spool.pieces(10)) == []


@pytest.mark.parametrize("limit", LIMITS)
def test_a_look_at_the_first_bytes_moves_nothing(limit: int) -> None:
    with _filled(limit, b"abcdef") as spool:
        assert (spool.peek(2), spool.peek(100)) == (b"ab", b"abcdef")
        spool.write(b"gh")
        assert spool.getvalue() == b"abcdefgh"


@pytest.mark.parametrize("limit", LIMITS)
def test_the_end_can_be_cut_and_written_anew(limit: int) -> None:
    with _filled(limit, b"abcdef", b"ghi") as spool:
        spool.truncate(100)
        spool.truncate(7)
        assert (spool.size, spool.getvalue()) == (7, b"abcdefg")
        spool.write(b"XY")
        assert (spool.size, spool.getvalue()) == (9, b"abcdefgXY")


@pytest.mark.parametrize("limit", LIMITS)
def test_the_beginning_can_be_dropped(limit: int) -> None:
    with _filled(limit, b"abcdef", b"ghi") as spool:
        spool.drop_head(0)
        spool.drop_head(5)
        assert (spool.size, spool.getvalue()) == (4, b"fghi")
        spool.write(b"j")
        assert spool.getvalue() == b"fghij"


@pytest.mark.parametrize("limit", LIMITS)
def test_a_closed_spool_is_empty(limit: int) -> None:
    spool = _filled(limit, b"abcdef")
    spool.close()
    spool.close()
    assert (spool.size, spool.getvalue()) == (0, b"")


def test_a_large_body_comes_back_in_pieces_of_bounded_size() -> None:
    block = bytes(range(256)) * 4096
    with _filled(1 << 20, *[block] * 5) as spool:
        pieces = list(spool.pieces(7))
        assert max(len(piece) for piece in pieces) <= 1 << 18
        assert b"".join(pieces) == (block * 5)[7:]
