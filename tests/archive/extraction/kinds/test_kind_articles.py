# ruff: noqa: E501 - a line of a page is as long as it is
"""Pages that look like something else and are articles: none of them may be lost."""

from __future__ import annotations

import pytest

from archive.extraction.article import Article, Page
from archive.extraction.extract import extract

URL = "https://daily.example/2026/03/14/ferry-leaves-the-old-harbour-early"
MARKS = (
    '<meta property="og:type" content="article"><meta property="article:published_time" content="2026-03-14T06:00:00Z">'
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"%s","datePublished":"2026-03-14T06:00:00Z"}</script>'
)
BANNER = (
    '<div id="cookie-banner" class="consent"><p>We and our 641 partners use cookies and process personal data. Manage options or withdraw your consent.</p>'
    "<button>Accept all</button><button>Reject all</button></div>"
    '<div class="modal" style="display:none"><h2>Subscribe to continue reading</h2><p>You have reached your limit of free articles. Already a subscriber? Log in.</p></div>'
    "<noscript>Please enable JavaScript to use all of this site.</noscript>"
    "<div id=msg><p>Something went wrong. Please try again later.</p><p>Video unavailable</p><p>Page not found</p></div>"
    "<div id=login class=popup><h3>Log in to your account</h3><p>Forgot your password?</p><p>Don’t have an account?</p></div>"
    '<script>if (top != self) top.location = "/framed"; </script><form action="/search"><input type=search></form><form><input type=email><input type=password></form>'
)
FERRY = (
    "The first ferry of the day left the old harbour at six with only eleven passengers and a crew of four on board.",
    "The harbour master said on Tuesday that the new timetable would be kept until the eastern quay opens again in May.",
    "Fishermen asked the council to share the cost of the longer way, which takes them forty minutes more every morning.",
    "Two of the five parties in the council are against it, and the vote has been put off until the end of the month.",
    "A woman who has taken the six o’clock boat for thirty years said that she had never seen it so empty.",
)
TEXTS = {
    "consent": ("How the cookie question wore us out", (
        "Accept all or reject all: two buttons stand between readers and nearly every page, and hardly anybody reads what is above them.",
        "“We use cookies” has become the most written sentence of the web, says a lawyer who has counted it on nine thousand sites.",
        "The law asks for consent that is freely given. Courts have said that a wall which leaves no choice gives no such thing.",
        "Publishers answer that advertising pays for what they print, and that their partners would leave without the data.")),
    "captcha": ("Are you a robot? The puzzles that people fail", (
        "Verify you are human, the page says, and shows nine pictures of crossings. A study finds that machines now solve them faster.",
        "“I am not a robot” was clicked half a million times while the volunteers were watched, and one in six gave up.",
        "Those who see badly fail most often. Their federation wants the captcha gone from every page of the state.",
        "The makers say that unusual traffic would bring small sites down within the hour if nobody were asked at all.")),
    "paywall": ("Readers climb over the paywall, and then they stay", (
        "Subscribe to continue reading: more than half of the papers in the country now close their pages after a few lines.",
        "Four publishers told this paper how many of those who meet the offer take it. The numbers lie between two and five in a hundred.",
        "A trial of nine weeks did better than one of four. Those who could cancel at any time cancelled less often.",
        "Not one of the four wants to go back, although all of them lost a third of their readers in the first year.")),
    "missing": ("Page not found: artists give a home to the error 404", (
        "The page you are looking for does not exist, and that is the point: forty artists show what stands there in its place.",
        "The museum has hung the screens in a corridor that leads nowhere. Visitors who turn round find another one.",
        "One of the works counts how often anybody has been sent to it by mistake. On Tuesday it stood at nine million.",
        "The show is open until May, and its address, the curator says with a smile, is no longer available.")),
    "access": ("Access denied: how the archive lost its readers", (
        "Too many requests was the answer that historians got when the archive moved its catalogue to a new machine in spring.",
        "The service was temporarily unavailable for eleven days, and for six more in the summer, its director said on Monday.",
        "Those who have been blocked must write a letter, on paper, and wait. Forty of them did so and got no answer.",
        "A new guard in front of the catalogue costs less than the letters, an expert told the committee of the council.")),
}  # fmt: skip


def page(title: str, content: str, head: str = "") -> str:
    return f"<html><head><title>{title} | Coast Daily</title>{head}</head><body><div class=menu><a href=/>News</a> <a href=/sport/>Sport</a></div><h1>{title}</h1>{content}{BANNER}</body></html>"


def paragraphs(lines: tuple[str, ...]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def article(markup: str, url: str = URL) -> tuple[str, ...]:
    outcome = extract(Page(url, markup.encode(), "text/html; charset=utf-8"))
    assert isinstance(outcome, Article), outcome
    return outcome.paragraphs


@pytest.mark.parametrize("head", ["", MARKS])
@pytest.mark.parametrize("topic", TEXTS)
def test_an_article_about_walls_is_an_article(topic: str, head: str) -> None:
    title, lines = TEXTS[topic]
    said = " ".join(article(page(title, f"<div>{paragraphs(lines)}</div>", head.replace("%s", title))))
    # A line that reads like the offer that it is about may be missing, never the text.
    assert sum(line in said for line in lines) >= 3


@pytest.mark.parametrize("head", ["", MARKS.replace("%s", "عاجل")])
@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("انطلاق القطار السريع من الميناء", "أعلنت وزارة النقل مساء الأحد تشغيل أول قطار سريع بين العاصمة والميناء. وقال الوزير إن التذاكر ستباع ابتداء من الغد في جميع المحطات."),
        ("زلزال خفيف يهز الساحل", "ضرب زلزال بقوة أربع درجات المنطقة الساحلية فجر الاثنين دون وقوع إصابات. وأكدت هيئة الدفاع المدني عدم تسجيل أي أضرار في المباني."),
        ("Ferry turns back", "A ferry with eleven people on board turned back to the old harbour on Tuesday. Nobody was hurt, the coast guard said."),
        ("Bridge under maintenance", "The old bridge is under maintenance until Friday, the council said. Lorries are sent round by the northern road."),
        ("Mehr Zugriff auf Daten", "Wegen Wartungsarbeiten bleibt der Tunnel bis Freitag zu. Der Verkehr wird über die Nordstraße geleitet."),
        ("渡轮返航", "载有十一名乘客的渡轮周二返回旧港，海岸警卫队表示无人受伤。当局称新的时刻表将维持到五月东码头重新开放为止。"),
    ],
)  # fmt: skip
def test_a_flash_of_two_sentences_is_an_article(title: str, text: str, head: str) -> None:
    assert text in article(page(title, f"<p>{text}</p>", head))


@pytest.mark.parametrize("head", ["", MARKS.replace("%s", "Ferry")])
def test_a_short_article_above_forty_titles_is_an_article(head: str) -> None:
    related = "".join(
        f'<li><a href="/2026/03/{n}/another-story-of-the-day">Another story of the day from the harbour, number {n}</a></li>'
        for n in range(40)
    )
    assert (
        article(page("Let the ferry wait", f"{paragraphs(FERRY)}<h3>Related</h3><ul>{related}</ul>", head))[
            : len(FERRY)
        ]
        == FERRY
    )


def entries(count: int) -> str:
    return "".join(
        f"<section id=e{n}><h2><a href='#e{n}'>0{n}:15 What happened next in the harbour</a></h2><p>{n}. {FERRY[n % 5]}</p></section>"
        for n in range(count)
    )


SHAPES = {
    "live blog": entries(9),
    "interview": "".join(f"<p><b>What did you see on day {n}?</b></p><p>{line}</p>" for n, line in enumerate(FERRY)),
    "questions": "".join(f"<h3>Why is boat {n} late?</h3><p>{line}</p>" for n, line in enumerate(FERRY)),
    "recipe": f"<p>{FERRY[0]}</p><h2>Ingredients</h2><ul><li>200 g flour</li><li>2 eggs</li><li>1 lemon</li></ul><h2>Method</h2><ol><li>{FERRY[1]}</li><li>{FERRY[2]}</li></ol>",
    "photo story": "".join(f"<figure><img src=/{n}.jpg><figcaption>Photo {n}: harbour</figcaption></figure><p>{line}</p>" for n, line in enumerate(FERRY * 2)),
    "obituary": f"<p>Born 3 May 1931, died 9 March 2026.</p>{paragraphs(FERRY[:3])}<p>She leaves two sons.</p>",
    "video with text": f"<video src=/v.mp4></video><iframe src='https://player.example/embed/1'></iframe>{paragraphs(FERRY * 3)}",
    "behind a captcha form": f"{paragraphs(FERRY)}<form action=/comment class=captcha-form><div class=g-recaptcha></div><p>I'm not a robot</p></form>",
    "reloading": f"<meta http-equiv=refresh content='600'>{paragraphs(FERRY)}<script>if (top != self) top.location = self.location;</script>",
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("head", ["", MARKS.replace("%s", "Ferry")])
def test_an_article_of_any_shape_is_an_article(shape: str, head: str) -> None:
    assert FERRY[1] in " ".join(article(page("Ferry leaves early", SHAPES[shape], head)))


def test_a_video_page_with_a_text_is_an_article() -> None:
    head = '<meta property="og:type" content="video.other"><script type="application/ld+json">{"@type":"VideoObject","name":"Ferry"}</script>'
    url = "https://daily.example/video/2026/ferry"
    assert article(page("Ferry", f"<video></video>{paragraphs(FERRY * 3)}", head), url)[: len(FERRY)] == FERRY


PAID = (
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry leaves early","datePublished":"2026-03-14",'
    '"isAccessibleForFree":false,"hasPart":{"@type":"WebPageElement","isAccessibleForFree":false,"cssSelector":".paid"}}</script>'
)
OFFER = "<div class=offer><h2>Subscribe to continue reading</h2><p>Choose your plan. Already a subscriber? Log in.</p></div>"


def test_a_whole_text_above_a_hidden_offer_is_an_article() -> None:
    content = f"<p>{FERRY[0]}</p><div class=paid>{paragraphs(FERRY[1:])}</div><div style='display:none'>{OFFER}</div>"
    assert article(page("Ferry leaves early", content, PAID))[: len(FERRY)] == FERRY


def test_a_whole_text_above_an_offer_that_shows_is_an_article() -> None:
    assert article(page("Ferry leaves early", paragraphs(FERRY) + OFFER))[: len(FERRY)] == FERRY


@pytest.mark.parametrize(
    "content",
    [
        f"<p>{FERRY[0]}</p>{OFFER}",
        f"<p>{FERRY[0]}</p><p>{FERRY[1]}</p><div class=paid></div>{OFFER}",
        f"<p>{FERRY[0]}</p><p>The harbour master said on Tuesday that the new timetable would be kept until…</p>",
    ],
)
def test_an_opening_before_an_offer_is_a_paywall(content: str) -> None:
    outcome = extract(Page(URL, page("Ferry leaves early", content, PAID).encode()))
    assert outcome.kind == "paywall"


def test_a_text_that_stops_in_mid_sentence_before_an_offer_is_a_paywall() -> None:
    content = f"<p>{FERRY[0]}</p><p>The harbour master said on Tuesday that the new timetable would be kept until the eastern ...</p>{OFFER}"
    assert extract(Page(URL, page("Ferry leaves early", content).encode())).kind == "paywall"


def test_a_page_that_counts_more_words_than_it_shows_is_a_paywall() -> None:
    head = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry","wordCount":"812"}</script>'
    content = paragraphs(FERRY) + OFFER
    assert extract(Page(URL, page("Ferry leaves early", content, head).encode())).kind == "paywall"
