"""WACZ files, right and wrong ones."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tests.archive.warc.samples import GZIPPED

WARC = "archive/sample.warc.gz"


def zipped(
    path: Path, entries: dict[str, bytes] | list[tuple[str, bytes]], *, deflated: bool = False
) -> Path:
    """A zip file with these entries; of a list, a name may come twice."""
    listed = entries.items() if isinstance(entries, dict) else entries
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED) as out:
        for name, content in listed:
            info = zipfile.ZipInfo("x")
            info.filename = name  # else the constructor would mend it
            info.compress_type = out.compression
            out.writestr(info, content)
    return path


def sample(path: Path) -> Path:
    return zipped(path, {WARC: GZIPPED, "datapackage.json": b"{}"})


def patched(path: Path, *changes: tuple[bytes, int, bytes]) -> Path:
    """Overwrite bytes: each change is a signature, the offset after its last occurrence's begin, and the new bytes."""
    content = bytearray(path.read_bytes())
    for signature, offset, new in changes:
        place = content.rindex(signature) + offset
        content[place : place + len(new)] = new
    path.write_bytes(content)
    return path


LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
