"""The touchscreen's watchman, and the whole of it: the real compositor with the real browser on a station's pages."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from flask import Flask, Response, request

from kiosk.bootstrap.screen import address_of, is_shown, screen_command
from kiosk.settings import branches_in, load_settings, stations_of
from tests.deployment.projects import ROOT
from tests.privileges import NOBODY
from tests.web_ui.serving import Desk, served
from web_ui.shown import tell_whether_shown

CONFIG = ROOT / "config"
COMES_UP_WITHIN = 30.0
POLICY = json.loads((CONFIG / "deploy/chromium/littera.json").read_text())
AS_NOBODY = f"""
mount -t tmpfs none /etc/chromium && mkdir -p /etc/chromium/policies/managed
cp "$1" /etc/chromium/policies/managed/littera.json && shift
exec setpriv --reuid {NOBODY} --regid {NOBODY} --clear-groups "$@"
"""
HOSTILE = """<title>hostile</title><script>
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const elsewhere = location.href.replace("127.0.0.1", "localhost");
(async () => {
    window.open(elsewhere + "window");
    const frame = document.createElement("iframe");
    frame.src = elsewhere + "frame";
    document.documentElement.append(frame);
    await wait(500);
    await fetch("/tried");
})();
</script>"""
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
    ear: socket.socket, tmp_path: Path, shown: bool | None, words: set[bytes]
) -> None:
    screen = ("sh", "-c", f'[ "$XDG_RUNTIME_DIR" = {tmp_path} ] && sleep 0.3 && exit 3')
    told = f"show({screen}, Path({str(tmp_path)!r}), lambda: {shown}, every=0.1)"
    watch = f"from pathlib import Path; from kiosk.bootstrap.screen import show; raise SystemExit({told})"

    ended = subprocess.run([sys.executable, "-c", watch], cwd=ROOT, check=False)

    assert ended.returncode == 3
    assert heard(ear) == words


@pytest.mark.parametrize(
    ("asked_for", "later", "shown"),
    [
        ("/here", 19.0, True),
        ("/here", 21.0, False),
        ("/console/", 1799.0, True),
        ("/console/", 1801.0, False),
        ("/", 1.0, False),
    ],
)
def test_a_station_knows_whether_it_is_shown(asked_for: str, later: float, shown: bool) -> None:
    app, now = Flask(__name__), [100.0]
    tell_whether_shown(app, lambda: now[0])
    browser = app.test_client()

    browser.get(asked_for)
    now[0] += later

    assert browser.get("/shown").get_json() == {"shown": shown}


def test_a_technician_s_long_look_is_not_cut_short_by_a_page_elsewhere() -> None:
    app, now = Flask(__name__), [100.0]
    tell_whether_shown(app, lambda: now[0])
    browser = app.test_client()

    browser.get("/console/")
    browser.get("/here")
    now[0] += 60

    assert browser.get("/shown").get_json() == {"shown": True}


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


class Hostile:
    """A page of the station's address that tries what the browser must not let it."""

    def __init__(self) -> None:
        self.asked_for: list[str] = []
        self.app = Flask(__name__)
        self.app.add_url_rule("/", "tries", lambda: HOSTILE)
        self.app.add_url_rule("/<path:what>", "asked", self._answer)

    def _answer(self, what: str) -> Response:
        self.asked_for.append(f"{request.host.partition(':')[0]}/{what}")
        return Response()


@contextmanager
def on_the_screen(address: str, policy: dict[str, object]) -> Iterator[Path]:
    """Start compositor and browser as the unit does, but for the picture, which goes nowhere; give their home."""
    if shutil.which("cage") is None or shutil.which("Xwayland") is None:
        pytest.skip("no compositor here: apt-get install --no-install-recommends cage xwayland")
    if os.geteuid() != 0:
        pytest.skip("an account of its own for the browser and a policy in /etc/chromium need root")
    home = Path(tempfile.mkdtemp(prefix="screen-"))  # a socket's path is short, and another account's way to it open
    (home / "policy.json").write_text(json.dumps(policy))
    os.chown(home, NOBODY, NOBODY)
    keys = {"XKB_CONFIG_EXTRA_PATH": str(ROOT / "config/deploy/xkb"), "XKB_DEFAULT_RULES": "littera"}
    env = HEADLESS | keys | {"PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": str(home), "HOME": str(home)}
    command = ("unshare", "-m", "sh", "-c", AS_NOBODY, "sh", home / "policy.json", *screen_command(address, home / "b"))
    screen = subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield home
        assert screen.poll() is None, "the compositor ended"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(screen.pid, signal.SIGKILL)
        screen.wait()
        shutil.rmtree(home, ignore_errors=True)


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + COMES_UP_WITHIN
    while not true():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)


@pytest.mark.browser
def test_compositor_and_browser_show_the_station() -> None:
    with served(Desk().app()) as address, on_the_screen(f"{address}/", POLICY | {"URLAllowlist": [address]}):
        until(lambda: is_shown(f"{address}/"))


@pytest.mark.browser
def test_a_hostile_page_leads_nowhere() -> None:
    """With the shipped policy, all of it."""
    hostile = Hostile()
    with served(hostile.app) as address, on_the_screen(address, POLICY | {"URLAllowlist": [address]}):
        until(lambda: "127.0.0.1/tried" in hostile.asked_for)

    assert {asked for asked in hostile.asked_for if asked.startswith("localhost")} == set()
