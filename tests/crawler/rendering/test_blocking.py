from __future__ import annotations

from crawler.rendering.blocking import is_advert


def test_a_listed_domain_and_its_hosts_are_adverts_and_others_that_end_like_it_are_not() -> None:
    assert is_advert("https://securepubads.g.doubleclick.net/tag/js/gpt.js")
    assert is_advert("http://doubleclick.net:8080/")
    assert not is_advert("https://notdoubleclick.net/")
    assert not is_advert("https://daily.example/doubleclick.net/a.js")
    assert not is_advert("data:text/plain,doubleclick.net")
