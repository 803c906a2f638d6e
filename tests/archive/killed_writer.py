"""A process that writes a collection page after page, to be killed: `python -m tests.archive.killed_writer`.

It goes on where the collection ends, and prints a line for each step that a test may wait for.
"""

from __future__ import annotations

import argparse
import resource
import sys
from pathlib import Path

from archive.collection_writer import CollectionWriter
from archive.errors import CollectionError
from archive.warc.writer import Rotation
from tests.archive.sample_collections import article, exchange, record


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("collections", type=Path)
    parser.add_argument("--pages", type=int, default=10)
    parser.add_argument("--commit-every", type=int, default=3)
    parser.add_argument("--rotation", type=int, default=1_000_000_000)
    parser.add_argument("--file-limit", type=int)
    parser.add_argument("--body", type=int, default=0, help="bytes that do not compress, added to each page")
    parser.add_argument("--again", action="store_true", help="fetch every page a second time")
    parser.add_argument("--wait", action="store_true", help="wait for a line on stdin before the last commit")
    options = parser.parse_args()
    if options.file_limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (options.file_limit, options.file_limit))
    try:
        _write(options)
    except CollectionError as error:
        sys.stderr.write(f"{error}\n")
        return 3
    return 0


def _write(options: argparse.Namespace) -> None:
    writer = CollectionWriter(options.collections, "news", rotation=Rotation(size=options.rotation))
    for sentence in writer.repairs:
        sys.stdout.write(f"repaired: {sentence}\n")
    for capture in writer.pending():
        writer.expect(capture)
        writer.settle(capture.number, article(capture.url.rpartition("/")[2]))
    writer.commit()
    begin = writer.catalogue.counts().captures
    for number in range(begin, options.pages):
        body = page(number) + noise(number, options.body)
        capture = record(writer, exchange(f"page-{number}", number, body=body))
        writer.expect(capture)
        writer.settle(capture.number, article(f"page-{number}"))
        _say(f"recorded {number}")
        if number % options.commit_every == options.commit_every - 1:
            writer.commit()
            _say(f"committed {number}")
    for number in range(options.pages if options.again else 0):
        body = page(number) + noise(number, options.body)
        writer.expect(record(writer, exchange(f"page-{number}", 1000 + number, body=body)))
    if options.wait:
        _say("waiting")
        sys.stdin.readline()
        _say("committing")
    writer.close()


def page(number: int) -> bytes:
    return f"<html><body><h1>Page {number}</h1></body></html>".encode()


def noise(seed: int, size: int) -> bytes:
    state, pieces = seed + 1, bytearray()
    while len(pieces) < size:
        state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        pieces += state.to_bytes(8, "big")
    return bytes(pieces[:size])


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
