"""Banners, folded text and lazy content, on pages of the shapes that outlets use."""

from __future__ import annotations

import pytest

from tests.crawler.rendering.conftest import Chromium
from tests.crawler.rendering.site import answer, png, script
from tests.origin.server import Origin

pytestmark = pytest.mark.slow

_WALL = """<!doctype html><html lang={language} dir=auto><meta charset=utf-8><title>Wall</title>
<article><h1>Headline</h1><p id=story></p></article>
<div style="position:fixed;inset:0;background:#fff"><p>{ask}</p>
<a href=/policy>{yes}</a><form action=/sent><button>{yes}</button></form>
<button id=yes>{yes}</button>{refusal}</div>
<script>for (const id of ['yes', 'no']) document.getElementById(id)?.addEventListener('click', () => {{
  document.querySelector('div').remove(); document.getElementById('story').textContent = 'The story, ' + id;
}});</script>"""


@pytest.mark.parametrize(
    ("language", "ask", "yes", "no"),
    [
        ("ar", "نستخدم ملفات تعريف الارتباط لتحسين تجربتك.", "أوافق", "رفض الكل"),
        ("en", "We value your privacy and use cookies.", "Accept all", "Reject all"),
        ("de", "Wir verwenden Cookies. Mehr im Datenschutz.", "Alle akzeptieren", "Alle ablehnen"),
        ("fr", "Nous utilisons des cookies et traceurs.", "Tout accepter", "Continuer sans accepter"),
        ("tr", "Çerezleri kullanıyoruz.", "Tümünü kabul et", "Tümünü reddet"),
        ("fa", "این سایت از کوکی ها استفاده می کند.", "می‌پذیرم", "رد کردن"),
        ("he", "אנו משתמשים בעוגיות. ראו מדיניות פרטיות", "אני מסכים", "דחה הכל"),
    ],
)
def test_a_consent_banner_is_closed_with_no_where_there_is_one(
    chromium: Chromium, language: str, ask: str, yes: str, no: str
) -> None:
    with_no = _WALL.format(language=language, ask=ask, yes=yes, refusal=f"<button id=no>{no}</button>")
    without = _WALL.format(language=language, ask=ask, yes=yes, refusal="")
    with Origin({"/": answer(with_no), "/yes": answer(without), "*": answer(b"")}) as origin:
        renderings = [chromium.render(origin.url(path), scroll=False) for path in ("/", "/yes")]

        assert {served.path for served in origin.served} == {"/", "/yes", "/favicon.ico"}
    assert [b"The story, no" in renderings[0].dom, b"The story, yes" in renderings[1].dom] == [True, True]
    assert all("a consent banner was closed" in rendering.notes[0] for rendering in renderings)


def test_a_banner_of_a_known_maker_is_closed_by_its_rule(chromium: Chromium) -> None:
    """OneTrust's markup, whose buttons say nothing that our words know."""
    page = """<!doctype html><p id=story>before</p><div id=onetrust-banner-sdk style="position:fixed;bottom:0">
<div id=onetrust-consent-sdk>Biscuits<button id=onetrust-reject-all-handler class=ot-pc-refuse-all-handler>Nah</button>
<button id=onetrust-accept-btn-handler>Yep</button></div></div>
<script>document.getElementById('onetrust-reject-all-handler').onclick = () => {
  document.getElementById('onetrust-banner-sdk').remove(); document.getElementById('story').textContent = 'refused';
}</script>"""
    with Origin({"/": answer(page), "*": answer(b"")}) as origin:
        rendering = chromium.render(origin.url("/"), scroll=False)

    assert b"refused" in rendering.dom
    assert rendering.notes == ("a consent banner was closed by autoconsent's rule Onetrust",)


def test_a_consent_page_that_loads_the_story_anew_is_followed(chromium: Chromium) -> None:
    page = """<!doctype html><body><script>
if (document.cookie.includes('consent=')) document.body.innerHTML = '<article>The story</article>';
else document.body.innerHTML = '<div role=dialog>We use cookies <button>I agree</button></div>';
document.querySelector('button')?.addEventListener('click', () => {
  document.cookie = 'consent=1'; location.reload();
});</script>"""
    with Origin({"/": answer(page), "*": answer(b"")}) as origin:
        rendering = chromium.render(origin.url("/"), scroll=False)

    assert b"<article>The story" in rendering.dom


def test_no_banner_is_closed_when_that_is_not_asked_for(chromium: Chromium) -> None:
    page = _WALL.format(language="en", ask="We use cookies", yes="Accept all", refusal="")
    with Origin({"/": answer(page), "*": answer(b"")}) as origin:
        rendering = chromium.render(origin.url("/"), consent=False, scroll=False)

    assert b"The story, yes" not in rendering.dom


@pytest.mark.parametrize(
    "more", ["Read more", "اقرأ المزيد", "Weiterlesen", "Lire la suite", "Devamını oku", "קרא עוד"]
)
def test_folded_text_is_unfolded_and_links_and_forms_are_left_alone(chromium: Chromium, more: str) -> None:
    page = f"""<!doctype html><meta charset=utf-8><p>Beginning</p><span role=button id=more>{more} …</span>
<a href=/elsewhere>{more}</a><form action=/sent><button>{more}</button></form>
<a id=away>{more}</a><nav><button onclick="document.title = 'pressed'">{more}</button></nav><script>
document.getElementById('more').onclick = () => fetch('/rest').then(r => r.text())
  .then(text => document.querySelector('p').textContent += text);
document.getElementById('away').onclick = () => {{ location.href = '/elsewhere' }};
</script>"""
    scripts = {"/": answer(page), "/rest": answer(" and end", "text/plain"), "*": answer(b"")}
    with Origin(scripts) as origin:
        rendering = chromium.render(origin.url("/"), scroll=False)

        assert {served.path for served in origin.served} == {"/", "/rest", "/favicon.ico"}
    assert b"Beginning and end" in rendering.dom
    assert b"<title>" not in rendering.dom
    assert rendering.final_url.endswith("/")


def test_lazy_images_and_a_page_that_grows_are_loaded_within_bounds(chromium: Chromium) -> None:
    page = """<!doctype html><style>p, img { display: block; height: 900px }</style>
<p>0</p><img loading=lazy src=/far.png>
<p>a</p><p>b</p><p>c</p><img loading=lazy src=/farther.png><div id=end></div><script>
let page = 0;
new IntersectionObserver(async seen => {
  if (!seen[0].isIntersecting || page >= 1000) return;
  const text = await (await fetch('/more?' + ++page)).text();
  document.getElementById('end').insertAdjacentHTML('beforebegin', '<p>' + text);
}, {rootMargin: '200px'}).observe(document.getElementById('end'));
</script>"""
    scripts = {
        "/": answer(page),
        "/far.png": answer(png(), "image/png"),
        "/farther.png": answer(png(), "image/png"),
        "*": answer("another", "text/plain"),
    }
    with Origin(scripts) as origin:
        scrolled = chromium.render(origin.url("/"))
        farther = len(origin.of("/farther.png"))
        chromium.render(origin.url("/"), scroll=False)

        assert (farther, len(origin.of("/farther.png"))) == (1, 1)
    assert 3 <= scrolled.dom.count(b"another") <= 70


def test_open_shadow_roots_are_part_of_the_markup(chromium: Chromium) -> None:
    page = """<!doctype html><x-story><b slot=lead>Lead</b></x-story><script>
customElements.define('x-story', class extends HTMLElement { connectedCallback() {
  this.attachShadow({mode: 'open'}).innerHTML = '<slot name=lead></slot><p>In the shade</p><x-inner></x-inner>'; } });
customElements.define('x-inner', class extends HTMLElement { connectedCallback() {
  this.attachShadow({mode: 'open'}).innerHTML = '<i>Deeper</i>'; } });
</script>"""
    with Origin({"/": answer(page), "*": answer(b"")}) as origin:
        rendering = chromium.render(origin.url("/"), scroll=False, consent=False)

    assert (
        b'<x-story><template shadowrootmode="open"><slot name="lead"></slot><p>In the shade</p><x-inner>'
        b'<template shadowrootmode="open"><i>Deeper</i></template></x-inner></template>'
        b'<b slot="lead">Lead</b></x-story>'
    ) in rendering.dom


def test_a_page_cannot_deceive_our_scripts(chromium: Chromium) -> None:
    page = """<!doctype html><p>text<script>
String.prototype.normalize = () => { throw 1 }; Array.prototype.push = () => { throw 1 };
Object.defineProperty(document.documentElement, 'outerHTML', {get() { return 'forged'; }});
Document.prototype.querySelectorAll = () => { throw 1 };
</script>"""
    with Origin({"/": answer(page), "/x.js": script(""), "*": answer(b"")}) as origin:
        rendering = chromium.render(origin.url("/"))

    assert b"<p>text" in rendering.dom
