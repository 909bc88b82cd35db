"""`kiosk ledger`: what a technician is told of the database, and that nothing is thrown away by accident."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kiosk.cli.ledger import ledger
from kiosk.store import open_store
from tests.stand import CONFIG


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A copy of the shipped settings whose station keeps its ledger in the test's folder."""
    folder = tmp_path / "config"
    (folder / "branches").mkdir(parents=True)
    (folder / "network.toml").write_bytes((CONFIG / "network.toml").read_bytes())
    shutil.copytree(CONFIG / "receipts", folder / "receipts")
    music = (CONFIG / "branches" / "music.toml").read_text(encoding="utf-8")
    place = f'\n[store]\npath = "{tmp_path / "station.db"}"\nballast_mb = 0\n'
    (folder / "branches" / "music.toml").write_text(music + place, encoding="utf-8")
    return folder


def say(config: Path, *words: str, given: str = "") -> Result:
    return CliRunner().invoke(ledger, [*words, "--config", str(config), "--branch", "music"], input=given)


def test_a_sound_ledger_is_said_to_be_sound(config: Path, tmp_path: Path) -> None:
    open_store(tmp_path / "station.db").close()

    said = say(config, "check", "--json")

    assert said.exit_code == 0
    assert json.loads(said.output) == {
        "path": str(tmp_path / "station.db"),
        "journal_rows": 0,
        "first_break": None,
        "not_acknowledged": 0,
        "open_debts": 0,
    }


def test_a_damaged_ledger_is_kept_and_a_new_one_is_begun_only_after_a_yes(config: Path, tmp_path: Path) -> None:
    path = tmp_path / "station.db"
    open_store(path).close()
    with closing(sqlite3.connect(path)) as damaged:
        damaged.execute("INSERT INTO titles (id, name, author, language, age_from) VALUES ('t', 'Кобзар', '', 'uk', 0)")
        damaged.execute("INSERT INTO items (id, title, type, branch, status, shelf, parts) VALUES"
                        " ('i', 't', 'book', 'music', 'available', '', 1)")  # fmt: skip
        damaged.execute("INSERT INTO patrons (id, card, given_name, family_name, category, branch, card_status, fees,"
                        " pin_needed) VALUES ('p', 'c', '', '', 'adult', 'music', 'active', '0', 0)")  # fmt: skip
        damaged.execute("INSERT INTO loans (id, item, patron, item_type, lent_at, due, renewals, state) VALUES"
                        " ('l', 'i', 'p', 'book', '2026-03-01T09:15:00.000000Z', '2026-03-20', 0, 'open')")  # fmt: skip
        damaged.commit()
        damaged.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 9] = b"\xff" * (4096 * 6)
    path.write_bytes(content)

    checked = say(config, "check")
    kept = [file for file in tmp_path.glob("station.db*") if file.read_bytes() == bytes(content)]

    assert checked.exit_code == 1
    assert "was damaged" in checked.output
    assert len(kept) == 1

    refused = say(config, "begin-anew", given="n\n")

    assert refused.exit_code == 1
    assert not path.exists()

    begun = say(config, "begin-anew", given="y\n")

    assert begun.exit_code == 0, begun.output
    assert say(config, "check").exit_code == 0
    assert kept[0].read_bytes() == bytes(content)
