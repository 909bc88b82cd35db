"""Turns each effect into the work of one worker: a chore on a device, or a question to the library."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kiosk.barcodes import BarcodeScheme
from kiosk.devices import (
    BarcodeScanner,
    CardChange,
    CardFailed,
    CardInserted,
    CardReader,
    DeviceLost,
    DeviceRefused,
    ReceiptPrinter,
    TagPad,
)
from kiosk.library.port import Copy, GateFact, Library, LibraryUnreachable, TagReading
from kiosk.station import effects as do
from kiosk.station import events as on
from kiosk.station.pad_work import Sweep, gates_unset, read_tags, set_gates
from kiosk.station.printing import Press
from kiosk.station.workers import Chore, Question
from kiosk.tags.afi import GateProfile

log = logging.getLogger(__name__)

CARD_WAIT = 0.5
"""Seconds one look at the card readers or the scanner may last; also how fast their worker ends."""


def watch_cards(card_reader: CardReader) -> Iterator[on.Event]:
    """Wait for the next change on the card readers and say what it means to the station."""
    change = card_reader.wait(CARD_WAIT)
    if change is not None:
        yield _said_of_card(change)


def watch_scans(scheme: BarcodeScheme) -> Callable[[BarcodeScanner], Iterator[on.Event]]:
    """Wait for the next scan and say what it means by the branch's *scheme*."""

    def watch(scanner: BarcodeScanner) -> Iterator[on.Event]:
        scan = scanner.wait(CARD_WAIT)
        if scan is not None:
            yield on.BarcodeScanned(scheme.read(scan.text))

    return watch


def _said_of_card(change: CardChange) -> on.Event:
    match change:
        case CardInserted(slot, card, lay_there):
            return on.CardPresented(slot, card, lay_there)
        case CardFailed(slot, fault):
            return on.CardUnreadable(slot, fault)
        case _:
            return on.CardLifted(change.slot)


@dataclass(frozen=True, slots=True)
class PadChores:
    """Work for the pad. *sweep* is the one the pad worker polls with."""

    profile: GateProfile
    sweep: Sweep

    def read(self, effect: do.ReadTags) -> Chore[TagPad]:
        return Chore(
            run=lambda pad: read_tags(pad, effect.tags, self.sweep),
            otherwise=lambda: (on.TagsRead((), effect.tags),),
        )

    def set_gates(self, effect: do.SetGates) -> Chore[TagPad]:
        return Chore(
            run=lambda pad: set_gates(pad, effect.orders, self.profile, self.sweep),
            otherwise=lambda: gates_unset(effect.orders),
        )


def print_receipt(effect: do.PrintReceipt, press: Press) -> Chore[ReceiptPrinter]:
    """Work for the printer: one slip, or why there is none."""

    def run(printer: ReceiptPrinter) -> Iterator[on.Event]:
        try:
            printer.print(press.slip(effect))
        except (DeviceRefused, DeviceLost) as failed:
            yield on.ReceiptFailed(effect.visit, str(failed))
            if isinstance(failed, DeviceLost):
                raise
        else:
            yield on.ReceiptPrinted(effect.visit)

    return Chore(run, otherwise=lambda: (on.ReceiptFailed(effect.visit, "the printer is not there"),))


def seal_receipt(effect: do.SealReceipt, press: Press) -> on.ReceiptSealed:
    """Sign a receipt: a fraction of a millisecond, and no device."""
    return on.ReceiptSealed(effect.visit, press.code(effect.receipt))


def print_parent_slip(effect: do.PrintParentSlip, press: Press) -> Chore[ReceiptPrinter]:
    """Work for the printer: the slip a child takes home; without paper the screen sends the parents to the desk."""

    def run(printer: ReceiptPrinter) -> Iterator[on.Event]:
        try:
            printer.print(press.parent_slip(effect))
        except DeviceRefused as refused:
            log.warning("a slip for parents was not printed: %s", refused)
            yield on.ParentSlipEnded(effect.visit, printed=False)
        except DeviceLost:
            yield on.ParentSlipEnded(effect.visit, printed=False)
            raise
        else:
            yield on.ParentSlipEnded(effect.visit, printed=True)

    return Chore(run, otherwise=lambda: (on.ParentSlipEnded(effect.visit, printed=False),))


def print_shelf_slip(effect: do.PrintShelfSlip, press: Press) -> Chore[ReceiptPrinter]:
    """Work for the printer that no patron waits for: without paper there is no slip, and the screen has said it."""

    def run(printer: ReceiptPrinter) -> Iterator[on.Event]:
        try:
            printer.print(press.shelf_slip(effect))
        except DeviceRefused as refused:
            log.warning("a slip for the shelf was not printed: %s", refused)
        yield from ()

    return Chore(run, otherwise=lambda: ())


@dataclass(frozen=True, slots=True)
class LibraryQuestions:
    """Questions to the library. Each answer is one event; no answer is LibraryFailed with what it was about."""

    library: Library

    def about(self, effect: do.Effect) -> Question | None:
        """The question an effect asks; None when it asks the library nothing."""
        if isinstance(effect, do.NoteVisit):
            return Question(lambda: self._note(effect), _unanswered(effect))
        answer = self._answer(effect)
        return None if answer is None else Question(lambda: (answer(),), _unanswered(effect))

    def want_receipt(self, effect: do.MailReceipt, press: Press) -> Question:
        """Ask the ledger to keep a wish for a mail. One it cannot keep is told; nothing else is the worse for it."""

        def keep() -> tuple[on.Event, ...]:
            try:
                self.library.want_receipt(press.wanted(effect))
            except LibraryUnreachable as silent:
                log.warning("a receipt by e-mail was not noted: %s", silent)
                return (on.ReceiptMailed(effect.visit, kept=False),)
            return (on.ReceiptMailed(effect.visit, kept=True),)

        return Question(keep, lambda _: on.ReceiptMailed(effect.visit, kept=False))

    def note_tags(self, readings: tuple[TagReading, ...]) -> Question:
        """Have the ledger keep how well tags could be read. What it cannot keep is lost, and nothing else is."""

        def keep() -> tuple[on.Event, ...]:
            try:
                self.library.note_tags(readings)
            except LibraryUnreachable as silent:
                log.warning("%d readings of tags were not kept: %s", len(readings), silent)
            return ()

        return Question(keep, lambda why: on.LibraryFailed(0, why))

    def _answer(self, effect: do.Effect) -> Callable[[], on.Event] | None:
        library = self.library
        match effect:
            case do.Identify(visit, card):
                return lambda: on.PatronAnswered(visit, library.identify(card))
            case do.CheckPin(visit, patron, pin):
                return lambda: on.PinAnswered(visit, library.check_pin(patron, pin))
            case do.AskAccount(visit, patron):
                return lambda: on.AccountAnswered(visit, library.account(patron))
            case do.Recognise(visit, copies):
                return lambda: on.StackRecognised(visit, library.recognise(copies))
            case do.Checkout(visit, patron, copies):
                return lambda: on.CheckoutAnswered(visit, library.checkout(patron, copies))
            case do.BeginCheckin(visit, copies):
                return lambda: on.CheckinBegan(visit, library.begin_checkin(copies))
            case do.FinishCheckin(visit, copies, facts):
                return lambda: on.CheckinAnswered(visit, library.finish_checkin(copies, facts))
            case do.Settle(visit, facts):
                return lambda: on.GateSettled(visit, library.settle(facts))
            case do.Renew(visit, patron, loans, key):
                return lambda: on.RenewAnswered(visit, library.renew(patron, loans, key))
            case do.ProbeLibrary():
                return self._probe
            case _:
                return self._of_holds(effect)

    def _of_holds(self, effect: do.Effect) -> Callable[[], on.Event] | None:
        library = self.library
        match effect:
            case do.PlaceHold(visit, patron, title, key):
                return lambda: on.HoldAnswered(visit, library.place_hold(patron, title, None, key))
            case do.CancelHold(visit, patron, title, key):
                return lambda: on.HoldAnswered(visit, library.cancel_hold(patron, title, key))
            case _:
                return None

    def _note(self, effect: do.NoteVisit) -> tuple[on.Event, ...]:
        """A figure that cannot be kept is lost, and nothing else is: nobody is told that the library is silent."""
        try:
            self.library.note_visit(effect.facts)
        except LibraryUnreachable as silent:
            log.warning("a visit was not counted: %s", silent)
        return ()

    def _probe(self) -> on.Event:
        self.library.recognise(())
        return on.LibraryBack()


def _unanswered(effect: do.Effect) -> Callable[[str], on.Event]:
    visit = getattr(effect, "visit", 0)
    copies: tuple[Copy, ...] = getattr(effect, "copies", ())
    facts: tuple[GateFact, ...] = getattr(effect, "facts", ())
    keys = tuple(copy.key for copy in copies)
    return lambda why: on.LibraryFailed(visit, why, keys, facts)
