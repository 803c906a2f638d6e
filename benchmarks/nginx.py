"""An nginx on loopback, as an origin that is no bottleneck."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CONFIG = """daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000; default_type text/html;
  types {{ application/rss+xml xml; }}
  client_body_temp_path {folder}/temp; proxy_temp_path {folder}/temp; fastcgi_temp_path {folder}/temp;
  uwsgi_temp_path {folder}/temp; scgi_temp_path {folder}/temp;
{servers}
}}
"""
_SERVER = "  server {{ listen 127.0.0.1:{port}; root {root}; }}"


@contextmanager
def served(folder: Path, roots: dict[int, Path]) -> Iterator[None]:
    """Serve each folder of `roots` at its port of 127.0.0.1; `folder` is for the server's own files."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if nginx is None:
        sys.exit("nginx is not installed; this benchmark needs it as a server that is no bottleneck")
    (folder / "temp").mkdir()
    folder.chmod(0o755)
    config = folder / "nginx.conf"
    servers = "\n".join(_SERVER.format(port=port, root=root) for port, root in roots.items())
    config.write_text(_CONFIG.format(folder=folder, servers=servers))
    server = subprocess.Popen([nginx, "-c", str(config), "-p", str(folder)], stderr=subprocess.DEVNULL)
    try:
        for port in roots:
            _wait_for(port)
        yield
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody listens at."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(one.getsockname()[1]) for one in held]
    for one in held:
        one.close()
    return ports


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    sys.exit("nginx did not start; run it by hand to see why")
