"""Another program on the same PC/SC service holds the card, or resets it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.devices import CardFailed, CardFault, CardInserted, DeviceLost
from tests.pcsc_bench import SOON, PcscBench, listen

CLIENT = Path(__file__).with_name("foreign_client.py")


@contextmanager
def foreign_client(bench: PcscBench, manner: str) -> Iterator[subprocess.Popen[str]]:
    """Let another program hold the card; it lets go when its stdin is closed, or at the end."""
    client = subprocess.Popen(
        [sys.executable, str(CLIENT), manner, bench.slot()],
        env=os.environ | bench.pcscd.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with client:
        while client.poll() is None and client.stdout.readline() != "holding\n":
            pass
        assert client.poll() is None, "the foreign client could not hold the card"
        yield client


def lay_when_nobody_looks(bench: PcscBench) -> None:
    """Lay a card and give pcscd time to see it, before a client connects to it."""
    bench.card().insert()
    time.sleep(0.2)


@pytest.mark.parametrize("manner", ["exclusive", "transaction"])
def test_a_card_another_program_lets_go_of_is_read(bench: PcscBench, manner: str) -> None:
    lay_when_nobody_looks(bench)

    with foreign_client(bench, manner) as client:
        card_reader = bench.open()
        assert card_reader.wait(0.4) is None
        client.stdin.close()

        assert isinstance(card_reader.wait(SOON), CardInserted)


def test_a_card_another_program_keeps_is_unreadable(bench: PcscBench) -> None:
    lay_when_nobody_looks(bench)

    with foreign_client(bench, "exclusive"):
        card_reader = bench.open()

        assert card_reader.wait(SOON) == CardFailed(bench.slot(), CardFault.UNREADABLE)


def test_a_transaction_longer_than_the_silence_is_read_after_opening_again(bench: PcscBench) -> None:
    lay_when_nobody_looks(bench)
    with foreign_client(bench, "transaction") as client:
        card_reader = bench.open(silence=1.2)
        with pytest.raises(DeviceLost, match="silent"):
            card_reader.wait(SOON)
        opened_again = bench.open()
        client.stdin.close()

        assert isinstance(opened_again.wait(SOON), CardInserted)


def test_a_reset_by_another_program_is_not_a_tap(bench: PcscBench) -> None:
    card_reader = bench.open()
    bench.card().insert()
    card_reader.wait(SOON)

    with foreign_client(bench, "reset"):
        pass

    assert listen(card_reader, 0.5) == []


def test_a_card_reset_by_another_program_is_read_at_the_next_tap(bench: PcscBench) -> None:
    lay_when_nobody_looks(bench)
    with foreign_client(bench, "reset"):
        pass

    assert isinstance(bench.open().wait(SOON), CardInserted)
