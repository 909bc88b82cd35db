"""The private PC/SC service: private, restartable, for everybody, and clear about what is missing."""

import socket
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from drivers.card_readers import pcsc_daemon
from drivers.card_readers.pcsc_daemon import ServiceUnavailable, VirtualPcscd, build_shim
from kiosk.devices import CardInserted
from tests.pcsc_bench import SOON, PcscBench, pcsc_bench

ROOT = Path(__file__).parents[2]
# Gives up the rights of root, if it has them, before anything runs: the service and its client are an ordinary user's.
ONE_TAP = """
import encodings.idna  # wanted by connect(), and out of reach without rights
import os, sys
from pathlib import Path
from drivers.card_readers import card_talk, pcsc_calls
from drivers.card_readers.pcsc_daemon import VirtualPcscd
from drivers.card_readers.virtual_card import VirtualCard
from drivers.key_stores.aes import SoftwareCipher
from kiosk.ecard.keys import NoKeys
from kiosk.ecard.schemes import SCHEMES, KeyRing
folder = Path(sys.argv[1])
pcscd = VirtualPcscd(folder)
if os.geteuid() == 0:
    os.chown(folder, 65534, 65534)
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
os.environ |= pcscd.environment
card = VirtualCard(pcscd.slots[0].port, number="L0001")
with pcscd, pcsc_calls.connected_to_service() as context:
    card.insert()
    slot, state = pcscd.slots[0].name, pcsc_calls.UNAWARE
    while not state & pcsc_calls.PRESENT:
        state |= pcsc_calls.wait_for_change(context, 1, {slot: state}).get(slot, 0)
    ring = KeyRing(NoKeys(), SoftwareCipher)
    print(os.geteuid() != 0, card_talk.read_card(context, slot, SCHEMES["number"], ring).number)
    card.remove()
"""


def test_its_slots_listen_on_loopback_only(wide_bench: PcscBench) -> None:
    listening = [
        connection.laddr
        for connection in psutil.Process(wide_bench.pcscd.pid).net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]

    assert {address.port for address in listening} >= {slot.port for slot in wide_bench.pcscd.slots}
    assert {address.ip for address in listening} == {"127.0.0.1"}


def test_two_services_stand_side_by_side_each_with_its_own_card() -> None:
    with pcsc_bench() as one, pcsc_bench() as other:
        one.card(number="L1").insert()
        other.card(number="L2").insert()

        told = [bench.open().wait(SOON) for bench in (one, other)]

    assert [change.card.number for change in told if isinstance(change, CardInserted)] == ["L1", "L2"]


def test_a_restart_keeps_the_socket_and_the_ports(bench: PcscBench) -> None:
    before = bench.pcscd.socket, bench.pcscd.slots, bench.pcscd.pid

    bench.pcscd.stop()
    assert not bench.pcscd.socket.exists()
    bench.pcscd.start()

    assert (bench.pcscd.socket, bench.pcscd.slots) == before[:2]
    assert bench.pcscd.pid != before[2]


def test_stopping_ends_even_a_frozen_service(bench: PcscBench) -> None:
    process = psutil.Process(bench.pcscd.pid)
    bench.pcscd.freeze()

    bench.pcscd.stop()
    bench.pcscd.stop()

    assert not process.is_running()


def test_a_port_taken_by_somebody_else_is_an_error_with_the_log(bench: PcscBench) -> None:
    bench.pcscd.stop()
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", bench.pcscd.slots[0].port))
        squatter.listen()

        with pytest.raises(ServiceUnavailable, match=f"slots .{bench.pcscd.slots[0].port}.; its log ends"):
            bench.pcscd.start(within=0.5)

    assert bench.pcscd.pid is None


def test_an_ordinary_user_may_run_it() -> None:
    with TemporaryDirectory(prefix="pcsc-") as folder:
        done = subprocess.run(
            [sys.executable, "-c", ONE_TAP, folder], cwd=ROOT, capture_output=True, text=True, check=False
        )

    assert done.stdout == "True L0001\n", done.stderr


def test_it_does_not_outlive_the_program_that_started_it() -> None:
    script = (
        "import sys, time; from pathlib import Path; from drivers.card_readers.pcsc_daemon import VirtualPcscd\n"
        "pcscd = VirtualPcscd(Path(sys.argv[1])); pcscd.start(); print(pcscd.pid, flush=True); time.sleep(60)"
    )
    with (
        TemporaryDirectory(prefix="pcsc-") as folder,
        subprocess.Popen([sys.executable, "-c", script, folder], stdout=subprocess.PIPE, text=True, cwd=ROOT) as owner,
    ):
        service = psutil.Process(int(owner.stdout.readline()))

        owner.kill()

        give_up = time.monotonic() + SOON
        while service.is_running() and service.status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < give_up
            time.sleep(0.02)


def test_the_shim_is_compiled_once(tmp_path: Path) -> None:
    built = build_shim(tmp_path)
    first = built.stat().st_mtime_ns

    assert build_shim(tmp_path) == built
    assert built.stat().st_mtime_ns == first


@pytest.mark.parametrize("missing", ["cc", "pcscd"])
def test_a_missing_program_is_named_with_the_packages_that_bring_it(
    missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = pcsc_daemon.shutil.which
    monkeypatch.setattr(pcsc_daemon.shutil, "which", lambda name, **kw: None if name == missing else found(name, **kw))

    with pytest.raises(ServiceUnavailable, match=f"{missing} is not installed: apt-get install pcscd vsmartcard-vpcd"):
        VirtualPcscd(tmp_path)


def test_a_missing_vpcd_is_named_with_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pcsc_daemon, "VPCD_DRIVER", tmp_path / "none.so")

    with pytest.raises(ServiceUnavailable, match="vsmartcard-vpcd"):
        VirtualPcscd(tmp_path)


@pytest.mark.parametrize("card_readers", [0, 5])
def test_it_has_one_to_four_card_readers(card_readers: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="one to 4 virtual card readers"):
        VirtualPcscd(tmp_path, card_readers)


def test_a_folder_too_deep_for_a_socket_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too long for a socket"):
        VirtualPcscd(tmp_path / ("deep" * 30))
