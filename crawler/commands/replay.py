"""`tearsheet replay`: articles again from WARC files, without a network."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from crawler.commands import options


def replay(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="WARC, ARC or WACZ files, from any tool.")
    ],
    collection: options.CollectionName = options.DEFAULT_COLLECTION,
    collections: options.Collections = options.DEFAULT_COLLECTIONS,
    as_json: options.AsJson = False,
    workers: options.Workers = None,
    outlets: options.Outlets = None,
) -> None:
    """Extract the articles in WARC and WACZ files, anybody's, again.

    Nothing is fetched. A file that lies elsewhere, or in a WACZ file, is copied into the collection's archive, so
    that its texts keep their proof.

    \b
    Examples:
      tearsheet replay crawl-2026.warc.gz -c elections
      tearsheet replay recorded-in-a-browser.wacz -c elections
      tearsheet replay collections/news/archive/*.warc.gz
    """
    from archive.collection_writer import CollectionWriter
    from archive.extraction.workers.pool import ExtractionPool
    from archive.replay import Damage, Replay
    from crawler.commands.report import Report
    from crawler.outlets.loader import load_outlets

    rules = load_outlets(options.outlet_folders(outlets)).rules()
    with Report(as_json=as_json) as report:
        writer = CollectionWriter(collections, collection)
        for sentence in writer.repairs:
            report.warn(f"repaired: {sentence}")
        try:
            pool = ExtractionPool(workers or os.cpu_count() or 1, rules)
            try:
                for event in Replay(writer, pool).run(files):
                    if not isinstance(event, Damage):
                        report.settled(event, wanted=False)
                    elif event.lost:
                        report.failure(str(event.file), str(event.error), key="file")
                    else:
                        report.warn(str(event.error))
            finally:
                pool.stop()
        except BrokenPipeError:
            writer.close()
            raise
        except BaseException:
            writer.abandon()
            raise
        writer.close()
    raise typer.Exit(report.exit_status)
