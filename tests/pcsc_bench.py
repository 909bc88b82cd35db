"""A bench for everything that taps cards: a private pcscd, cards to lay on its slots, drivers opened on it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from drivers.card_readers.pcsc import PcscCardReader, PcscSettings
from drivers.card_readers.pcsc_daemon import VirtualPcscd
from drivers.card_readers.virtual_card import VirtualCard
from kiosk.devices import CardChange
from kiosk.ecard.keys import CardKeys

SOON = 5.0  # far more than anything takes; a test that is right never waits it out


class PcscBench:
    """Everything laid out on it is cleared away by `pcsc_bench()`."""

    def __init__(self, pcscd: VirtualPcscd) -> None:
        self.pcscd = pcscd
        self._cards: list[VirtualCard] = []
        self._opened: list[PcscCardReader] = []

    def slot(self, number: int = 0) -> str:
        return self.pcscd.slots[number].name

    def card(self, uid: str = "04A1B2C3D4E5F6", number: str | None = "L0001", *, slot: int = 0) -> VirtualCard:
        card = VirtualCard(self.pcscd.slots[slot].port, uid, number)
        self._cards.append(card)
        return card

    def open(self, keys: CardKeys | None = None, **settings: Any) -> PcscCardReader:
        card_reader = PcscCardReader(PcscSettings(**{"socket": str(self.pcscd.socket), "settle": 0.1} | settings), keys)
        self._opened.append(card_reader)
        return card_reader

    def clear(self) -> None:
        for card in self._cards:
            card.remove()
        for card_reader in self._opened:
            card_reader.close()


@contextmanager
def pcsc_bench(card_readers: int = 1, driver: Path | None = None) -> Iterator[PcscBench]:
    # pytest's own folders are too deep for the path of a socket
    with TemporaryDirectory(prefix="pcsc-") as folder, VirtualPcscd(Path(folder), card_readers, driver) as pcscd:
        bench = PcscBench(pcscd)
        try:
            yield bench
        finally:
            bench.clear()


def listen(card_reader: PcscCardReader, seconds: float) -> list[CardChange]:
    """Collect whatever is told within *seconds*."""
    until, told = time.monotonic() + seconds, []
    while (left := until - time.monotonic()) > 0:
        if (change := card_reader.wait(left)) is not None:
            told.append(change)
    return told


def process_of(card_reader: PcscCardReader) -> psutil.Process:
    return psutil.Process(card_reader._process.pid)
