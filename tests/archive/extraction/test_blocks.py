from __future__ import annotations

import pytest

from archive.extraction.article import Article, Page
from archive.extraction.extract import extract
from tests.archive.extraction.blocks import SHAPES, Cell, cells

URL = "https://daily.example/news/2024/03/05/story-of-the-day-48151.html"
CELLS = list(cells())


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{cell.shape}-{cell.language}")
def test_a_block_leaves_the_text_and_every_line_of_the_story_stays(cell: Cell) -> None:
    found = extract(Page(URL, cell.page.encode(), "text/html; charset=utf-8"))
    assert isinstance(found, Article)
    assert found.paragraphs == cell.body
    assert found.headline == cell.headline
    dropped = "\n".join(block.text for block in found.removed)
    assert [line for line in cell.noise if line not in dropped] == []


def test_every_shape_stands_in_thirty_languages_and_its_titles_in_one_cell_alone() -> None:
    assert len({shape.name for shape in SHAPES}) == len(SHAPES) >= 10
    assert len({cell.language for cell in CELLS}) >= 30
    titles = [line for cell in CELLS for line in cell.noise if f"{line}</a>" in cell.page]
    assert len(titles) == len(set(titles))
