"""Options of the command line as Scrapy settings."""

from __future__ import annotations

from pathlib import Path

from crawler.commands.options import outlet_folders


def tuned(
    *,
    collections: Path,
    collection: str,
    extract: bool = True,
    recheck: bool = False,
    delay: float | None = None,
    concurrency: int | None = None,
    workers: int | None = None,
    render: str | None = None,
    screenshot: bool = True,
    pdf: bool = False,
    block_ads: bool = False,
    outlets: Path | None = None,
    verbose: bool = False,
    log_json: bool = False,
) -> dict[str, object]:
    """The settings that the options stand for; what is None keeps the default of crawler/settings.py."""
    settings: dict[str, object] = {
        "COLLECTIONS": str(collections),
        "COLLECTION": collection,
        "EXTRACT": extract,
        "RECHECK": recheck,
        "LOG_AS_JSON": log_json,
        "RENDER": render,
        "RENDER_SCREENSHOT": screenshot,
        "RENDER_PDF": pdf,
        "RENDER_BLOCK_ADS": block_ads,
        "OUTLET_FOLDERS": [str(folder) for folder in outlet_folders(outlets)],
    }
    if delay is not None:
        settings["DOWNLOAD_DELAY"] = delay
        if not delay:
            # With a start delay of its own AutoThrottle would wait all the same.
            settings["AUTOTHROTTLE_ENABLED"] = False
    if concurrency is not None:
        settings["CONCURRENT_REQUESTS"] = concurrency
        settings["CONCURRENT_REQUESTS_PER_DOMAIN"] = concurrency
    if workers is not None:
        settings["EXTRACTION_WORKERS"] = workers
    if verbose:
        settings["LOG_LEVEL"] = "INFO"
    return settings
