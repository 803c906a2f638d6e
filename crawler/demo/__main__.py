"""`python -m crawler.demo`: serve the demo newsroom until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path

from crawler.demo.newsroom import FIRST_EDITION
from crawler.demo.server import NewsroomServer


def main(arguments: list[str] | None = None) -> int:
    """Serve in the foreground; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        server = NewsroomServer(ports=tuple(options.ports), edition=options.edition)
    except OSError as error:
        sys.stderr.write(f"The ports {options.ports} can't be served ({error.strerror}); name others.\n")
        return 1
    with server:
        folder = options.outlets or Path(tempfile.mkdtemp(prefix="newsroom-"))
        server.outlet_files(folder)
        for outlet in server.outlets:
            sys.stdout.write(f"{outlet.base_url}  {outlet.title} ({outlet.name})\n")
        sys.stdout.write(f"Outlet files are in {folder}. Ctrl-C ends the newsroom.\n")
        sys.stdout.flush()
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m crawler.demo", description="Serve three invented outlets."
    )
    parser.add_argument(
        "--ports",
        nargs=3,
        type=int,
        default=[0, 0, 0],
        metavar="PORT",
        help="one for each outlet; 0 takes a free one",
    )
    parser.add_argument(
        "--edition",
        type=int,
        default=FIRST_EDITION,
        choices=(1, 2),
        help="1, or 2 with a changed and a new article",
    )
    parser.add_argument("--outlets", type=Path, metavar="DIR", help="where to write the outlet files")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
