from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.exports.parquet import write_parquet
from tests.archive.exports.articles import ARTICLE
from tests.command import ROOT, environment


def test_a_row_has_the_article_with_its_lists_and_captures(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra parquet is not installed")
    with (tmp_path / "out.parquet").open("wb") as file:
        assert write_parquet(iter([ARTICLE] * 1001), file) == 1001
    written = parquet.ParquetFile(tmp_path / "out.parquet")
    assert written.num_row_groups == 2
    rows = written.read().to_pylist()
    assert len(rows) == 1001
    left_out = ("parts", "continued_at", "extraction")
    capture = ARTICLE["captures"][0] | {"date": datetime(2026, 3, 1, 12, 0, 0, 250_000, UTC)}
    expected = {name: value for name, value in ARTICLE.items() if name not in left_out}
    assert rows[0] == rows[-1] == expected | {"captures": [capture]}
    assert str(written.schema_arrow.field("authors").type) == "list<element: string>"


def test_without_pyarrow_it_is_said_how_to_get_it(tmp_path: Path) -> None:
    code = (
        "import io, sys\nsys.modules['pyarrow'] = None\n"
        "from archive.errors import ExportError\nfrom archive.exports.parquet import write_parquet\n"
        "try:\n    write_parquet(iter(()), io.BytesIO())\nexcept ExportError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=environment(), check=True
    )
    assert done.stdout == "Parquet needs pyarrow, which is not installed; get it with pip install pyarrow\n"
