from __future__ import annotations

import lxml.html

from archive.extraction.parsing.junk import strip_junk


def test_a_declared_shadow_root_stays_and_any_other_template_goes() -> None:
    page = lxml.html.document_fromstring(
        "<body><x-story><template shadowrootmode=open><p>Shown<x-inner><template shadowrootmode=open>"
        "<p>deeper</p></template></x-inner></template></x-story><template><p>Kept for later</template><p>after"
    )

    strip_junk(page)

    assert [text.strip() for text in page.itertext() if text.strip()] == ["Shown", "deeper", "after"]
