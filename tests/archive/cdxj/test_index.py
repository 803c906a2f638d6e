from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.cdxj import index
from archive.cdxj.index import in_order, lookup, merge, read_lines, rebuild
from archive.errors import CollectionError

KEYS = st.sampled_from(["com,a)/", "com,a)/b", "com,a)/b,", "com,a!", "com,b)/", "org,é)/", "a"])
LINES = st.builds(
    lambda key, date, width: f'{key} {20260101000000 + date} {{"x": "{"y" * width}"}}',
    KEYS,
    st.integers(0, 300),
    st.integers(0, 300),
)


def stored(path: Path) -> list[str]:
    return [line.decode().rstrip("\n") for line in read_lines(path)]


def in_bytes(lines: list[str]) -> list[str]:
    return sorted(set(lines), key=str.encode)


def test_a_line_without_end_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "index.cdxj"
    path.write_bytes(b"a 1 {}\n" + b"b" * (3 << 20) + b"\nc 1 {}\n" + b"d" * (2 << 20))
    assert [line[:8] for line in read_lines(path)] == [b"a 1 {}\n", b"b" * 8, b"c 1 {}\n", b"d" * 8]
    assert max(map(len, read_lines(path))) == (1 << 20) + 1


def test_long_lines_are_sorted_a_few_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "_RUN_BYTES", 100)
    lines = [b"%03d %s\n" % (number % 37, b"x" * 60) for number in range(80)]
    assert list(in_order(lines)) == sorted(lines)


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES, max_size=120), st.lists(LINES, max_size=120), KEYS)
def test_lookup_in_a_merged_index_finds_what_a_linear_scan_finds(
    old: list[str], new: list[str], key: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "indexes" / "index.cdxj"
        rebuild(path, old)
        assert stored(path) == in_bytes(old)
        merge(path, new)
        everything = in_bytes(old + new)
        assert stored(path) == everything
        assert list(lookup(path, key)) == [line for line in everything if line.startswith(f"{key} ")]


def test_lookup_in_a_large_index_finds_every_key(tmp_path: Path) -> None:
    path = tmp_path / "index.cdxj"
    lines = [f"com,a)/{number:05} 20260101000000 {'x' * (number % 500)}" for number in range(3000)]
    rebuild(path, reversed(lines))
    for number in (0, 1, 2, 1499, 2997, 2998, 2999, *range(100, 3000, 77)):
        assert list(lookup(path, f"com,a)/{number:05}")) == [lines[number]]
    assert list(lookup(path, "com,a)/")) == list(lookup(path, "zzz")) == list(lookup(path, "a")) == []


def test_lookup_without_an_index_finds_nothing(tmp_path: Path) -> None:
    assert list(lookup(tmp_path / "none", "com,a)/")) == []


def test_more_lines_than_memory_is_given_are_sorted_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "_RUN", 7)
    for count in (0, 1, 6, 7, 8, 14, 50):
        lines = [b"%03d\n" % (number * 37 % 101) for number in range(count)]
        assert list(in_order(lines)) == sorted(lines)


def test_a_last_line_without_its_end_is_kept_apart(tmp_path: Path) -> None:
    path = tmp_path / "index.cdxj"
    path.write_bytes(b"a 1 {}")
    merge(path, ["b 2 {}"])
    assert path.read_bytes() == b"a 1 {}\nb 2 {}\n"


def test_a_disk_that_does_not_take_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "indexes").write_bytes(b"")
    with pytest.raises(CollectionError, match=r"indexes/index\.cdxj: can't be written"):
        rebuild(tmp_path / "indexes" / "index.cdxj", [])
