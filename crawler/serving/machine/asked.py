"""What a request asks for where an address ends in another address, as those of web archives do."""

from __future__ import annotations

import re

from starlette.requests import Request

from archive.errors import QueryError

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LONGEST = 16_384  # characters of an address


def asked_url(request: Request, segments: int) -> str:
    """The address that the path goes on with after so many segments, as it was sent: nothing in it is decoded, and
    its query is not the request's. `http://` is added where it has no scheme.

    Raises QueryError where there is none.
    """
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode("utf-8", "surrogatepass")
    root: str = request.scope.get("root_path", "")
    parts = raw.decode("latin-1").removeprefix(root).split("/", segments + 1)
    url = parts[segments + 1] if len(parts) > segments + 1 else ""
    if query := request.scope.get("query_string", b""):
        url += "?" + query.decode("latin-1")
    if not url:
        raise QueryError("URL", "it is missing; end the path in the address to look up")
    if len(url) > _LONGEST:
        raise QueryError("URL", f"it has {len(url)} characters, more than {_LONGEST}")
    return url if _SCHEME.match(url) else "http://" + url
