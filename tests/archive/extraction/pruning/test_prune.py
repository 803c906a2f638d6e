# ruff: noqa: E501 - a line of a page is as long as it is
from __future__ import annotations

import pytest

from archive.extraction.article import Article, Page
from archive.extraction.explanation.explained import NOT_CHOSEN
from archive.extraction.extract import extract

URL = "https://daily.example/news/2024/03/05/story-48151.html"
BODY = (
    "The first ferry of the day left the harbour at six with only eleven passengers and a crew of four on board.",
    "By noon the queue had reached the old customs house, and the company sent a second boat from the island.",
    "Nobody was hurt, a spokesman said in the evening, but the ramp will have to be looked at before the weekend.",
)
LINK = '<a href="/news/2024/03/04/another-story-of-the-day-48017.html">Another story of the day that has a title</a>'


def extracted(*blocks: str, lang: str = "en") -> Article:
    markup = f"<html lang={lang}><head><title>Ferry queue</title></head><body><article><h1>Ferry queue reaches customs house</h1>{''.join(blocks)}</article></body></html>"
    outcome = extract(Page(URL, markup.encode(), "text/html; charset=utf-8"))
    assert isinstance(outcome, Article)
    return outcome


def paragraphs(lines: tuple[str, ...] = BODY) -> list[str]:
    return [f"<p>{line}</p>" for line in lines]


@pytest.mark.parametrize(
    "sentence",
    [
        "Read also the second chapter aloud, the judge said, and the clerk began again from the top of the page.",
        "Share prices fell by four per cent before lunch and recovered most of the loss in the afternoon.",
        "Source of the smoke was a bakery in the next street, the fire brigade told the paper later.",
        "Tags on the crates showed that the fruit had been picked in another country three weeks before.",
        "Comments by the minister on the radio had angered the union and two of the smaller parties.",
        "Related to the mayor by marriage, the contractor had won four of the last five tenders of the town.",
        "Home is where the dog is, the captain says, and the dog has been on the boat for nine years.",
        "المصدر الذي طلب عدم الكشف عن اسمه أكد أن القارب غادر الميناء قبل الفجر بساعة واحدة.",
        "تابع الجمهور المباراة من سطوح البيوت المجاورة حتى انطفأت الأنوار في الملعب.",
        "كتب الرئيس في رسالته إلى العمال أن الأجور ستدفع قبل نهاية الشهر دون أي تأخير.",
    ],
)
def test_a_sentence_that_begins_like_a_marker_stays(sentence: str) -> None:
    lines = (BODY[0], sentence, *BODY[1:])
    assert extracted(*paragraphs(lines)).paragraphs == lines


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Home » News » Ferry queue reaches customs house", "breadcrumb"),
        ("Last update: March 5, 2024 09:40 (Mecca time)", "stamp"),
        ("نشر الثلاثاء، 14 نوفمبر / تشرين الثاني 2023", "stamp"),
        ("آخر تحديث: ١٤ نوفمبر ٢٠٢٣", "stamp"),
        ("#ferry #queue #customs_house", "tags"),
        ("كلمات دلالية: العبارة الميناء الجمارك", "tags"),
        ("Your browser does not support HTML5 videos", "player"),
        ("This site uses Akismet to reduce spam. Learn how your comment data is processed.", "comments"),
        ("Leave a Comment", "comments"),
        ("Share on Facebook", "share"),
        ("© 2024 Coast Network. All rights reserved.", "copyright"),
        ("جميع الحقوق محفوظة لصحيفة الساحل", "copyright"),
        ("Sign up for our newsletter and get the best stories in your inbox.", "newsletter"),
        ("Advertisement", "advert"),
        ("Photo: Coast Network / A. Rahman", "caption"),
        ("المصدر: وكالة الساحل", "source"),
        ("By Nadia Okoro", "byline"),
        ("بقلم: سلمى حداد", "byline"),
        ("If you enjoyed reading about the ferry, tell a friend who has never been on one.", "newsletter"),
        ("This post may contain affiliate links to shops in the harbour.", "newsletter"),
        ("We want to hear what you think about the new ramp.", "comments"),
        ("Written permission must be asked of the Coast Network beforehand.", "copyright"),
        ("Dieser Beitrag enthält Werbung für die Fähre.", "newsletter"),
        ("Sofern nicht anders angegeben, liegen die Rechte bei der Küstenzeitung.", "copyright"),
        ("Zum Weiterlesen", "related"),
        ("Bild anzeigen", "caption"),
        ("Ten tekst przeczytasz w dwie minuty", "stamp"),
        ("Cancela cuando quieras, sin costo alguno.", "newsletter"),
    ],
)  # fmt: skip
def test_a_line_of_furniture_goes_under_its_own_rule(line: str, rule: str) -> None:
    first, *rest = paragraphs()
    found = extracted(first, f"<p>{line}</p>", *rest)
    assert found.paragraphs == BODY
    assert [block.rule.split(".")[0] for block in found.removed if block.text == line] == [rule]


def test_a_body_whose_class_is_a_word_of_furniture_stays() -> None:
    assert extracted(*(f'<div class="paywall"><p>{line}</p></div>' for line in BODY)).paragraphs == BODY
    assert (
        extracted(f'<form><div class="social-content">{"".join(paragraphs())}</div></form>').paragraphs
        == BODY
    )


def test_a_button_that_was_never_closed_does_not_swallow_the_page() -> None:
    assert extracted("<div><button class=menu>Menu", *paragraphs(), "</div>").paragraphs == BODY


def test_lists_and_tables_of_the_article_keep_one_line_an_item_and_a_cell() -> None:
    items = (
        "Boats leave at six and at nine in the morning.",
        "The last boat back leaves at eight in the evening.",
    )
    listed = f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"
    assert extracted(*paragraphs()[:2], listed, *paragraphs()[2:]).paragraphs == (*BODY[:2], *items, BODY[2])


def test_a_line_that_is_a_bullet_and_a_link_goes_as_a_link() -> None:
    title = "Ferry queue in the old harbour"
    line = f'<p>• <a href="/news/2024/03/04/ferry-queue-48017.html">{title}</a></p>'
    first, *rest = paragraphs()
    found = extracted(first, line, *rest)
    assert found.paragraphs == BODY
    assert [block.rule for block in found.removed if title in block.text] == ["related.link"]


def test_links_to_other_sites_are_no_list_of_the_sites_own_stories() -> None:
    addresses = [f"https://archive{n}.example/papers/harbour-survey-of-the-coast-{n}" for n in range(3)]
    items = "".join(
        f'<li><a href="{one}">The survey of the harbours, volume {one[-1]}</a></li>' for one in addresses
    )
    found = extracted(*paragraphs(), f"<p>The volumes of the survey are:</p><ul>{items}</ul>")
    by_rules = [block for block in found.removed if block.rule != NOT_CHOSEN]
    assert by_rules == list(extracted(*paragraphs()).removed)


def test_a_sentence_that_links_what_it_names_is_no_marker() -> None:
    sentence = (
        "Read the <a href='/news/2024/03/04/full-report-on-the-ramp-48018.html'>full report on the ramp</a>."
    )
    assert (
        "Read the full report on the ramp."
        in extracted(*paragraphs(), f"<p>{sentence}</p>", *paragraphs()[:1]).paragraphs
    )


@pytest.mark.parametrize(
    "line", ["Text-based timetables for the blind", "Video-based training of the crew", "Data-driven ramps"]
)
def test_a_hyphen_inside_a_word_parts_no_wording_from_what_it_opens(line: str) -> None:
    assert (
        line
        in extracted(
            *paragraphs(), f"<ul><li>{line}</li><li>Two new boats for the island</li></ul>", *paragraphs()
        ).paragraphs
    )


@pytest.mark.parametrize(
    "name", ["cta-card", "article__callToAction", "call-to-action", "disclaimer", "postDisclosure"]
)
def test_a_call_to_action_or_a_disclaimer_goes_by_its_name(name: str) -> None:
    first, *rest = paragraphs()
    found = extracted(
        first, f'<div class="{name}"><p>Book your seat on the first boat of the season.</p></div>', *rest
    )
    assert found.paragraphs == BODY
    assert [block.rule for block in found.removed if "Book" in block.text] == ["advert.region"]
