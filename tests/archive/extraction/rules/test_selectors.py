from __future__ import annotations

import pytest
from lxml import html

from archive.extraction.rules.selectors import compiled, select


def test_elements_are_given_once_in_the_order_of_the_selectors() -> None:
    root = html.fromstring("<div><p class=b>1</p><p class='a b'>2</p><p>3</p></div>")
    assert [element.text for element in select((".a", "p.b", "P:last-child"), root)] == ["2", "1", "3"]


@pytest.mark.parametrize("css", ["div >", "a[href", "p::text", "", "svg|a"])
def test_what_selects_no_elements_is_refused_with_the_reason(css: str) -> None:
    with pytest.raises(ValueError, match=r"is no CSS selector \(.+\); correct it$"):
        compiled(css)
