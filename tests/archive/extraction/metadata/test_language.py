from __future__ import annotations

import pytest

from archive.extraction.metadata.language import choose


@pytest.mark.parametrize(
    ("declared", "text", "code"),
    [
        (
            [None],
            "The queue of the ferry is as long as the pier, and it was on the way to the harbour.",
            "en",
        ),
        (
            ["de-DE"],
            "The queue of the ferry is as long as the pier, and it was on the way to the harbour.",
            "en",
        ),
        (
            ["en"],
            "Die Schlange vor der Fähre ist nicht kürzer, und sie reicht von der Mole zu den Häusern.",
            "de",
        ),
        (["ar"], "صف طويل أمام العبارة في الميناء", "ar"),
        (["en"], "صف طویل گاری‌ها پیش از کشتی", "fa"),
        (["ur"], "کشتی کے لیے قطار میں گاڑیاں", "ur"),
        ([], "תור ארוך למעבורת", "he"),
        (["zh_TW"], "渡輪前的隊伍很長", "zh"),
        ([], "フェリーを待つ長い列", "ja"),
        ([], "여객선을 기다리는 긴 줄", "ko"),
        ([], "Черга на пором і далі росте", "uk"),
        (["in"], "12", "id"),
        ([], "", None),
    ],
)
def test_script_letters_and_small_words_tell_the_language(
    declared: list[str | None], text: str, code: str | None
) -> None:
    assert choose(declared, text) == code


def test_only_the_beginning_of_a_text_is_looked_at() -> None:
    assert (
        choose([], "The queue of the ferry is as long as the pier. " * 40 + "渡輪前的隊伍很長" * 4000) == "en"
    )
