from __future__ import annotations

from tests.archive.extraction.pruning.test_prune import BODY, extracted, paragraphs

FIELD = '<div><label>Address</label><input type="email" name="address"></div>'


def test_a_box_that_asks_for_an_address_goes_with_all_that_it_says() -> None:
    box = f"<div><div><h4>Newsletter</h4><p>Monday to Friday, five stories from the coast.</p></div>{FIELD}</div>"
    first, *rest = paragraphs()
    found = extracted(first, box, *rest)
    assert found.paragraphs == BODY
    assert [block.text for block in found.removed if block.rule == "newsletter.form"] == [
        "Newsletter\nMonday to Friday, five stories from the coast.\nAddress"
    ]


def test_a_field_for_an_address_beside_the_text_leaves_it_whole() -> None:
    wrapped = f'<div class="c3">{"".join(paragraphs())}{FIELD}<p>Newsletter</p></div>'
    assert extracted(wrapped).paragraphs == BODY
