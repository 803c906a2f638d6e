"""A Chromium process: how it is started, and how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import shutil
import signal
import tempfile
from pathlib import Path

from crawler.rendering.errors import NoBrowser
from crawler.rendering.protocol import Connection

_FEATURES_OFF = (
    "AutofillServerCommunication",
    "CertificateTransparencyComponentUpdater",
    "DialMediaRouteProvider",
    "GlobalMediaControls",
    "HttpsUpgrades",  # the archive asks for the URL that the page names
    "InterestFeedContentSuggestions",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "Prerender2",
    "RenderDocument",  # with it a new document's first requests go out before its session is there to see them
    "ServiceWorkerAutoPreload",
    "SpareRendererForSitePerProcess",  # a process ahead of need for each page costs a sixth of its processor time
    "Translate",
    "WebUIOmniboxAimPopup",  # suggestions for an address bar that nobody sees: a process and two pages of
    "WebUIOmniboxPopup",  # its own for each context, more work than a news page is
)
_ARGUMENTS = (
    "--headless",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--no-service-autorun",
    "--disable-background-networking",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-extensions-with-background-pages",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",  # containers give it 64 MB, and a tab that runs out of it crashes
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-field-trial-config",
    "--disable-gpu",
    "--disable-hang-monitor",
    "--disable-notifications",
    "--disable-popup-blocking",  # popups are closed by us, and seen
    "--disable-print-preview",
    "--disable-prompt-on-repost",
    "--disable-search-engine-choice-screen",
    "--disable-sync",
    "--disable-features=" + ",".join(_FEATURES_OFF),
    "--autoplay-policy=user-gesture-required",
    "--deny-permission-prompts",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--metrics-recording-only",
    "--mute-audio",
    "--password-store=basic",
    "--use-mock-keychain",
    # Pages have proxies of their own (gate.py). The browser itself has one that nobody answers, and no resolver: it
    # still asks for updates and accounts whatever it is told, and so does not reach the network.
    "--proxy-server=socks5://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy",
)
_ENDS_WITHIN = 5.0


class BrowserProcess:
    """One Chromium with a profile of its own, in a process group of its own."""

    def __init__(self, pid: int, profile: Path, connection: Connection) -> None:
        self.pid = pid
        self.connection = connection
        self._profile = profile
        self._ended = asyncio.ensure_future(asyncio.to_thread(_wait, pid))

    @property
    def alive(self) -> bool:
        return not self._ended.done() and not self.connection.closed.is_set()

    async def end(self) -> None:
        """Ask it to go, make it go, and remove its profile."""
        if self.alive:
            self.connection.root.send("Browser.close")
            await asyncio.wait({self._ended}, timeout=_ENDS_WITHIN)
        self.kill()
        await asyncio.wait({self._ended}, timeout=_ENDS_WITHIN)
        self.connection.close()
        await asyncio.to_thread(shutil.rmtree, self._profile, True)

    def kill(self) -> None:
        """End it and its children at once."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)


async def launch(executable: Path, *, sandbox: bool, arguments: tuple[str, ...] = ()) -> BrowserProcess:
    """Start Chromium. Raises NoBrowser if the program can't be run."""
    profile = Path(tempfile.mkdtemp(prefix="tearsheet-chromium-"))
    command = [
        str(executable),
        *_ARGUMENTS,
        f"--user-data-dir={profile}",
        f"--disk-cache-dir={profile}/cache",
    ]
    if not sandbox:
        command.append("--no-sandbox")
    command += [*arguments, "--no-startup-window"]
    connection = Connection()
    theirs, ours, pid = _spawn(executable, command, profile)
    await connection.open(theirs, ours)
    return BrowserProcess(pid, profile, connection)


def _spawn(executable: Path, command: list[str], profile: Path) -> tuple[int, int, int]:
    """Chromium reads commands from descriptor 3 and writes to 4; returns our ends and its process id.

    posix_spawn and not fork, since this process has threads.
    """
    from_them, to_us = os.pipe()
    from_us, to_them = os.pipe()
    high = [fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10) for descriptor in (from_us, to_us)]
    try:
        pid = os.posix_spawn(
            executable,
            command,
            {**os.environ, "HOME": str(profile), "DBUS_SESSION_BUS_ADDRESS": "disabled:"},
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_DUP2, high[0], 3),
                (os.POSIX_SPAWN_DUP2, high[1], 4),
            ],
            setpgroup=0,
        )
    except OSError as error:
        os.close(from_them)
        os.close(to_them)
        shutil.rmtree(profile, ignore_errors=True)
        raise NoBrowser(
            f"{executable} can't be started ({error.strerror}): name a Chromium that can"
        ) from None
    finally:
        for descriptor in (from_us, to_us, *high):
            os.close(descriptor)
    return from_them, to_them, pid


def _wait(pid: int) -> None:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)
