"""The touchscreen's watchman, and the whole of it: the real compositor with the real browser on a station's pages."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from kiosk.bootstrap.screen import address_of, is_shown, screen_command
from kiosk.settings import branches_in, load_settings, stations_of
from tests.deployment.projects import ROOT
from tests.web_ui.serving import Desk, served
from tests.web_ui.test_streams import listening

CONFIG = ROOT / "config"
COMES_UP_WITHIN = 30.0
HEADLESS = {"WLR_BACKENDS": "headless", "WLR_RENDERER": "pixman", "WLR_LIBINPUT_NO_DEVICES": "1"}


@pytest.fixture
def ear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """What systemd hears."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as one:
        one.bind(f"\0{tmp_path}")
        one.settimeout(0.1)
        monkeypatch.setenv("NOTIFY_SOCKET", f"@{tmp_path}")
        yield one


def heard(ear: socket.socket) -> set[bytes]:
    words = set()
    try:
        while True:
            words.add(ear.recv(100))
    except TimeoutError:
        return words


@pytest.mark.parametrize(
    ("shown", "words"),
    [(True, {b"READY=1", b"WATCHDOG=1"}), (None, {b"READY=1", b"WATCHDOG=1"}), (False, {b"READY=1"})],
)
def test_systemd_hears_as_long_as_the_station_is_shown_or_cannot_say(
    ear: socket.socket, shown: bool | None, words: set[bytes]
) -> None:
    screen = ("sh", "-c", "sleep 0.3; exit 3")
    watch = f"from kiosk.bootstrap.screen import show; raise SystemExit(show({screen}, lambda: {shown}, every=0.1))"

    ended = subprocess.run([sys.executable, "-c", watch], cwd=ROOT, check=False)

    assert ended.returncode == 3
    assert heard(ear) == words


def test_a_station_knows_whether_it_is_shown() -> None:
    with served(Desk().app()) as address:
        assert is_shown(f"{address}/") is False
        with listening(address) as browser:
            browser.event()
            assert is_shown(f"{address}/") is True


def test_a_station_that_does_not_answer_is_no_fault_of_the_screen() -> None:
    assert is_shown("http://127.0.0.1:9/") is None


def test_each_station_s_screen_shows_that_station() -> None:
    addresses = {
        (branch, station): address_of(load_settings(CONFIG, branch, station))
        for branch in branches_in(CONFIG)
        for station in (stations_of(CONFIG, branch) or (None,))
    }

    assert addresses["central", "hall"] == "http://127.0.0.1:8080/"
    assert addresses["central", "street"] == "http://127.0.0.1:8081/"
    assert len(addresses) == 16


@pytest.mark.browser
def test_compositor_and_browser_show_the_station() -> None:
    """As the unit starts them, but for the picture, which goes nowhere; the browser's own sandbox is on."""
    if shutil.which("cage") is None or shutil.which("Xwayland") is None:
        pytest.skip("no compositor here: apt-get install --no-install-recommends cage xwayland")
    folder = Path(tempfile.mkdtemp(prefix="screen-"))  # a socket's path is short, and another account's way to it open
    account = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups") if os.geteuid() == 0 else ()
    if account:
        os.chown(folder, 65534, 65534)
    env = HEADLESS | {"PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": str(folder), "HOME": str(folder)}

    with served(Desk().app()) as address:
        command = (*account, *screen_command(f"{address}/", folder / "browser"))
        screen = subprocess.Popen(
            command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            until = time.monotonic() + COMES_UP_WITHIN
            while not is_shown(f"{address}/"):
                assert screen.poll() is None, "the compositor ended"
                assert time.monotonic() < until, "the browser shows nothing"
                time.sleep(0.1)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(screen.pid, signal.SIGKILL)
            screen.wait()
            shutil.rmtree(folder, ignore_errors=True)
