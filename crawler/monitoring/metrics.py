"""A crawl's figures for Prometheus, by its own client: an extra, since most crawls are watched by a person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from archive.errors import TearsheetError
from crawler.monitoring.figures import CrawlFigures

if TYPE_CHECKING:
    from prometheus_client import Metric


class MetricsError(TearsheetError):
    """The figures can't be served."""


@contextmanager
def served(figures: CrawlFigures, port: int, address: str = "127.0.0.1") -> Iterator[int]:
    """Serve the figures at http://ADDRESS:PORT/metrics while the context is open; gives the port, which is a free
    one for 0. The address is this machine's own unless another is named: the figures tell what is being watched.

    Raises MetricsError where the client is not installed or the port is taken.
    """
    try:
        from prometheus_client import CollectorRegistry, start_http_server
    except ImportError as error:
        raise MetricsError(
            "Prometheus' client is not installed; install it with: pip install 'tearsheet[metrics]'"
        ) from error
    registry = CollectorRegistry()
    registry.register(_Collector(figures))
    try:
        server, thread = start_http_server(port, address, registry)
    except OSError as error:
        raise MetricsError(
            f"metrics can't be served at {address}:{port} ({error.strerror}); name another port"
        ) from error
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Collector:
    def __init__(self, figures: CrawlFigures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        outlets = list(self._figures.outlets)
        for name, text, key in (
            (
                "requests",
                "Requests sent, robots.txt, lists, redirects and retries included.",
                "request_count",
            ),
            ("response_bytes", "Bytes of responses as received.", "response_bytes"),
        ):
            family = CounterMetricFamily(f"tearsheet_{name}", text, labels=["outlet"])
            for outlet in outlets:
                family.add_metric([outlet.name], outlet.stat(f"downloader/{key}"))
            yield family
        responses = CounterMetricFamily(
            "tearsheet_responses", "Responses by HTTP status.", labels=["outlet", "status"]
        )
        for outlet in outlets:
            for status, count in sorted(outlet.statuses.items()):
                responses.add_metric([outlet.name, status], count)
        yield responses
        for name, text, attribute in (
            ("pages", "Pages on the disk whose extraction is decided.", "pages"),
            ("texts", "Pages that have a text.", "texts"),
            ("rendered_pages", "Pages that a browser rendered.", "rendered"),
            ("failures", "Pages that could not be fetched.", "failed"),
        ):
            family = CounterMetricFamily(f"tearsheet_{name}", text, labels=["outlet"])
            for outlet in outlets:
                family.add_metric([outlet.name], getattr(outlet, attribute))
            yield family
        for name, text, attribute in (
            ("queued_requests", "Requests that wait for their turn.", "queued"),
            ("running", "1 while the outlet's spider runs.", "running"),
        ):
            gauge = GaugeMetricFamily(f"tearsheet_{name}", text, labels=["outlet"])
            for outlet in outlets:
                gauge.add_metric([outlet.name], float(getattr(outlet, attribute)))
            yield gauge
