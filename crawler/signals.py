"""Scrapy signals of our own."""

from __future__ import annotations

page_settled = object()
"""A page is on the disk and its extraction decided. Arguments: page (Page), settled (Settled)."""

page_failed = object()
"""A page could not be fetched. Arguments: url (str), error (str, a sentence), harmless (bool): to be
told as a note."""

source_seen = object()
"""A source of an outlet was looked at. Arguments: seen (SourceSeen)."""

articles_listed = object()
"""A source of an outlet names articles. Arguments: keys (Collection[str], their identities), new (int): how many of
them no run knew before."""

article_failed = object()
"""An article of an outlet could not be fetched. Arguments: error (Exception)."""

outlet_judged = object()
"""The crawl of an outlet has ended, and how it went is in the log of runs. Arguments: run (Run)."""

crawl_noted = object()
"""Something to know of a crawl that is no page's: a bound that cut something off, a pace that was not kept to.
Arguments: url (str), what it is about; note (str, a sentence)."""
