"""Whatever a line does, a driver says what is so, or that it cannot: never another tag's bytes, never another error."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from drivers.tag_pads.protocols import PAD_PROTOCOLS, AnySimulatedPad
from kiosk.devices import DeviceError, DeviceLost, TagPad, TagUid
from tests.tag_pads.books import IN_LIBRARY, ON_LOAN, STACK, book

STEPS = 70
NOISE = [b"", b"", b"\xd6", b"\xff\xfe ", b"\xd6\x00\x0d\x09"]


class Table:
    """A pad with a few books, whose line and plug somebody plays with."""

    def __init__(self, protocol: str, link: Path, chance: random.Random) -> None:
        self._protocol = PAD_PROTOCOLS[protocol]
        self._settings = self._protocol.settings_class(port=str(link), **self._protocol.on_terminal)
        self._chance = chance
        self.simulated: AnySimulatedPad = self._protocol.simulate(link=link)
        self.books = {uid: book(uid, chance.randbytes(112)) for uid in STACK[:3]}
        self._pad: TagPad | None = None

    def play(self) -> None:
        """Change something about the line, the plug or the books."""
        chance, troubles = self._chance, self.simulated.troubles
        troubles.chunk, troubles.corrupt = chance.choice([0, 0, 1, 3]), chance.choice([0, 0, 0, 1])
        troubles.noise = chance.choice(NOISE)
        uid = chance.choice(STACK[:3])
        if self.simulated.lift(uid) is None:
            self.simulated.lay(self.books[uid])
        if chance.random() < 0.05:
            self.simulated.unplug()
        self.simulated.plug()

    def work(self, do: Callable[[TagPad], Any]) -> None:
        """Do something with the pad as a station's worker does: a pad that is lost is opened again."""
        try:
            self._pad = self._pad or self._protocol.open(self._settings)
            do(self._pad)
        except DeviceLost:
            self.close()
        except DeviceError:
            return  # it said that it cannot

    def close(self) -> None:
        if self._pad is not None:
            self._pad.close()
        self._pad = None

    def ask(self, uid: TagUid) -> Callable[[TagPad], None]:
        """Choose a question whose answer is known."""
        known = self.books[uid]

        def look(pad: TagPad) -> None:
            assert pad.inventory() <= set(self.books)

        def read(pad: TagPad) -> None:
            assert pad.read(uid).data == bytes(known.memory[:32])

        def read_all(pad: TagPad) -> None:
            assert pad.read_all(uid).data == bytes(known.memory)

        def gate(pad: TagPad) -> None:
            reading = pad.read_gate(uid, eas=True)
            assert (reading.afi, reading.eas) == (known.afi, known.eas)

        def write(pad: TagPad) -> None:
            afi = self._chance.choice([IN_LIBRARY, ON_LOAN])
            pad.write_afi(uid, afi)
            assert known.afi == afi

        return self._chance.choice([look, look, read, read_all, gate, write])


@pytest.mark.parametrize("protocol", list(PAD_PROTOCOLS))
def test_a_driver_tells_the_truth_or_that_it_cannot(protocol: str, tmp_path: Path):
    chance = random.Random(protocol)
    table = Table(protocol, tmp_path / "pad", chance)

    for _ in range(STEPS):
        if chance.random() < 0.3:
            table.play()
        table.work(table.ask(chance.choice(STACK[:3])))

    table.close()
    table.simulated.unplug()
