"""Garbage collection is put off while a page is worked on, and on again after it."""

from __future__ import annotations

import gc

import pytest

from archive.errors import ExtractionError
from archive.extraction.article import Page
from archive.extraction.extract import extract
from archive.extraction.garbage import put_off


def test_collection_is_off_within_and_on_after() -> None:
    with put_off():
        assert not gc.isenabled()
        with put_off():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_collection_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with put_off():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_collection_is_on_after_a_page_that_cannot_be_worked_on() -> None:
    with pytest.raises(ExtractionError):
        extract(Page("http://[", b"<p>The harbour was full by noon.</p>"))
    assert gc.isenabled()


def test_a_page_leaves_nothing_to_collect() -> None:
    body = b"<html><body><article><h1>Ferry queue grows</h1>" + b"<p>The harbour was full by noon.</p>" * 20
    page = Page("https://example.com/ferry", body)
    extract(page)
    gc.collect()
    extract(page)
    assert gc.collect() == 0
