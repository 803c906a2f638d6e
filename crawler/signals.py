"""Scrapy signals of our own."""

from __future__ import annotations

page_settled = object()
"""A page is on the disk and its extraction decided. Arguments: page (Page), settled (Settled)."""

page_failed = object()
"""A page could not be fetched. Arguments: url (str), error (str, a sentence), harmless (bool): to be
told as a note."""

source_seen = object()
"""A source of an outlet was looked at. Arguments: seen (SourceSeen)."""
