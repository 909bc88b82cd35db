import logging
import os
import tty
from collections.abc import Iterator

import pytest
import serial

from drivers.serial_port import SerialPort
from kiosk.devices import DeviceLost


@pytest.fixture
def line() -> Iterator[tuple[int, str]]:
    """A bare pseudo-terminal, as the kernel makes it: the far end and the path."""
    far, near = os.openpty()
    tty.setraw(near)
    yield far, os.ttyname(near)
    for end in (far, near):
        os.close(end)


def test_what_is_sent_arrives_and_what_arrives_is_received(line: tuple[int, str]):
    far, path = line
    port = SerialPort(path, 38400)

    port.send(b"ask")
    os.write(far, b"answer")

    assert os.read(far, 10) == b"ask"
    assert port.receive(1.0) == b"answer"
    assert port.receive(0.0) == b""
    port.close()


def test_draining_throws_away_what_nobody_asked_for(line: tuple[int, str]):
    far, path = line
    port = SerialPort(path, 38400)
    os.write(far, b"stale")
    assert port.drain() == b"stale"

    os.write(far, b"fresh")

    assert port.receive(1.0) == b"fresh"
    port.close()


def test_a_pseudo_terminal_that_refuses_parity_is_opened_without(
    line: tuple[int, str], caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)
    serial.Serial(line[1], 38400).close()  # from now on only the parity would change, and the kernel says no

    port = SerialPort(line[1], 38400, "E")

    assert "knows no parity" in caplog.text
    port.close()


def test_a_real_port_that_refuses_parity_is_not_opened_without():
    with pytest.raises(DeviceLost, match="cannot open /dev/null"):
        SerialPort("/dev/null", 38400, "E")


def test_a_port_somebody_else_holds_is_lost(line: tuple[int, str]):
    first = SerialPort(line[1], 38400)

    with pytest.raises(DeviceLost, match="cannot open"):
        SerialPort(line[1], 38400)

    first.close()


def test_a_port_that_hung_up_is_lost_and_closes_quietly():
    far, near = os.openpty()
    tty.setraw(near)
    port = SerialPort(os.ttyname(near), 38400)
    os.close(near)
    os.close(far)

    with pytest.raises(DeviceLost):
        port.receive(1.0)
    with pytest.raises(DeviceLost):
        port.send(b"ask")

    port.close()
    port.close()
