"""The touchscreen: a compositor that shows one window, in it a browser that shows one station, and a watchman.

The watchman asks the station whether a page of it is shown anywhere. systemd hears as long as that is so, and starts
the screen anew when it was not for the unit's `WatchdogSec`: a crashed page, a white one, one that hangs or is drawn no
more, another address.
"""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx

from kiosk.bootstrap.running import systemd_ear
from kiosk.settings import Settings

ROUND = 5.0
"""Seconds between two questions to the station."""
ANSWERS_WITHIN = 2.0
BROWSER = "chromium"
COMPOSITOR = "cage"
SWITCHES = (
    "--kiosk",
    "--incognito",
    "--no-first-run",
    "--no-default-browser-check",
    "--noerrdialogs",
    "--disable-session-crashed-bubble",
    "--disable-infobars",
    "--disable-pinch",
    "--overscroll-history-navigation=0",
    "--disable-features=Translate,OverscrollHistoryNavigation",
    "--disable-component-update",
    "--disable-breakpad",
    "--disable-background-networking",
    "--password-store=basic",
    "--autoplay-policy=no-user-gesture-required",  # a station's sounds follow no touch
    "--ozone-platform=wayland",
)


def address_of(settings: Settings) -> str:
    return f"http://{settings.web.host}:{settings.web.port}/"


def screen_command(address: str, profile: Path, switches: tuple[str, ...] = SWITCHES) -> tuple[str, ...]:
    """Name what is started: compositor, browser, address. The browser keeps what it must in *profile*."""
    return (COMPOSITOR, "--", BROWSER, *switches, f"--user-data-dir={profile}", address)


def is_shown(address: str) -> bool | None:
    """Ask the station whether somebody looks at it; None when it does not answer: then the screen is not to blame."""
    try:
        answer = httpx.get(f"{address}shown", timeout=ANSWERS_WITHIN)
        return bool(answer.json()["shown"]) if answer.is_success else None
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None


def show(command: tuple[str, ...], folder: Path, shown: Callable[[], bool | None], every: float = ROUND) -> int:
    """Show the screen until its compositor ends; say how that ended. Raises: OSError - it cannot be started.

    Its sockets and leftovers go into *folder*: the unit may write nowhere else, not even where logind would have them.
    """
    tell_systemd = systemd_ear()
    env = os.environ | {"XDG_RUNTIME_DIR": str(folder), "HOME": str(folder)}
    with subprocess.Popen(command, env=env) as screen:  # noqa: S603 - our own words
        tell_systemd("READY=1")
        while True:
            try:
                return screen.wait(every)
            except subprocess.TimeoutExpired:
                if shown() is not False:
                    tell_systemd("WATCHDOG=1")
