"""The PC/SC service dies, freezes, comes late; the driver's own process dies. No tap is missed."""

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from drivers.card_readers.pcsc import PcscCardReader, PcscSettings
from kiosk.devices import CardInserted, CardTaken, DeviceLost
from tests.pcsc_bench import SOON, PcscBench, listen, process_of

ROOT = Path(__file__).parents[2]
CYCLES = 30


def open_until_it_opens(bench: PcscBench) -> PcscCardReader:
    """Do what the station's worker does: open, and open again."""
    give_up = time.monotonic() + SOON
    while True:
        try:
            return bench.open(open_within=0.5)
        except DeviceLost:
            assert time.monotonic() < give_up


def station_process(act: str, bench: PcscBench, **settings: float) -> subprocess.Popen[str]:
    """Run a station of its own that opens the card reader and then does *act*."""
    opening = f"card_reader = PcscCardReader(PcscSettings(**{settings | {'socket': str(bench.pcscd.socket)}!r}))"
    script = f"import time; from drivers.card_readers.pcsc import *\n{opening}\n{act}\n"
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=ROOT)


def test_it_does_not_open_before_the_service_is_there_and_says_so(bench: PcscBench) -> None:
    bench.pcscd.stop()

    with pytest.raises(DeviceLost, match="is pcscd running"):
        bench.open(open_within=2.0)


def test_it_opens_when_the_service_comes_while_it_is_being_opened(bench: PcscBench) -> None:
    bench.pcscd.stop()
    with station_process("print(card_reader.facts().model)", bench, open_within=20) as opening:
        time.sleep(0.5)

        bench.pcscd.start()

        assert opening.stdout.readline() == f"{bench.slot()}, Virtual PCD A 00 01\n"


def test_it_does_not_open_without_the_configured_card_reader(bench: PcscBench) -> None:
    with pytest.raises(DeviceLost, match=r"no card reader to use .*looked for ACS ACR1252"):
        bench.open(names=["ACS ACR1252"], open_within=2.0)


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_service_that_stays_away_is_a_lost_card_reader_within_two_seconds(bench: PcscBench, end: str) -> None:
    card_reader = bench.open()
    getattr(bench.pcscd, end)()
    began = time.monotonic()

    with pytest.raises(DeviceLost, match="is pcscd running"):
        card_reader.wait(SOON)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_quick_restart_under_a_lying_card_is_not_even_noticed(bench: PcscBench, end: str) -> None:
    card_reader, card = bench.open(settle=30, grace=SOON), bench.card()
    card.insert()
    card_reader.wait(SOON)

    getattr(bench.pcscd, end)()
    bench.pcscd.start()
    card.remove()
    card.insert()  # its slot died with the service

    assert listen(card_reader, 1.5) == []


def test_a_card_that_left_while_the_service_was_away_is_told_as_taken(bench: PcscBench) -> None:
    card_reader, card = bench.open(grace=SOON), bench.card()
    card.insert()
    card_reader.wait(SOON)

    bench.pcscd.kill()
    card.remove()
    bench.pcscd.start()

    assert listen(card_reader, 1.0) == [CardTaken(bench.slot())]


def test_a_service_killed_in_the_middle_of_a_read_still_yields_the_tap(bench: PcscBench) -> None:
    card_reader, card = bench.open(grace=SOON), bench.card()
    card.hang()
    card.insert()
    while not card.is_hanging:
        time.sleep(0.005)

    bench.pcscd.kill()
    card.remove()
    card.release()
    bench.pcscd.start()
    card.insert()

    assert isinstance(card_reader.wait(SOON), CardInserted)


def test_a_frozen_service_is_noticed_by_its_silence(bench: PcscBench) -> None:
    card_reader = bench.open(silence=1.5)
    bench.pcscd.freeze()

    with pytest.raises(DeviceLost, match=r"silent for 1\.5 s"):
        card_reader.wait(SOON)

    with pytest.raises(DeviceLost):
        bench.open(open_within=2.0)
    bench.pcscd.thaw()
    bench.card().insert()
    assert isinstance(open_until_it_opens(bench).wait(SOON), CardInserted)


def test_a_process_that_died_is_a_lost_card_reader_at_once(bench: PcscBench) -> None:
    card_reader = bench.open()
    process_of(card_reader).kill()

    with pytest.raises(DeviceLost, match="ended by itself"):
        card_reader.wait(SOON)
    with pytest.raises(DeviceLost, match="closed"):
        card_reader.wait(0)
    card_reader.close()


def test_what_was_told_before_the_process_died_is_still_heard(bench: PcscBench) -> None:
    card_reader = bench.open()
    bench.card().insert()
    listener = psutil.Process(card_reader._process.pid)
    time.sleep(0.3)
    listener.kill()

    assert isinstance(card_reader.wait(SOON), CardInserted)


def test_the_process_does_not_outlive_the_station(bench: PcscBench) -> None:
    with station_process("print(card_reader._process.pid, flush=True); time.sleep(60)", bench) as station:
        process = psutil.Process(int(station.stdout.readline()))

        station.kill()

        # the orphan may stay a zombie where nobody reaps: it runs no more all the same
        give_up = time.monotonic() + SOON
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < give_up
            time.sleep(0.02)


def test_no_tap_is_missed_and_nothing_leaks_over_thirty_deaths_of_the_service(bench: PcscBench) -> None:
    card_reader, card = bench.open(grace=SOON, settle=0.0), bench.card()
    process = process_of(card_reader)
    held_before: tuple[int, int, int] | None = None

    for cycle in range(CYCLES):
        card.become(f"04{cycle:012X}", f"L{cycle}")
        card.insert()
        told = card_reader.wait(SOON)
        assert isinstance(told, CardInserted)
        assert told.card.number == f"L{cycle}"

        bench.pcscd.kill() if cycle % 2 else bench.pcscd.stop()
        card.remove()
        bench.pcscd.start()
        assert card_reader.wait(SOON) == CardTaken(bench.slot())

        held = (process.num_fds(), process.num_threads(), psutil.Process().num_fds())
        held_before = held_before or held
    assert held == held_before


def test_a_station_that_can_start_no_process_has_no_card_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    with pytest.raises(DeviceLost, match="cannot be started"):
        PcscCardReader()


def test_a_wrong_scheme_is_named_before_anything_is_opened() -> None:
    with pytest.raises(ValueError, match="'magic' is not known; there are uid, number"):
        PcscSettings(scheme="magic")
