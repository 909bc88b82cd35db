"""Who tells of sirens and power cuts: files, the kernel's own files, a real socket that speaks as a UPS server does."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from drivers.signals.file import FileSiren
from drivers.signals.http_json import HttpSiren
from drivers.signals.nut import NutUps
from drivers.signals.power_supply import PowerSupplies
from kiosk.devices import DeviceLost, HouseSignals


def test_a_file_is_a_siren_while_it_is_there(tmp_path: Path) -> None:
    siren = FileSiren(tmp_path / "raid")
    assert siren.poll() == HouseSignals()

    (tmp_path / "raid").touch()

    assert siren.poll() == HouseSignals(air_raid=True)


def supply(root: Path, name: str, **said: str) -> None:
    (root / name).mkdir(exist_ok=True)
    for key, value in said.items():
        (root / name / key).write_text(f"{value}\n", encoding="ascii")


@pytest.mark.parametrize(
    ("online", "status", "heard"),
    [
        ("1", "Full", HouseSignals()),
        ("1", "Discharging", HouseSignals()),
        ("0", "Discharging", HouseSignals(on_battery=True, percent=64, minutes=71)),
        ("0", "Charging", HouseSignals()),  # another mains gives power that nobody tells of
    ],
)
def test_a_computer_knows_its_mains_and_its_battery(
    tmp_path: Path, online: str, status: str, heard: HouseSignals
) -> None:
    supply(tmp_path, "AC", type="Mains", online=online)
    supply(tmp_path, "BAT0", type="Battery", status=status, capacity="64", time_to_empty_now="4300")

    assert PowerSupplies(tmp_path).poll() == heard


def test_of_two_batteries_the_lower_counts(tmp_path: Path) -> None:
    supply(tmp_path, "BAT0", type="Battery", status="Discharging", capacity="64")
    supply(tmp_path, "BAT1", type="Battery", status="Discharging", capacity="9")

    assert PowerSupplies(tmp_path).poll() == HouseSignals(on_battery=True, percent=9)


def test_a_computer_that_tells_of_no_supply_says_so(tmp_path: Path) -> None:
    with pytest.raises(DeviceLost, match=r"signals\.battery = false"):
        PowerSupplies(tmp_path).poll()


@contextmanager
def ups_server(answers: dict[str, str], cut: int = 4096) -> Iterator[int]:
    """A server that speaks the lines of NUT's upsd, in pieces of *cut* bytes."""
    door = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                line, _ = door.accept()
            except OSError:
                return
            with line, line.makefile("rb") as asked:
                for question in asked:
                    words = question.decode().split()
                    said = answers.get(words[3], "ERR VAR-NOT-SUPPORTED")
                    whole = (f'VAR {words[2]} {words[3]} "{said}"' if not said.startswith("ERR") else said) + "\n"
                    for at in range(0, len(whole), cut):
                        line.sendall(whole.encode()[at : at + cut])

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield int(door.getsockname()[1])
    finally:
        door.shutdown(socket.SHUT_RDWR)
        door.close()
        thread.join(5)


@pytest.mark.parametrize(
    ("answers", "heard"),
    [
        ({"ups.status": "OL CHRG"}, HouseSignals()),
        (
            {"ups.status": "OB DISCHRG", "battery.charge": "87", "battery.runtime": "1980"},
            HouseSignals(on_battery=True, percent=87, minutes=33),
        ),
        ({"ups.status": "OB", "battery.charge": "41.5"}, HouseSignals(on_battery=True, percent=41)),
        ({"ups.status": "OB LB", "battery.charge": "60"}, HouseSignals(on_battery=True, percent=0)),
    ],
)
@pytest.mark.parametrize("cut", [4096, 1])
def test_a_ups_tells_of_the_power(answers: dict[str, str], heard: HouseSignals, cut: int) -> None:
    with ups_server(answers, cut) as port:
        assert NutUps("hall", port=port).poll() == heard


def test_a_ups_nobody_knows_is_named() -> None:
    with (
        ups_server({"ups.status": "ERR UNKNOWN-UPS"}) as port,
        pytest.raises(DeviceLost, match="'ERR UNKNOWN-UPS' about hall"),
    ):
        NutUps("hall", port=port).poll()


def test_no_ups_server_is_a_lost_device() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    with pytest.raises(DeviceLost, match="cannot be asked"):
        NutUps("hall", port=port).poll()


@pytest.mark.parametrize(
    ("name", "ups"),
    [
        ("hall@10.0.0.2:4000", NutUps("hall", "10.0.0.2", 4000)),
        ("hall", NutUps("hall")),
        ("hall@nas", NutUps("hall", "nas")),
    ],
)
def test_a_ups_is_named_as_its_tools_name_it(name: str, ups: NutUps) -> None:
    assert NutUps.named(name) == ups


@pytest.mark.parametrize("name", ["", "@host", "hall@host:many"])
def test_a_name_of_no_ups_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="names no UPS"):
        NutUps.named(name)


@contextmanager
def service(body: bytes) -> Iterator[str]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.mark.parametrize(
    ("said", "field", "value", "raid"),
    [
        ({"alert": True}, "alert", "true", True),
        ({"alert": False}, "alert", "true", False),
        ({"states": [{"name": "Житомир", "status": "A"}]}, "states.0.status", "A", True),
        ({"states": [{"name": "Житомир", "status": "N"}]}, "states.0.status", "A", False),
    ],
)
def test_a_service_says_whether_the_siren_sounds(said: object, field: str, value: str, raid: bool) -> None:
    with service(json.dumps(said).encode()) as url:
        assert HttpSiren(url, field, value).poll() == HouseSignals(air_raid=raid)


@pytest.mark.parametrize(
    ("body", "why"), [(b"{}", "nothing at alert"), (b"<html>", "does not say"), (b'{"alert": [', "does not say")]
)
def test_an_answer_nothing_can_be_made_of_is_said(body: bytes, why: str) -> None:
    with service(body) as url, pytest.raises(DeviceLost, match=why):
        HttpSiren(url, "alert", "true").poll()


def test_an_address_of_another_kind_is_refused() -> None:
    with pytest.raises(DeviceLost, match="is no address"):
        HttpSiren("file:///etc/passwd", "a", "b").poll()
