"""The shell around the station: its threads, what each effect becomes, and the watch over all of them.

Started and stopped by the composition root. A thread that dies ends the program (`on_death`): a kiosk that looks
alive and is not is the worst case.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from kiosk.barcodes import BarcodeScheme
from kiosk.devices import BarcodeScanner, CardReader, DeviceLost, PaperState, ReceiptPrinter, TagPad
from kiosk.library.port import Library
from kiosk.station import effects as do
from kiosk.station.actor import Station
from kiosk.station.card_ear import CardEar
from kiosk.station.chores import (
    LibraryQuestions,
    PadChores,
    print_parent_slip,
    print_receipt,
    print_shelf_slip,
    seal_receipt,
    watch_cards,
    watch_scans,
)
from kiosk.station.events import DeviceKind, Event, PaperSeen
from kiosk.station.guarded import start_guarded
from kiosk.station.pad_work import Sweep
from kiosk.station.printing import Press
from kiosk.station.scan_ear import ScanEar
from kiosk.station.setup import Setup
from kiosk.station.tag_log import TagLog
from kiosk.station.visit_facts import VisitCounter, VisitCounts
from kiosk.station.workbench import work
from kiosk.station.workers import DeviceCondition, DeviceWorker, History, LibraryWorker, Tell
from kiosk.tags.afi import GateProfile

log = logging.getLogger(__name__)

PAD_PAUSE = 0.001
"""Seconds the pad worker waits for a chore before it sweeps again: a book laid down is seen without delay."""
PAD_PATIENCE = 0.06
"""Seconds it waits after a chore: longer than the commit of a stack, which the next chore follows from."""
PRINTER_PAUSE = 5.0
SILENCE = 10.0
"""Seconds a thread may be silent before the watch ends the program."""


@dataclass(frozen=True, slots=True)
class Equipment:
    """How to open each device; opening raises DeviceLost. A station may have no printer and no barcode scanner.

    `scheme` says what the barcodes it scans mean.
    """

    open_pad: Callable[[], TagPad]
    open_card_reader: Callable[[], CardReader]
    open_printer: Callable[[], ReceiptPrinter] | None
    profile: GateProfile
    open_scanner: Callable[[], BarcodeScanner] | None = None
    scheme: BarcodeScheme = field(default_factory=BarcodeScheme)


R = TypeVar("R")


AnyWorker = (
    DeviceWorker[TagPad] | DeviceWorker[CardReader] | DeviceWorker[ReceiptPrinter] | DeviceWorker[BarcodeScanner]
)


class Beating(Protocol):
    name: str
    beat_at: float


class Shell:
    """A whole station: `start`, then `stop`. The board shows what it shows; `tell` lets the screen say touches."""

    def __init__(
        self,
        setup: Setup,
        library: Library,
        equipment: Equipment,
        press: Press,
        on_death: Callable[[str], None],
    ) -> None:
        self.station = Station(setup, time.monotonic)
        self.board = self.station.board
        self.tell = self.station.tell
        self._on_death = on_death
        self._press = press
        self._questions = LibraryQuestions(library)
        self.cards = CardEar(self.tell)
        self._library = LibraryWorker(self.cards.pass_answer, library)
        self._tags = TagLog(setup.owners)
        self._sweep = Sweep(log=self._tags)
        self._pad_chores = PadChores(equipment.profile, self._sweep)
        self._pad = DeviceWorker(
            DeviceKind.PAD, self._fresh_pad(equipment), self._sweep, self.tell, PAD_PAUSE, PAD_PATIENCE
        )
        self._cards = DeviceWorker(DeviceKind.CARD_READER, equipment.open_card_reader, watch_cards, self.cards)
        self._paper = PaperWatch()
        self._visits = VisitCounter()
        self._printer = _printer_worker(equipment, self._paper, self.tell)
        self.scans = ScanEar(self.tell)
        self._scanner = _scanner_worker(equipment, self.scans)
        self._threads: list[threading.Thread] = []

    def _fresh_pad(self, equipment: Equipment) -> Callable[[], TagPad]:
        def open_pad() -> TagPad:
            self._sweep.restart()
            return equipment.open_pad()

        return open_pad

    def start(self) -> None:
        """Start every thread, the station's first: it must be there to hear."""
        self._run("station", lambda: self.station.run(self.perform))
        self._run("library", self._library.run)
        for worker in self._workers():
            self._run(worker.name, worker.run)

    def stop(self, patience: float = 5.0) -> None:
        """Stop in reverse order; a thread that hangs in a device is left behind after *patience* seconds."""
        for worker in reversed(self._workers()):
            worker.stop()
        self._library.stop()
        self.station.stop()
        until = time.monotonic() + patience
        for thread in reversed(self._threads):
            thread.join(max(until - time.monotonic(), 0.01))

    def silent(self, limit: float = SILENCE) -> tuple[str, ...]:
        """Name the threads that have not beaten for *limit* seconds."""
        now = time.monotonic()
        beating: list[Beating] = [self._library, *self._workers()]
        late = [one.name for one in beating if now - one.beat_at > limit]
        return (*late, *(("station",) if now - self.station.beat_at > limit else ()))

    def conditions(self) -> tuple[DeviceCondition, ...]:
        """Say how every device is. From any thread."""
        return tuple(worker.condition for worker in self._workers())

    def histories(self) -> dict[DeviceKind, History]:
        """Say what became of every device since the start. From any thread."""
        return {worker.condition.kind: worker.history for worker in self._workers()}

    def on_pad(self, do: Callable[[TagPad], R], within: float = 5.0) -> R:
        """Have something done on the pad by the thread that owns it. Raises: as `workbench.work`."""
        return work(self._pad, do, within)

    def on_printer(self, do: Callable[[ReceiptPrinter], R], within: float = 9.0) -> R:
        """Likewise on the printer. Raises: as `workbench.work`; DeviceLost - the station has none."""
        if self._printer is None:
            raise DeviceLost("this station has no printer")
        return work(self._printer, do, within)

    @property
    def counted(self) -> VisitCounts:
        """Say how much was done here since the start. From any thread."""
        return self._visits.now

    @property
    def retries(self) -> int:
        """Say how often a tag had to be read again since the start. From any thread."""
        return self._sweep.retries

    @property
    def card_errors(self) -> int:
        """Say how many cards could not be read since the start. From any thread."""
        return self.cards.errors

    @property
    def paper(self) -> PaperState:
        """Say how the printer last said it is. From any thread."""
        return self._paper.last

    def perform(self, effect: do.Effect) -> None:
        """Hand one effect to the worker that can do it. Called by the station thread; never blocks."""
        if isinstance(effect, do.NoteVisit):
            self._visits.add(effect.facts)
        match effect:
            case do.ReadTags():
                self._pad.ask(self._pad_chores.read(effect))
            case do.SetGates():
                self._pad.ask(self._pad_chores.set_gates(effect))
            case do.CallStaff():
                self._visits.called()
            case do.PrintReceipt():
                assert self._printer is not None, "a receipt was offered without a printer"
                self._printer.ask(print_receipt(effect, self._press))
            case do.SealReceipt():
                self.tell(seal_receipt(effect, self._press))
            case do.MailReceipt():
                self._library.ask(self._questions.want_receipt(effect, self._press))
            case do.PrintParentSlip():
                assert self._printer is not None, "a slip was promised without a printer"
                self._printer.ask(print_parent_slip(effect, self._press))
            case do.PrintShelfSlip():
                assert self._printer is not None, "a station without a printer prints no slips"
                self._printer.ask(print_shelf_slip(effect, self._press))
            case _:
                question = self._questions.about(effect)
                assert question is not None, f"nobody does {type(effect).__name__}"
                self._library.ask(question)
        if isinstance(effect, do.NoteVisit) and (readings := self._tags.take()):
            self._library.ask(self._questions.note_tags(readings))

    def _workers(self) -> tuple[AnyWorker, ...]:
        devices = (self._scanner, self._printer, self._cards, self._pad)
        return tuple(worker for worker in devices if worker is not None)

    def _run(self, name: str, target: Callable[[], None]) -> None:
        self._threads.append(start_guarded(name, target, self._on_death))


class PaperWatch:
    """Asks the printer now and then how it is: what is wrong is noticed before somebody wants a receipt."""

    def __init__(self) -> None:
        self.last = PaperState.UNKNOWN

    def __call__(self, printer: ReceiptPrinter) -> Iterator[Event]:
        before, self.last = self.last, printer.paper()
        if before.prints is not self.last.prints:
            yield PaperSeen(out=not self.last.prints)


def _printer_worker(equipment: Equipment, watch_paper: PaperWatch, tell: Tell) -> DeviceWorker[ReceiptPrinter] | None:
    if equipment.open_printer is None:
        return None
    return DeviceWorker(DeviceKind.PRINTER, equipment.open_printer, watch_paper, tell, PRINTER_PAUSE)


def _scanner_worker(equipment: Equipment, tell: Tell) -> DeviceWorker[BarcodeScanner] | None:
    if equipment.open_scanner is None:
        return None
    return DeviceWorker(DeviceKind.SCANNER, equipment.open_scanner, watch_scans(equipment.scheme), tell)
