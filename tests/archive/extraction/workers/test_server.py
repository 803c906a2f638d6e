import fcntl
import sys
from pathlib import Path

import pytest

from archive.extraction.workers.server import start_server


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere pipes have the size that they have")
def test_pages_and_articles_go_through_pipes_that_hold_several() -> None:
    if int(Path("/proc/sys/fs/pipe-max-size").read_text()) < 1 << 20:
        pytest.skip("this kernel lets no pipe be as large")
    reader, writer = start_server().Pipe(duplex=False)
    with reader, writer:
        assert fcntl.fcntl(writer.fileno(), fcntl.F_GETPIPE_SZ) >= 1 << 20
