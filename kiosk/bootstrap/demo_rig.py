"""The devices of one station of the demo: simulated pad, card readers and printer, and its cable to the centre."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from drivers.barcode_scanners.scanner_simulator import SimulatedSerialScanner
from drivers.card_readers.pcsc_daemon import VirtualPcscd
from drivers.card_readers.virtual_card import VirtualCard
from drivers.printers.escpos_simulator import SimulatedEscposPrinter
from drivers.tag_pads.protocols import PAD_PROTOCOLS
from drivers.tag_pads.simulated_pad import Direction
from kiosk.bootstrap.demo_table import DemoTable
from kiosk.bootstrap.demo_wire import NetworkCable
from kiosk.devices import PaperState, TagUid

CARD_READERS = 2
"""So that two cards at once can be tried."""


@dataclass(frozen=True, slots=True)
class Plug:
    """Something that can be pulled out and put back."""

    put_in: Callable[[], None]
    pull: Callable[[], None]


class DemoRig:
    """The devices, running. Use as a context manager. *pad* is the driver whose pad stands on the table, *system* the
    cable to a library system, if there is one.
    """

    def __init__(self, table: DemoTable, cable: NetworkCable, pad: str, system: NetworkCable | None = None) -> None:
        self._pad_driver = pad
        self._table = table
        self._folder = Path(tempfile.mkdtemp(prefix="littera-"))  # short: a socket's path has a limit
        self.cable, self.system = cable, system
        self.pad = PAD_PROTOCOLS[pad].simulate(link=self._folder / "pad", on_frame=self._snatch_at_write)
        self.printer = SimulatedEscposPrinter(link=self._folder / "printer")
        self.scanner = SimulatedSerialScanner(link=self._folder / "scanner")
        self.pcscd = VirtualPcscd(self._folder, card_readers=CARD_READERS)
        self.slots = tuple(VirtualCard(slot.port) for slot in self.pcscd.slots)
        self.unplugged: set[str] = set()
        self._occupied: set[int] = set()
        self.plugs = {
            "network": Plug(cable.plug, cable.pull),
            **({} if system is None else {"library": Plug(system.plug, system.pull)}),
            "pad": Plug(self.pad.plug, self.pad.unplug),
            "pcsc": Plug(self._start_pcscd, self.pcscd.kill),
            "printer": Plug(self.printer.plug, self.printer.unplug),
            "scanner": Plug(self.scanner.plug, self.scanner.unplug),
            "paper": Plug(self.printer.refill, self._take_paper),
        }

    @property
    def places(self) -> dict[str, object]:
        """Say in the words of the settings where the devices are."""
        return {
            "pad": {"driver": self._pad_driver, self._pad_driver: self._pad_options},
            "card_reader": {"pcsc": {"socket": str(self.pcscd.socket)}},
            "printer": {"escpos": {"port": str(self._folder / "printer")}},
            "barcode": {"serial": {"port": str(self._folder / "scanner")}},
        }

    @property
    def _pad_options(self) -> dict[str, object]:
        return {"port": str(self._folder / "pad"), **PAD_PROTOCOLS[self._pad_driver].on_terminal}

    def __enter__(self) -> Self:
        self.pcscd.start()
        return self

    def __exit__(self, *_: object) -> None:
        for slot in self.slots:
            slot.remove()
        self.pcscd.stop()
        self.pad.unplug()
        self.printer.unplug()
        self.scanner.unplug()
        shutil.rmtree(self._folder, ignore_errors=True)

    def lying(self) -> frozenset[TagUid]:
        return frozenset(tag.uid for tag in self.pad.laid())

    def lay_card(self, place: int, uid: str, number: str | None) -> None:
        """Lay a card on card reader *place*. Raises: OSError."""
        self.slots[place].become(uid, number)
        self._occupied.add(place)
        if "pcsc" not in self.unplugged:
            self.slots[place].insert()

    def lift_card(self, place: int) -> None:
        self._occupied.discard(place)
        self.slots[place].remove()

    def _start_pcscd(self) -> None:
        """The service is back: cards that lie on a card reader lie there still."""
        self.pcscd.start()
        for place in self._occupied:
            self.slots[place].remove()
            self.slots[place].insert()

    def _take_paper(self) -> None:
        self.printer.firmware.paper = PaperState.OUT

    def _snatch_at_write(self, direction: Direction, frame: bytes) -> None:
        """Lift a book in the very moment a write to its tag begins, when somebody asked for that."""
        snatched = self._table.snatched
        if direction is not Direction.TO_PAD or not snatched or not self.pad.firmware.writes_gate(frame):
            return
        for uid in tuple(snatched):
            if bytes.fromhex(uid) in frame:
                snatched.discard(uid)
                self.pad.lift(uid)
