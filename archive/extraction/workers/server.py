"""The fork server that extraction workers are forked from: it loads the extractor once, a second or two of work.

This module loads nothing, so that a command can start the server first and do its own loading meanwhile.
"""

from __future__ import annotations

import multiprocessing
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext

_WORKER = "archive.extraction.workers.worker"


def start_server() -> ForkServerContext:
    """Start the server, if it is not running, without waiting for it; gives what forks workers from it."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_WORKER])
    forkserver.ensure_running()
    return context
