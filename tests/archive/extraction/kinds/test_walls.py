# ruff: noqa: E501 - a line of a page is as long as it is
"""Pages in place of an article as sites and their guards send them, in words of our own, in plain and in wrapped markup."""

from __future__ import annotations

import pytest

from archive.extraction.article import NoArticle, Page
from archive.extraction.extract import extract

URL = "https://daily.example/2026/03/14/ferry-leaves-the-old-harbour-early"
MENU = "".join(
    f'<a href="/{name}/">{name}</a> ' for name in ("news", "sport", "culture", "weather", "business")
)


def plain(title: str, markup: str) -> str:
    return f"<html><head><title>{title}</title></head><body>{markup}</body></html>"


def wrapped(title: str, markup: str) -> str:
    """Inside a site's frame: menu, wrappers, a cookie banner, scripts, a footer."""
    return (
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{title} | Coast Daily</title>"
        '<meta property="og:site_name" content="Coast Daily"><meta property="og:type" content="website">'
        '<script>window.dataLayer = [];</script><script src="/static/site.js"></script></head>'
        f'<body><header><div class="m">{MENU}</div></header><div class="page"><div class="inner">{markup}</div></div>'
        '<div id="cookie-banner"><p>We use cookies to measure how our pages are read.</p><button>Accept all</button></div>'
        "<footer>© 2026 Coast Daily. All rights reserved. Privacy policy. Terms of use. Contact us</footer></body></html>"
    )


def kind(markup: str, url: str = URL) -> str:
    outcome = extract(Page(url, markup.encode(), "text/html; charset=utf-8"))
    return outcome.kind if isinstance(outcome, NoArticle) else f"article: {outcome.body}"


MISSING = {
    "en": ("Page not found", "<h1>Oops!</h1><p>The page you are looking for might have been removed, had its name changed, or is having a rest.</p><p>Go back to the front page</p>"),
    "en moved": ("Coast Daily", "<h1>We couldn’t find that page</h1><p>Perhaps searching can help, or one of the links below.</p>"),
    "en gone": ("Coast Daily", "<h2>This article is no longer available</h2><p>Our licence for agency reports ends after ninety days.</p>"),
    "ar": ("الساحل", "<h1>عذرا</h1><p>الصفحة التي تبحث عنها غير موجودة أو تم نقلها إلى عنوان آخر.</p>"),
    "de": ("Fehler", "<h1>Diese Seite wurde leider nicht gefunden</h1><p>Vielleicht hilft Ihnen die Suche oder ein Blick auf die Startseite weiter.</p>"),
    "fr": ("Erreur 404", "<h1>Cette page est introuvable</h1><p>Elle a peut-être été déplacée ou supprimée par la rédaction.</p>"),
    "es": ("Página no encontrada", "<p>Lo sentimos, la página que buscas ya no está aquí. Prueba con el buscador.</p>"),
    "it": ("404", "<h1>Pagina non trovata</h1><p>La pagina che stai cercando non esiste o è stata spostata.</p>"),
    "pt": ("Erro 404", "<h1>Ops! Página não encontrada</h1><p>O endereço pode ter mudado. Volte para a capa.</p>"),
    "tr": ("Sayfa bulunamadı", "<p>Aradığınız sayfa kaldırılmış veya adresi değişmiş olabilir.</p>"),
    "fa": ("خطای ۴۰۴", "<h1>صفحه مورد نظر یافت نشد</h1><p>نشانی را دوباره بررسی کنید یا به صفحه نخست بروید.</p>"),
    "ru": ("Ошибка 404", "<h1>Страница не найдена</h1><p>Возможно, она была удалена или в адресе есть опечатка.</p>"),
    "ja": ("ページが見つかりません", "<p>お探しのページは移動したか、掲載期間が終了した可能性があります。</p>"),
    "zh": ("页面不存在", "<p>抱歉，您访问的页面不存在或已被删除，请返回首页。</p>"),
    "ko": ("페이지를 찾을 수 없습니다", "<p>요청하신 페이지가 삭제되었거나 주소가 변경되었습니다.</p>"),
    "hi": ("404", "<h1>पेज नहीं मिला</h1><p>आप जिस पेज को खोज रहे हैं वह हटा दिया गया है।</p>"),
}  # fmt: skip
BOTS = {
    "interstitial": ("Just a moment...", "<h1>daily.example</h1><h2>Checking if the site connection is secure</h2><p>daily.example needs to review the security of your connection before proceeding.</p><form id=challenge-form action='/x'></form>"),
    "script only": ("daily.example", "<p id=cmsg>Please enable JS and disable any ad blocker</p><script>var dd={'rt':'c'}</script><script src='https://ct.guard.example/captcha.js'></script>"),
    "hold": ("Access to this page has been denied", "<div id=px-captcha></div><p>Press &amp; Hold to confirm you are a human (and not a bot).</p><p>Reference ID 1f2e-77</p>"),
    "denied": ("Access Denied", "<h1>Access Denied</h1>You don't have permission to access \"http://daily.example/a\" on this server.<p>Reference #18.2d35.1710</p>"),
    "incident": ("", "<p>Request unsuccessful. Incident ID: 443000-92</p>"),
    "pardon": ("Pardon Our Interruption", "<h1>Pardon Our Interruption...</h1><p>As you were browsing, something about your browser made us think you were a bot. There are a few reasons this might happen: you are a power user moving through this site with super-human speed; you have disabled cookies; a plug-in is keeping scripts from running.</p>"),
    "blocked": ("Attention Required!", "<h1>Sorry, you have been blocked</h1><h2>You are unable to access daily.example</h2><p>Why have I been blocked? This site guards itself from online attacks. What you just did set off the security solution. Several things can do that, among them submitting a certain word or phrase, a command for a database or malformed data.</p><p>What can I do? You can write to the owner of the site and say what you were doing when this page came up, with the Ray ID found at the bottom of this page.</p>"),
    "button": ("Robot or human?", "<h1>Robot or human?</h1><p>Keep the button down for a while to show which of the two you are. Thank you!</p><div id=px-captcha></div>"),
    "traffic": ("Sorry", "<p>Our systems have detected unusual traffic from your computer network. Please solve the captcha to go on.</p><form action='/captcha'></form>"),
    "ar": ("التحقق الأمني", "<h1>يرجى التحقق من أنك إنسان</h1><p>لن يستغرق هذا سوى لحظات.</p>"),
    "fr": ("Vérification de sécurité", "<h1>Vérifiez que vous êtes humain</h1><p>Cela ne prend que quelques secondes.</p>"),
    "de": ("Sicherheitsüberprüfung", "<p>Bitte bestätigen Sie, dass Sie ein Mensch sind. Danach geht es gleich weiter.</p>"),
    "es": ("Acceso denegado", "<p>Hemos visto tráfico inusual desde su red. Confirme que no es un robot.</p>"),
    "ru": ("Проверка", "<h1>Подтвердите, что вы не робот</h1><p>Доступ ограничен: с вашего адреса идёт необычный трафик.</p>"),
    "zh": ("安全验证", "<p>请完成验证后继续访问，确认您是真人。</p>"),
}  # fmt: skip
CONSENT = {
    "en": ("Coast Daily", "<h1>Before you go on to Coast Daily</h1><p>We and our 641 partners store and access information on your device, such as cookies, and process personal data to show personalised ads and to measure them.</p><p>You can agree or manage options, and withdraw your consent at any time from the foot of each page.</p><button>Accept all</button><button>Reject all</button><a href='/o'>Manage options</a>"),
    "de": ("Willkommen", "<h1>Mit Werbung weiterlesen</h1><p>Besuchen Sie uns wie gewohnt mit Werbung und Tracking. Details dazu und zum Widerruf Ihrer Einwilligung stehen in der Datenschutzerklärung.</p><p>Wir und unsere bis zu 212 Partner verwenden Cookies, um Informationen auf einem Gerät zu speichern und personalisierte Werbung zu zeigen.</p><button>Akzeptieren und weiter</button><h2>Oder im Pur-Abo lesen</h2><p>Ohne Werbetracking für 4,99 Euro im Monat.</p>"),
    "fr": ("Vos choix", "<h1>Le respect de votre vie privée</h1><p>Avec votre consentement, nous et nos 812 partenaires utilisons des cookies pour stocker et accéder à des données personnelles comme votre visite sur ce site.</p><p>Vous pouvez retirer votre consentement à tout moment. Nos partenaires traitent certaines données sur la base d’un intérêt légitime.</p><button>Tout accepter</button><button>Continuer sans accepter</button>"),
    "it": ("La tua privacy", "<h1>Il rispetto della tua privacy è la nostra priorità</h1><p>Noi e i nostri partner archiviamo informazioni su un dispositivo, come i cookie, e trattiamo dati personali.</p><p>Puoi dare o negare il tuo consenso quando vuoi.</p><button>Accetta e continua</button><button>Continua senza accettare</button>"),
    "es": ("Tu privacidad", "<h1>Tu privacidad es importante</h1><p>Nosotros y nuestros 780 socios utilizamos cookies para guardar datos en tu dispositivo y mostrarte publicidad personalizada.</p><p>Puedes retirar tu consentimiento cuando quieras.</p><button>Aceptar y continuar</button><button>Rechazar y suscribirse</button>"),
    "ar": ("الساحل", "<h1>نحترم خصوصيتك</h1><p>نستخدم نحن وشركاؤنا ملفات تعريف الارتباط لتخزين معلومات على جهازك وعرض إعلانات تناسبك.</p><p>يمكنك سحب موافقتك في أي وقت.</p><button>قبول الكل</button><button>رفض الكل</button>"),
    "nl": ("Jouw privacy", "<h1>Onze partners en jouw keuze</h1><p>Wij gebruiken cookies om advertenties te tonen die bij je passen. Jouw toestemming kun je altijd intrekken.</p><button>Alles accepteren</button>"),
    "pl": ("Prywatność", "<h1>Dbamy o Twoją prywatność</h1><p>My i nasi partnerzy używamy plików cookie, by przechowywać informacje na urządzeniu.</p><p>Możesz wycofać swoją zgodę w każdej chwili.</p><button>Przejdź do serwisu</button><button>Ustawienia zaawansowane</button>"),
}  # fmt: skip
LOGIN = {
    "en": ("Log in", "<h1>Log in to continue</h1><form><p>E-mail</p><input type=email><p>Password</p><input type=password></form><p>Forgot your password?</p><p>Don’t have an account?</p>"),
    "ar": ("تسجيل الدخول", "<h1>سجل الدخول للمتابعة</h1><form><input type=email><input type=password></form><p>نسيت كلمة المرور؟</p>"),
    "de": ("Anmelden", "<h1>Bitte melden Sie sich an</h1><form><input type=text><input type=password></form><p>Passwort vergessen?</p><p>Noch kein Konto?</p>"),
}  # fmt: skip
UNAVAILABLE = {
    "nginx": ("502 Bad Gateway", "<center><h1>502 Bad Gateway</h1></center><hr><center>nginx/1.24.0</center>"),
    "503": ("503 Service Temporarily Unavailable", "<center><h1>503 Service Temporarily Unavailable</h1></center>"),
    "database": ("Database Error", "<h1>Error establishing a database connection</h1>"),
    "maintenance": ("Coast Daily", "<h1>We’ll be back soon!</h1><p>Sorry, the site is down for scheduled maintenance until six in the evening.</p>"),
    "abroad": ("Coast Daily", "<p>This content is not available in your region.</p>"),
    "law": ("Unavailable", "<h1>451: Unavailable due to legal reasons</h1><p>We see that you are visiting from a country in the European Economic Area, which enforces the general data protection rules, and cannot grant access at this time.</p>"),
    "ar": ("الساحل", "<h1>الموقع تحت الصيانة</h1><p>نعود إليكم خلال ساعات.</p>"),
    "de": ("Wartungsarbeiten", "<p>Unsere Seite ist wegen Wartungsarbeiten derzeit nicht erreichbar.</p>"),
    "fr": ("Maintenance", "<h1>Site en maintenance</h1><p>Ce contenu n’est pas disponible dans votre pays pour l’instant.</p>"),
}  # fmt: skip
REDIRECT = {
    "refresh": ("Moved", '<meta http-equiv="refresh" content="0; url=https://www.daily.example/a/1"><p>You are being redirected to the new address.</p>'),
    "object": ("Object moved", '<h2>Object moved to <a href="/a/1">here</a>.</h2>'),
}  # fmt: skip
NEWSLETTER = {
    "en": ("Newsletters", "<h1>Sign up for our newsletter</h1><p>The five stories of the day, each morning at six, free of charge.</p><form><input type=email><button>Sign up</button></form>"),
    "de": ("Newsletter bestellen", "<h1>Unser Newsletter</h1><p>Das Wichtigste des Tages am Morgen um sechs, kostenlos.</p><form><input type=email></form>"),
}  # fmt: skip
PAGES = {
    "not-found": MISSING, "bot-wall": BOTS, "consent": CONSENT, "login": LOGIN, "unavailable": UNAVAILABLE,
    "redirect": REDIRECT, "newsletter": NEWSLETTER,
}  # fmt: skip


@pytest.mark.parametrize("layout", [plain, wrapped])
@pytest.mark.parametrize(
    ("expected", "name"), [(expected, name) for expected, pages in PAGES.items() for name in pages]
)
def test_what_stands_in_place_of_an_article_is_named(expected: str, name: str, layout: object) -> None:
    assert callable(layout)
    assert kind(layout(*PAGES[expected][name])) == expected


def test_a_missing_page_that_offers_others_is_still_missing() -> None:
    cards = "".join(
        f'<div class="card"><h3><a href="/2026/03/{n}/story">A story of the day, number {n}</a></h3><p>{n}: what happened in the harbour on that day, and why nobody had thought of it before.</p></div>'
        for n in range(10, 22)
    )
    assert (
        kind(wrapped("Page not found", f"<h1>Page not found</h1><h2>Try one of these</h2>{cards}"))
        == "not-found"
    )
