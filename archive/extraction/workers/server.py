"""The fork server that extraction workers are forked from: it loads the extractor once, a second or two of work.

This module loads nothing, so that a command can start the server first and do its own loading meanwhile.
"""

from __future__ import annotations

import fcntl
import sys
from contextlib import suppress
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext

_WORKER = "archive.extraction.workers.worker"
_PIPE = 1 << 20


class _WidePipes(ForkServerContext):
    """Pipes hold several pages, so that a worker finds its next one in them.

    As they come they hold half a page (pipe(7), 64 KiB), and a worker waits for a thread of this process to send the
    rest bit by bit, for each of which it may have to wait for Python's lock.
    """

    def Pipe(self, duplex: bool = True) -> tuple[Connection, Connection]:  # noqa: N802 - multiprocessing's name
        reader, writer = super().Pipe(duplex)
        if sys.platform == "linux" and not duplex:
            with suppress(OSError):  # the pipes of this user take all the memory that they may
                fcntl.fcntl(writer.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)
        return reader, writer


def start_server() -> ForkServerContext:
    """Start the server, if it is not running, without waiting for it; gives what forks workers from it."""
    context = _WidePipes()
    context.set_forkserver_preload([_WORKER])
    forkserver.ensure_running()
    return context
