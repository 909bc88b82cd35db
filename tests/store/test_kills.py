"""SIGKILL at any moment: what was said to be lent is lent, and what was not confirmed has a name."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KILLS = 40


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    path = tmp_path_factory.mktemp("kills") / "station.db"
    asked = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("kill_loop.py")), str(path), str(KILLS), "1"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
        text=True,
    )
    return dict(json.loads(asked.stdout))


def test_the_station_was_killed_in_the_middle_of_its_work(report: dict[str, list[str]]) -> None:
    assert len(report["lent"]) >= 2 * KILLS
    assert report["owed"]


def test_no_loan_that_was_said_to_be_made_is_lost(report: dict[str, list[str]]) -> None:
    assert set(report["lent"]) - set(report["loans"]) == set()


def test_every_loan_has_its_journal_row_and_every_row_its_loan(report: dict[str, list[str]]) -> None:
    assert report["journaled"] == report["loans"]


def test_every_loan_whose_bit_was_not_confirmed_is_named(report: dict[str, list[str]]) -> None:
    unconfirmed = set(report["loans"]) - set(report["cleared"])

    assert set(report["owed"]) <= unconfirmed
    assert set(report["owed"]).isdisjoint(report["cleared"])


def test_the_journal_is_whole(report: dict[str, list[str]]) -> None:
    assert report["first_break"] is None
