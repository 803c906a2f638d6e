"""What the tools of others write, read here: files made on the spot by warcio, FastWARC and wget."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from shutil import which

import pytest
from fastwarc.warc import WarcRecord, WarcRecordType
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.verification.findings import Finding, Tally
from archive.verification.references import References
from archive.verification.warcs import verify_warc
from archive.warc.captures import read_captures
from archive.warc.coding import entity
from tests.origin.server import Answer, Origin

BODY = "<h1>Al-Mina’s harbour</h1>".encode() * 50
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(BODY)
URLS = ["http://news.example/a", "http://news.example/b?x=%20y"]


def pages(path: Path) -> list[tuple[str, str, int | None, bytes]]:
    """URL, record type, status and entity of the captures of a file in which nothing is wrong."""
    found = []
    for capture, block in read_captures(path, pytest.fail):
        with block:
            body = entity(block.getvalue())[1] if capture.record_type != "resource" else block.getvalue()
            found.append((capture.url, capture.record_type, capture.status, body))
    return found


def findings(path: Path) -> list[Finding]:
    with References() as references:
        return list(verify_warc(path, Tally(), references))


# warcio leaves the temporary files that it digests to be closed by themselves.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("packed", [True, False])
def test_warcio_writes_what_is_read_here(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / ("theirs.warc.gz" if packed else "theirs.warc")
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=packed)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "theirs"}))
        for url in URLS:
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            response = writer.create_warc_record(url, "response", payload=io.BytesIO(BODY), http_headers=head)
            asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "news.example")], is_http_request=True)
            request = writer.create_warc_record(url, "request", http_headers=asked)
            writer.write_request_response_pair(request, response)
        digest = response.rec_headers.get_header("WARC-Payload-Digest")
        date = response.rec_headers.get_header("WARC-Date")
        writer.write_record(writer.create_revisit_record(URLS[1], digest, URLS[1], date, http_headers=head))
        writer.write_record(
            writer.create_warc_record(
                "urn:note", "resource", io.BytesIO(b"note"), warc_content_type="text/plain"
            )
        )
    assert pages(path) == [
        *((url, "response", 200, BODY) for url in URLS),
        (URLS[1], "revisit", 200, b""),
        ("urn:note", "resource", 200, b"note"),
    ]
    assert findings(path) == []


def test_fastwarc_writes_what_is_read_here(tmp_path: Path) -> None:
    path = tmp_path / "theirs.warc"
    with path.open("wb") as file:
        for url in URLS:
            record = WarcRecord()
            record.init_headers(record_type=WarcRecordType.response)
            record.headers["WARC-Target-URI"] = url
            record.headers["Content-Type"] = "application/http; msgtype=response"
            record.set_bytes_content(HEAD + BODY)
            record.write(file, checksum_data=True)
    assert pages(path) == [(url, "response", 200, BODY) for url in URLS]
    assert findings(path) == []


@pytest.mark.skipif(which("wget") is None, reason="wget is not there; install the package wget")
def test_wget_writes_what_is_read_here(tmp_path: Path) -> None:
    chunks = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunks += b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)
    answers = {"/plain": Answer((HEAD + BODY,)), "/chunked": Answer((chunks,))}
    with Origin(answers) as origin:
        urls = [origin.url(path) for path in answers]
        command = ["wget", "--quiet", "--tries=1", "--warc-file=theirs", "--output-document=page", *urls]
        subprocess.run(command, cwd=tmp_path, check=True, timeout=60)
    path = tmp_path / "theirs.warc.gz"
    captured = [page for page in pages(path) if page[1] == "response"]
    assert captured == [(url, "response", 200, BODY) for url in urls]
    assert [finding for finding in findings(path) if finding.damage] == []
