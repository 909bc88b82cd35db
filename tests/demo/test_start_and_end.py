"""Starting and ending the demo: one address, one clear word when it cannot be, nothing left behind."""

import socket
import time
from urllib.request import urlopen

import psutil
import pytest

from tests.demo.running import PATIENCE, demo_running, short_folder, start

BUSY = 0.05
"""Share of one processor a demo may take that nobody touches."""
WATCHED = 10.0
"""Seconds that are measured: the kernel counts in hundredths, and a heartbeat more or less must not matter."""


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
        everyone = [psutil.Process(demo.process.pid), *demo.family()]
        time.sleep(2)  # the start is over
        before = sum(sum(one.cpu_times()[:2]) for one in everyone)
        time.sleep(WATCHED)
        spent = sum(sum(one.cpu_times()[:2]) for one in everyone) - before

    assert spent / WATCHED < BUSY


def test_two_demos_run_side_by_side() -> None:
    with demo_running() as one, demo_running() as other:
        greetings = [urlopen(demo.address, timeout=PATIENCE).read() for demo in (one, other)]

    assert all("ЛітТера" in greeting.decode() for greeting in greetings)
