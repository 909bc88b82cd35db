"""`kiosk card` at a desk: real pcscd, virtual chips, each command a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.card_readers.chips import blank_desfire, blank_ntag424
from drivers.card_readers.proving_card import ProvingCard
from drivers.key_stores.key_file import new_key_file, part_of
from kiosk.ecard.keys import KeyRole
from kiosk.ecard.proving import read_sun
from kiosk.ecard.sun_url import parse_sun
from tests.ecard.talking import talk
from tests.pcsc_bench import PcscBench, pcsc_bench

ROOT = Path(__file__).parents[2]
UID = "04A1B2C3D4E5F6"


@pytest.fixture(scope="module")
def bench() -> Iterator[PcscBench]:
    with pcsc_bench() as bench:
        yield bench


@pytest.fixture(scope="module")
def desk_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return private(tmp_path_factory.mktemp("desk") / "keys.toml", new_key_file())


def private(file: Path, content: str) -> Path:
    file.write_text(content)
    file.chmod(0o600)
    return file


def kiosk_card(bench: PcscBench, *words: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kiosk", "card", *map(str, words)],
        cwd=ROOT, env=os.environ | bench.pcscd.environment, input=stdin, capture_output=True, text=True, check=False,
    )  # fmt: skip


def lay(bench: PcscBench, chip: ProvingCard) -> None:
    bench.clear()
    card = bench.card()
    card.become_chip(chip)
    card.insert()


@pytest.mark.parametrize("blank", [blank_ntag424, blank_desfire])
def test_a_blank_card_is_written_and_explained(
    bench: PcscBench, desk_keys: Path, tmp_path: Path, blank: Callable[[str], ProvingCard]
) -> None:
    lay(bench, blank(UID))
    station_keys = private(tmp_path / "station.toml", part_of(desk_keys.read_text(), (KeyRole.READ,)))

    issued = kiosk_card(bench, "issue", "--number", "L0001", "--keys", desk_keys, "--json")
    inspected = kiosk_card(bench, "inspect", "--keys", station_keys, "--json")

    assert json.loads(issued.stdout) == {"number": "L0001", "uid": UID}, issued.stderr
    facts = json.loads(inspected.stdout)
    assert facts["at a station"] == "proves itself"
    assert facts["number"] == "...001"
    assert facts["ours"] == "yes: every key was changed"
    assert inspected.returncode == 0


def test_a_sun_address_written_at_the_desk_is_checked(bench: PcscBench, desk_keys: Path) -> None:
    chip = blank_ntag424(UID)
    lay(bench, chip)
    kiosk_card(bench, "issue", "--number", "L1", "--address", "https://library.example/c", "--keys", desk_keys)
    bench.clear()
    chip.reset()
    address = talk(read_sun(), chip)

    good = kiosk_card(bench, "sun", address, "--keys", desk_keys, "--json")
    last = address[-1]
    changed = kiosk_card(bench, "sun", address[:-1] + ("0" if last != "0" else "1"), "--keys", desk_keys)

    assert parse_sun(address).seal
    assert json.loads(good.stdout) == {"uid": UID, "counter": 1}
    assert changed.returncode == 1
    assert "the seal of the message does not match" in changed.stderr


def test_a_card_of_another_network_is_refused_and_not_written(
    bench: PcscBench, desk_keys: Path, tmp_path: Path
) -> None:
    lay(bench, blank_ntag424(UID))
    kiosk_card(bench, "issue", "--number", "L1", "--keys", desk_keys)
    foreign = private(tmp_path / "foreign.toml", new_key_file())

    inspected = kiosk_card(bench, "inspect", "--keys", foreign, "--json")
    issued = kiosk_card(bench, "issue", "--number", "L2", "--keys", foreign)

    assert json.loads(inspected.stdout)["at a station"].startswith("REFUSED")
    assert inspected.returncode == 1
    assert "neither the factory's nor ours" in issued.stderr
    assert issued.returncode == 1


def test_a_card_that_cannot_prove_itself_is_explained_without_keys(bench: PcscBench) -> None:
    bench.clear()
    bench.card(UID, "L0001").insert()

    inspected = kiosk_card(bench, "inspect", "--number")

    assert "at a station  a claim by its number: it can be copied, so a PIN is asked" in inspected.stdout
    assert "number        L0001" in inspected.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("issue", "--number", "L 1"), "a card number is 1 to 32 letters"),
        (("issue", "--number", "L1", "--address", "https://library.example/ф"), "ascii"),
        (("inspect", "--within", "0.2"), "no card came within 0.2 s"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    bench: PcscBench, desk_keys: Path, words: tuple[str, ...], says: str
) -> None:
    bench.clear()
    if words[0] == "issue":
        lay(bench, blank_ntag424(UID))

    done = kiosk_card(bench, *words, "--keys", desk_keys)

    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_keys_that_are_not_there_are_named(bench: PcscBench) -> None:
    done = kiosk_card(bench, "issue", "--number", "L1", "--keys", "/nowhere/keys.toml")

    assert done.stderr == "Error: /nowhere/keys.toml cannot be read: No such file or directory\n"


def test_new_keys_are_never_the_same_twice(bench: PcscBench) -> None:
    first, second = (kiosk_card(bench, "keys", "new").stdout for _ in range(2))

    assert first.splitlines()[0] == 'system = "LITTERA1"'
    assert set(first.splitlines()[3:]) & set(second.splitlines()[3:]) == set()
