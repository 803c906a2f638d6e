"""The tee: exact request and response bytes out of Scrapy's HTTP/1.1 download handler.

Scrapy and Twisted hand out parsed messages only, so the bytes are taken where they pass: the request as Twisted
writes it to the transport, the response as the transport hands it to Twisted's parser, above TLS in both
directions. What this leans on is checked by tests/crawler/capture/test_contract.py, and Scrapy and Twisted are
pinned for it:

- `HTTPConnectionPool._factory` makes the protocol of each connection;
- a request's `Headers` object travels from the agent to the protocol, by way of `Headers.copy`, and again when
  Twisted silently repeats a request whose kept-alive connection had been closed by the server;
- `HTTP11ClientProtocol._finishResponse(rest)` is called once per response, with the bytes that follow it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

from scrapy.core.downloader.handlers.http11 import _LenientHTTP11ClientFactory, _LenientHTTP11ClientProtocol
from twisted.internet.defer import Deferred, fail
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IAddress
from twisted.python.failure import Failure
from twisted.web._newclient import HTTP11ClientProtocol
from twisted.web._newclient import Request as TxRequest
from twisted.web.http_headers import Headers as TxHeaders
from twisted.web.iweb import IResponse

from archive.errors import CollectionError
from archive.exchange import Exchange, Truncation
from archive.spool import Spool
from archive.warc.http import split_interim
from crawler.capture.address import RefusedAddress

_INTERIM_LIMIT = (
    1 << 16
)  # interim heads are a few hundred bytes; what is longer is kept as part of the response


class Tap:
    """Collects the bytes of one exchange. `refuse` says of a peer's IP address why it must not be asked."""

    def __init__(self, refuse: Callable[[str], str | None]) -> None:
        self._refuse = refuse
        self._closed = False
        self._failure: OSError | None = None
        self._response = Spool()
        self._begin_anew("")

    def begin(self, peer: str) -> None:
        """A connection is about to be used for this exchange: for the first time, or again after Twisted found
        the one before dead. Raises RefusedAddress before a byte is sent."""
        if reason := self._refuse(peer):
            raise RefusedAddress(reason)
        self._response.close()
        self._begin_anew(peer)

    def sent(self, data: bytes) -> None:
        self._request += data

    def received(self, data: bytes) -> None:
        if self._closed or self._failure:
            return
        try:
            self._response.write(data)
        except OSError as error:
            # Raised by `close`: Twisted would take it for a lost connection.
            self._failure = error

    def finish(self, rest: bytes) -> None:
        """The response is over; the last `rest` bytes received are not part of it."""
        if rest and not self._failure:
            self._response.truncate(self._response.size - len(rest))
        self.complete = True

    def close(self, url: str, truncated: Truncation) -> Exchange | None:
        """The exchange, or None where no byte of a response came. `truncated` is why it is not complete, if it
        is not. Bytes that arrive later are not wanted any more.

        Raises CollectionError where the disk did not take the response while it came in.
        """
        self._closed = True
        if self._failure:
            with suppress(OSError):  # it closes, but for what could not be written before
                self._response.close()
            raise CollectionError(
                f"{url}: can't be kept in {tempfile.gettempdir()} while it comes in ({self._failure.strerror}); "
                "free some space there or name another folder in TMPDIR, and run the command again"
            ) from self._failure
        self._response.drop_head(split_interim(self._response.peek(_INTERIM_LIMIT)))
        if not self._response.size:
            self._response.close()
            return None
        return Exchange(
            url=url,
            request=bytes(self._request),
            response=self._response,
            started=self._started,
            peer=self._peer or None,
            truncated=None if self.complete else truncated,
        )

    def _begin_anew(self, peer: str) -> None:
        self.complete = False
        self._peer = peer
        self._started = datetime.now(UTC)
        self._request = bytearray()
        self._response = Spool()


class TappedHeaders(TxHeaders):
    """Request headers that carry their exchange's tap to the connection that sends them."""

    tap: Tap

    def copy(self) -> TappedHeaders:
        copied = super().copy()
        assert isinstance(copied, TappedHeaders)
        copied.tap = self.tap
        return copied


class _TeeTransport:
    """The transport that a request is written to, and its tap."""

    def __init__(self, transport: Any, tap: Tap) -> None:
        self._transport = transport
        self._tap = tap

    def write(self, data: bytes) -> None:
        self._tap.sent(data)
        self._transport.write(data)

    def writeSequence(self, pieces: Iterable[bytes]) -> None:  # noqa: N802 - Twisted's name
        self.write(b"".join(pieces))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class TappedProtocol(_LenientHTTP11ClientProtocol):
    """A connection that tells the tap of its current exchange what passes."""

    _tap: Tap | None = None

    def request(self, request: TxRequest) -> Deferred[IResponse]:
        tap: Tap | None = getattr(request.headers, "tap", None)
        transport: Any = self.transport
        if tap is not None:
            try:
                tap.begin(transport.getPeer().host)
            except RefusedAddress as error:
                transport.abortConnection()
                return fail(error)
            self._tap = tap
            write_to = partial(type(request).writeTo, request)
            request.writeTo = lambda to: write_to(_TeeTransport(to, tap))  # type: ignore[method-assign]
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        if self._tap is not None:
            self._tap.received(data)
        super().dataReceived(data)  # type: ignore[no-untyped-call]

    def _finishResponse(self, rest: bytes) -> None:  # noqa: N802 - Twisted's name
        if self._tap is not None:
            self._tap.finish(rest)
            self._tap = None
        super()._finishResponse(rest)

    def connectionLost(self, reason: Failure) -> None:  # type: ignore[override] # noqa: N802 - Twisted's name
        if not reason.check(ConnectionDone):  # type: ignore[no-untyped-call]
            # A body without a length ends with the connection, but with its orderly end alone (RFC 9112 8, 9.8):
            # Twisted takes any end for it.
            self._tap = None
        super().connectionLost(reason)  # type: ignore[no-untyped-call]
        self._tap = None


class TappedFactory(_LenientHTTP11ClientFactory):
    """Makes tapped connections for Twisted's connection pool."""

    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:  # noqa: N802 - Twisted's name
        return TappedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
