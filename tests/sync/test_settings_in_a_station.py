"""A real station process and settings pushed to it: tried between visits, kept when it is well, taken back when not."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from drivers.tag_pads.feig_simulator import SimulatedFeigPad
from kiosk.bootstrap.running import CHANGED
from kiosk.store import open_store
from kiosk.sync.key import Identity, keep, new_key
from tests.flows.station_program import StationProgram, station_program

TRIAL = {"heartbeat_s": 60.0, "trial_s": 2.0}
ENDS_WITHIN = 30.0


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A station that is enrolled, with its pad, and nobody at the centre."""
    open_store(tmp_path / "station.db").close()
    keep(tmp_path / "station.db.key", new_key(), Identity("zhytomyr", "central.hall", "central", "http://127.0.0.1:9"))
    with SimulatedFeigPad(link=tmp_path / "pad"):
        yield tmp_path


def push(folder: Path, toml: str) -> None:
    """Have the centre tell of a document."""
    with closing(sqlite3.connect(folder / "station.db")) as ledger:
        row = ("network", 1, toml, "2026-03-02T10:00:00.000000Z")
        ledger.execute("INSERT OR REPLACE INTO settings_documents VALUES (?, ?, ?, ?)", row)
        ledger.commit()


def trial(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "station.db.settings" / "trial.json").read_text()))


def run_until_it_changes(folder: Path) -> None:
    with station_program(folder, sync=TRIAL) as program:
        program.is_up()
        assert program.ends(ENDS_WITHIN) == CHANGED, program.log


def stop(program: StationProgram) -> None:
    program.stop()
    assert program.ends(ENDS_WITHIN) == 0


def test_settings_a_station_is_not_well_with_are_taken_back_by_itself(folder: Path) -> None:
    push(folder, "[pad.feig]\naddress = 7\n")
    run_until_it_changes(folder)
    tried = trial(folder)

    run_until_it_changes(folder)

    assert (tried["tried"], tried["devices"]) == ({"network": 1}, ["pad"])
    after = trial(folder)
    assert (after["tried"], after["bad"]) == ({}, {"network": 1})
    assert after["why"] == "with them the station was not well: pad"
    with station_program(folder, sync=TRIAL) as program:
        program.is_up()
        stop(program)


def test_settings_a_station_is_well_with_stay(folder: Path) -> None:
    push(folder, "[timing]\nidle_s = 44.0\n")
    run_until_it_changes(folder)

    with station_program(folder, sync=TRIAL) as program:
        program.is_up()
        program.comes_to("SELECT count(*) FROM settings_documents", 1)
        while trial(folder)["tried"]:
            time.sleep(0.05)
        stop(program)

    assert trial(folder)["good"] == {"network": 1}
