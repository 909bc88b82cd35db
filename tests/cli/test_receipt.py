"""`kiosk receipt`: a slip to look at before there is paper, and a code proven on the spot."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from drivers.printers.slip_picture import DOTS
from kiosk.bootstrap.receipts import receipt_key
from kiosk.cli.receipt import KINDS, receipt
from kiosk.receipts.samples import SAMPLES
from kiosk.receipts.token import Moved, Stub, seal
from kiosk.settings import load_settings
from tests.stand import CONFIG


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A copy of the shipped settings whose music station keeps its ledger in the test's folder."""
    folder = tmp_path / "config"
    shutil.copytree(CONFIG, folder)
    branch = folder / "branches" / "music.toml"
    place = f'\n[store]\npath = "{tmp_path / "station.db"}"\nballast_mb = 0\n'
    branch.write_text(branch.read_text(encoding="utf-8") + place, encoding="utf-8")
    return folder


def say(config: Path, *words: str) -> Result:
    return CliRunner().invoke(receipt, [words[0], "--config", str(config), "--branch", "music", *words[1:]])


def test_every_kind_of_slip_can_be_looked_at() -> None:
    assert tuple(SAMPLES) == KINDS


@pytest.mark.parametrize("width", [58, 80])
def test_a_preview_is_a_picture_as_wide_as_the_paper(config: Path, tmp_path: Path, width: int) -> None:
    said = say(config, "preview", "--width", str(width), "--out", str(tmp_path / "slip.png"))

    assert said.exit_code == 0, said.output
    with Image.open(tmp_path / "slip.png") as picture:
        assert picture.width > DOTS[width]


def test_a_template_nobody_wrote_is_a_mistake_with_the_nearest_name(config: Path) -> None:
    branch = config / "branches" / "music.toml"
    branch.write_text(
        branch.read_text(encoding="utf-8") + '\n[station]\nreceipt_template = "musik"\n', encoding="utf-8"
    )

    said = say(config, "preview")

    assert said.exit_code == 1
    assert "there is no receipts/musik.toml" in said.output
    assert "did you mean `music`?" in said.output


def test_a_part_nobody_knows_is_told_with_the_file_it_stands_in(config: Path) -> None:
    (config / "receipts" / "music.toml").write_text('# Slips.\nparts = ["name"]\n', encoding="utf-8")

    said = say(config, "preview")

    assert said.exit_code == 1
    assert re.search(r"receipts/music\.toml: slip\.parts", said.output)


def test_a_receipt_of_this_station_is_proven_from_its_own_list(config: Path) -> None:
    key = receipt_key(load_settings(config, "music"))
    assert key is not None
    token = seal(Stub("r-1", datetime(2026, 11, 26, 10, 15, tzinfo=UTC), {Moved.RETURNED: ("0012000001",)}), key)

    said = say(config, "verify", token)

    assert said.exit_code == 0, said.output
    assert "2026-11-26 12:15, No. r-1" in said.output
    assert "returned: 1\n  0012000001" in said.output


def test_the_address_in_a_code_is_proven_like_its_token_and_a_changed_one_is_not(config: Path) -> None:
    key = receipt_key(load_settings(config, "music"))
    assert key is not None
    token = seal(Stub("r-1", datetime(2026, 11, 26, 10, 15, tzinfo=UTC), {Moved.LENT: ("0012000001",)}), key)
    changed = token[:40] + ("A" if token[40] != "A" else "B") + token[41:]

    assert say(config, "verify", f"HTTPS://KATALOG.EXAMPLE/R/{token}").exit_code == 0
    assert say(config, "verify", changed).exit_code == 1


def test_the_local_key_is_made_once_and_kept_from_others(config: Path, tmp_path: Path) -> None:
    settings = load_settings(config, "music")
    first, again = receipt_key(settings), receipt_key(settings)

    assert first is not None
    assert again is not None
    assert first.private_bytes_raw() == again.private_bytes_raw()
    assert (tmp_path / "station.db.key.receipts").stat().st_mode & 0o777 == 0o600
