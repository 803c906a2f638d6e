# ruff: noqa: E501 - a line of a page is as long as it is
"""Page layouts of five kinds of republished news, each rendered in three markups.

A layout is a list of parts; `body` are the lines that must come out, `noise` those that must not. The same parts are
written as a news theme with telling classes, as a soup of divs without any, and as text broken by <br>.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

Part = tuple[str, str]
_TEXT = ("p", "standfirst")


@dataclass(frozen=True)
class Layout:
    """Parts in page order. Kinds: crumb, headline, caption, label, standfirst, stamp, p, tags, prompt,
    notice, source, marker, title, item."""

    name: str
    lang: str
    headline: str
    parts: tuple[Part, ...]
    other: frozenset[int] = field(default_factory=frozenset)
    """Numbers of the `p` parts that belong to another article."""

    @property
    def body(self) -> list[str]:
        """The lines of the article, the standfirst among them."""
        return [text for n, (kind, text) in enumerate(self.parts) if kind in _TEXT and n not in self.other]

    @property
    def noise(self) -> list[str]:
        """The lines that are not the article."""
        return [text for n, (kind, text) in enumerate(self.parts) if kind not in _TEXT or n in self.other]


HARBOUR = (
    "The port authority said on Tuesday that the eastern quay will stay closed until divers have looked at every pile of it.",
    "Read also the second chapter of the survey, the harbour master told reporters, because the cracks are described there.",
    "Two ferries were sent to the old basin, where passengers had to wait for more than three hours in the rain.",
    "“We would rather lose a week than a ship,” she said, adding that the insurers had been told on Monday evening.",
    "Fishermen asked the council to share the cost of the longer way, which takes them forty minutes more every morning.",
)
LIBRARY = (
    "The city library lent more books last year than in any year since it was founded, its director said on Thursday.",
    "He added that most of the growth comes from the two branches that open on Sundays and from the travelling bus.",
    "The council will vote in March on a third branch, which would cost about four million and take two years to build.",
    "Source of the money would be a fund for schools, a plan that two of the five parties in the council oppose.",
    "A reader who has come for sixty years said that the quiet room on the second floor should stay as it is.",
)
WATER = (
    "قالت هيئة المياه في بيان صدر مساء الأحد إن إصلاح الخط الرئيسي شمال المدينة سيستغرق ثلاثة أسابيع على الأقل.",
    "وأضافت الهيئة أن فرقها تعمل ليلا ونهارا، وأن الأحياء العالية ستحصل على المياه بالصهاريج حتى نهاية الشهر الجاري.",
    "المصدر الذي طلب عدم ذكر اسمه قال إن الأنبوب يعود إلى ستينات القرن الماضي ولم يفحص منذ عشر سنوات كاملة.",
    "وطالب سكان الحي الشرقي بجدول واضح للتوزيع، مؤكدين أن الصهاريج تصل في أوقات لا يكون فيها أحد في البيوت.",
    "اقرأ أيضا ما كتبته على الجدار، قالت المعلمة لتلاميذها قبل أن تغلق المدرسة أبوابها بسبب انقطاع المياه.",
)
TRAIN = (
    "لوسيل، الساحل الشمالي (وكالة) -- أعلنت وزارة النقل تشغيل القطار السريع بين العاصمة والميناء ابتداء من مطلع الربيع المقبل.",
    "وستقطع القطارات المسافة في خمسين دقيقة، أي نصف الوقت الذي تحتاج إليه الحافلات اليوم بحسب أرقام الوزارة.",
    "وقال الوزير في مؤتمر صحفي إن التذاكر ستباع عبر الهاتف وفي المحطات، وإن الطلاب سيدفعون نصف الثمن فقط.",
    "ويرى مهندسون أن الجسر فوق الوادي ما زال يحتاج إلى اختبارات إضافية قبل أن تمر عليه القطارات المحملة بالبضائع.",
)
BRIDGE = (
    "أغلقت السلطات الجسر القديم أمام الشاحنات بعد أن ظهرت تشققات في قاعدته الشرقية خلال فحص أجري الأسبوع الماضي.",
    "وقال مدير الطرق إن السيارات الصغيرة تستطيع العبور في اتجاه واحد حتى تنتهي أعمال التدعيم في الصيف المقبل.",
)
OLIVES = (
    "بدأ موسم قطف الزيتون في القرى الجبلية متأخرا أسبوعين هذا العام بسبب أمطار الخريف التي طالت أكثر من المعتاد.",
    "ويقول المزارعون إن الكمية أقل من العام الماضي، غير أن جودة الزيت أفضل بكثير لأن الثمار نضجت ببطء على أشجارها.",
    "وتشتري المعصرة التعاونية المحصول بسعر ثابت اتفقت عليه مع اللجنة الزراعية في اجتماع عقد في بداية سبتمبر.",
)

LAYOUTS = (
    Layout(
        "crumb_hashtags_akismet", "en", "Eastern quay stays closed while divers search for cracks",
        (
            ("crumb", "Home » today » Coast » Eastern quay stays closed while divers search for cracks"),
            ("headline", "Eastern quay stays closed while divers search for cracks"),
            ("stamp", "3/5/2024-|Last update: 3/5/202409:40 AM (Mecca time)"),
            *(("p", text) for text in HARBOUR),
            ("tags", "#quay #closed #divers #search #cracks"),
            ("stamp", "2024-03-05 07:12:30"),
            ("prompt", "Leave a Comment"),
            ("notice", "This site uses Akismet to reduce spam. Learn how your comment data is processed."),
        ),
    ),
    Layout(
        "posted_in_video_source_link", "en", "City library lends more books than ever before",
        (
            ("headline", "City library lends more books than ever before"),
            ("caption", "The director of the city library, Ines Corvo"),
            ("label", "Coast region"),
            ("standfirst", "Two branches that open on Sundays and a travelling bus bring readers back, and the council will vote on a third branch in March"),
            ("stamp", "Posted in:"),
            ("stamp", "Last update:"),
            ("p", LIBRARY[0]),
            ("p", LIBRARY[1]),
            ("notice", "Your browser does not support HTML5 videos"),
            *(("p", text) for text in LIBRARY[2:]),
            ("marker", "Read also"),
            ("source", "Source link"),
            ("prompt", "Leave a Comment"),
        ),
    ),
    Layout(
        "plain", "ar", "إصلاح خط المياه الرئيسي يستغرق ثلاثة أسابيع",
        (("headline", "إصلاح خط المياه الرئيسي يستغرق ثلاثة أسابيع"), *(("p", text) for text in WATER)),
    ),
    Layout(
        "footer_tags_other_article_list", "ar", "القطار السريع إلى الميناء ينطلق في الربيع",
        (
            ("headline", "القطار السريع إلى الميناء ينطلق في الربيع"),
            *(("p", text) for text in TRAIN),
            ("notice", "نقلسفرالميناءنشر الأربعاء، 6 مارس / آذار 2024تابعونا عبرسياسة الخصوصيةشروط الخدمةملفات تعريف الارتباطمن نحنالأرشيف© 2024 Coast Network. All Rights Reserved."),
            ("source", "المصدر: صحيفة الساحل"),
            ("tags", "كلمات دلالية: قطار وزارة النقل الميناء"),
            ("marker", "إقرأ أيضاً:"),
            ("title", "إغلاق الجسر القديم أمام الشاحنات الثقيلة"),
            *(("p", text) for text in BRIDGE),
            ("marker", "مقالات مشابهة"),
            ("item", "الوزارة: لا زيادة في أسعار الوقود هذا العام"),
            ("item", "مطار العاصمة يستقبل مليون مسافر خلال شهر واحد"),
            ("item", "حافلات كهربائية جديدة في شوارع المدينة القديمة"),
            ("item", "إغلاق الجسر القديم أمام الشاحنات الثقيلة"),
        ),
        frozenset({10, 11}),
    ),
    Layout(
        "trailing_address", "ar", "موسم الزيتون يبدأ متأخرا في القرى الجبلية",
        (
            ("headline", "موسم الزيتون يبدأ متأخرا في القرى الجبلية"),
            *(("p", text) for text in OLIVES),
            ("source", "https://www.coast-monitor.example/originals/2024/03/late-olive-season-mountain-villages"),
        ),
    ),
)  # fmt: skip

_CLASSES = {
    "crumb": "breadcrumb", "stamp": "entry-date", "tags": "post-tags", "prompt": "comment-reply-title", "notice": "notice",
    "source": "source", "marker": "section-heading", "title": "entry-title", "item": "related-item", "label": "cat-label",
    "caption": "entry-caption", "standfirst": "entry-lead",
}  # fmt: skip


def theme(layout: Layout) -> str:
    """A news theme: article, headings, paragraphs, lists, classes that tell."""
    pieces = []
    for kind, text in layout.parts:
        if kind == "headline":
            pieces.append(f'<h1 class="entry-title">{escape(text)}</h1>')
        elif kind == "p":
            pieces.append(f"<p>{escape(text)}</p>")
        elif kind in ("marker", "title", "prompt"):
            pieces.append(f'<h3 class="{_CLASSES[kind]}">{_linked(kind, text)}</h3>')
        elif kind == "item":
            pieces.append(f'<ul><li class="{_CLASSES[kind]}">{_linked(kind, text)}</li></ul>')
        else:
            pieces.append(f'<div class="{_CLASSES[kind]}">{_linked(kind, text)}</div>')
    return _page(
        layout, f'<article class="post"><div class="entry-content">{"".join(pieces)}</div></article>'
    )


def soup(layout: Layout) -> str:
    """Divs inside divs, no class that tells anything, no heading."""
    pieces = [
        f'<div class="c{n % 7}"><div>{_linked(kind, text)}</div></div>'
        for n, (kind, text) in enumerate(layout.parts)
    ]
    return _page(layout, f'<div class="a1"><div class="b2">{"".join(pieces)}</div></div>')


def broken(layout: Layout) -> str:
    """All of it in one div, broken by <br>."""
    lines = [_linked(kind, ("• " if kind == "item" else "") + text) for kind, text in layout.parts]
    return _page(layout, f'<div class="t">{"<br><br>".join(lines)}</div>')


def _linked(kind: str, text: str) -> str:
    if kind in ("item", "title"):
        return f'<a href="/news/2024/03/{abs(len(text))}1234.html">{escape(text)}</a>'
    if text == "Source link":
        return f'<a href="https://news.coast-wire.example/2024/03/05/library">{text}</a>'
    return escape(text)


def _page(layout: Layout, content: str) -> str:
    menu = "".join(f'<a href="/{name}/">{name}</a> ' for name in ("news", "sport", "culture", "weather"))
    direction = ' dir="rtl"' if layout.lang == "ar" else ""
    return (
        f'<!DOCTYPE html><html lang="{layout.lang}"{direction}><head><meta charset="utf-8">'
        f"<title>{escape(layout.headline)} - Coast Daily</title>"
        f'<meta property="og:title" content="{escape(layout.headline)}"><meta property="og:site_name" content="Coast Daily">'
        f'<meta property="og:type" content="article"></head><body><div class="m">{menu}</div>{content}</body></html>'
    )


MARKUPS = (theme, soup, broken)
