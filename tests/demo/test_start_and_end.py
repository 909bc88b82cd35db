"""Starting and ending the demo: one address, one clear word when it cannot be, nothing left behind."""

import re
import socket
import time
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from tests.demo.running import PATIENCE, demo_running, short_folder, start

WOKEN = 400
"""Times a second a demo may be woken that nobody touches: two stations, a centre, a bench and their devices. The kernel
counts them, and counts the same on a slow and on a busy computer; it comes to a twentieth of a processor."""
WATCHED = 8.0
"""Seconds that are watched: a heartbeat more or less must not matter."""


def test_ctrl_c_ends_the_demo_and_leaves_nothing_behind() -> None:
    with demo_running() as demo:
        with urlopen(demo.address, timeout=PATIENCE) as page:
            greeting = page.read().decode()
        family = demo.family()
        names = {process.name() for process in family}
        code = demo.interrupt()
        psutil.wait_procs(family, timeout=PATIENCE)

        assert demo.address.endswith("/bench/")
        assert "ЛітТера" in greeting
        assert "pcscd" in names
        assert code == 0
        assert [process.pid for process in family if process.is_running()] == []
        assert list(demo.folder.iterdir()) == []
        assert demo.process.stderr is not None
        assert demo.process.stderr.read() == ""


def test_an_address_that_is_taken_is_told_in_one_message() -> None:
    with socket.socket() as other, short_folder() as folder:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with start(folder, port) as process:
            said, complained = process.communicate(timeout=PATIENCE)

        assert process.returncode == 1
        assert said == ""
        assert complained.count("\n") == 1
        assert str(port) in complained
        assert list(folder.iterdir()) == []


@pytest.mark.timeout(60)
def test_a_demo_nobody_touches_leaves_the_computer_alone() -> None:
    with demo_running() as demo:
        everyone = [demo.process.pid, *(one.pid for one in demo.family())]
        time.sleep(2)  # the start is over
        before = wakings(everyone)
        time.sleep(WATCHED)
        woken = wakings(everyone) - before

    assert 0 < woken / WATCHED < WOKEN


def wakings(processes: list[int]) -> int:
    """Count how often any thread of these processes has gone to sleep and been woken (proc(5), status)."""
    tasks = [task for pid in processes for task in Path(f"/proc/{pid}/task").glob("*/status")]
    counted = [re.search(r"^voluntary_ctxt_switches:\s+(\d+)", _said(task), re.MULTILINE) for task in tasks]
    return sum(int(found[1]) for found in counted if found)


def _said(task: Path) -> str:
    try:
        return task.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""  # the thread has ended


def test_two_demos_run_side_by_side() -> None:
    with demo_running() as one, demo_running() as other:
        greetings = [urlopen(demo.address, timeout=PATIENCE).read() for demo in (one, other)]

    assert all("ЛітТера" in greeting.decode() for greeting in greetings)
