"""The library port over another library system: it decides, the station's ledger keeps what happened at the pad.

Thin on purpose, like the local one. Called from one thread, which also keeps in touch with the system while nobody
wants anything.
"""

import logging
import time
from collections.abc import Callable

from kiosk.circulation.model import BranchId, LoanId, PatronId, TitleId
from kiosk.devices import CardIdentity
from kiosk.library.local import recognise, recovery, tag_health, visits, wanted_receipts
from kiosk.library.local.at_the_desk import AtTheDesk
from kiosk.library.local.desk import BranchRules
from kiosk.library.port import (
    Account,
    CheckinAnswer,
    CheckinBegun,
    CheckoutAnswer,
    Copy,
    GateFact,
    HoldAnswer,
    HoldCancelled,
    Identified,
    LibraryUnreachable,
    NotTaken,
    PinLocked,
    PinRight,
    PinWrong,
    Readiness,
    Recognised,
    RenewAnswer,
    RequestKey,
    Settled,
    TagReading,
    Unwelcome,
    VisitFacts,
    WantedReceipt,
    Whereabouts,
)
from kiosk.library.remote.account import Accounts
from kiosk.library.remote.desk import RemoteDesk
from kiosk.library.remote.lending import Lending
from kiosk.library.remote.line import Line, Terms, WhenSilent
from kiosk.library.remote.people import Doorkeeper
from kiosk.library.remote.returning import Returning
from kiosk.library.remote.system import LibrarySystem, Services, SystemSilent
from kiosk.library.remote.telling import Telling
from kiosk.store.clock import TrustedClock
from kiosk.store.engine import Store

logger = logging.getLogger(__name__)

KEEP_ALIVE = 30.0
"""Seconds of quiet after which the system is asked how it is: Evergreen closes after 60 (its example configuration)."""
TELL_EVERY = 3.0
"""Seconds between two tries to tell a system that was silent."""


class RemoteLibrary:
    """Answers as *system* says, by the ledger in *store*. Every method raises LibraryUnreachable when neither can."""

    def __init__(
        self,
        store: Store,
        rules: BranchRules,
        system: LibrarySystem,
        terms: Terms,
        clock: TrustedClock | None = None,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._desk = desk = AtTheDesk(store, lambda work: RemoteDesk(work, rules), clock)
        self._line = line = Line(system, ticks)
        self._terms = terms
        self._door = Doorkeeper(desk, line, rules, terms)
        self._telling = Telling(desk, line, self._door, terms)
        self._lending = Lending(desk, line, self._door, self._telling, terms)
        self._returning = Returning(desk, line, self._telling, rules, terms)
        self._accounts = Accounts(desk, line, self._door, rules, terms)
        self._ticks = ticks
        self._asked_at = -KEEP_ALIVE
        self._services = Services(online=True, lends=True, takes_back=True)

    def recover(self) -> None:
        """Finish what an earlier run left half done. What is to be told is told when the system is first asked."""
        left = self._desk.decide(recovery.recover)
        if left:
            logger.warning("%d gate orders of an earlier run were never confirmed: debts were opened", left)
        self.tidy()

    def tidy(self) -> None:
        self._desk.decide(recovery.tidy)
        if self._terms.when_silent is not WhenSilent.BOTH:  # there, who came before is known by the PIN that was right
            self._desk.decide(lambda desk: desk.work.guests.forget())

    def heed(self, beat: Callable[[], None]) -> None:
        self._line.heed(beat)

    def pulse(self) -> Readiness:
        """Keep the line open, and tell what waits: soon after the system answers again."""
        now = self._ticks()
        if now >= self._asked_at + (TELL_EVERY if self._line.is_silent or self._telling.is_behind else KEEP_ALIVE):
            self._asked_at = now
            try:
                self._services = self._line.ask(lambda system: system.pulse())
                self._telling.tell_all()
            except SystemSilent as silent:
                logger.warning("the library's system is silent: %s", silent)
        return self._readiness()

    def _readiness(self) -> Readiness:
        """Say what is done now. A system that is off-line, or lends nothing for now, is as good as silent."""
        mode, services = self._terms.when_silent, self._services
        deaf = self._line.is_silent or not services.online
        return Readiness(
            lends=mode is WhenSilent.BOTH or not (deaf or not services.lends),
            takes_back=mode is not WhenSilent.OFF or not (deaf or not services.takes_back),
        )

    @property
    def trouble(self) -> str:
        """Say why the system gave no answer, "" while it answers. From any thread."""
        return self._line.trouble

    def identify(self, card: CardIdentity) -> Identified | Unwelcome:
        return self._door.identify(card)

    def check_pin(self, patron: PatronId, pin: str) -> PinRight | PinWrong | PinLocked:
        return self._door.check_pin(patron, pin)

    def account(self, patron: PatronId) -> Account:
        return self._accounts.show(patron)

    def recognise(self, copies: tuple[Copy, ...]) -> tuple[Recognised, ...]:
        """Say what is known of copies: by the system where it answers, else by what happened here."""
        if not copies:
            self._probe()
            return ()
        seen = self._returning.look_up(copies, needed=self._terms.when_silent is WhenSilent.OFF)
        known = self._desk.look(lambda desk: recognise.recognise(desk, copies))
        untold = self._desk.look(lambda desk: {one.item for one in desk.work.dispatches.waiting()})
        heard = {item: one.on_loan for item, one in seen.items() if item not in untold}  # of those we know better
        return tuple(_seen_by_both(one, heard.get(one.copy.item)) for one in known)

    def _probe(self) -> None:
        """Say whether the station can work now, as the branch wants it. Raises: LibraryUnreachable."""
        self._desk.look(lambda desk: desk.today)
        if self._terms.when_silent is not WhenSilent.OFF:
            return
        try:
            self._line.ask(lambda system: system.pulse())
        except SystemSilent as silent:
            raise LibraryUnreachable(f"the library's system is silent: {silent}") from silent

    def checkout(self, patron: PatronId, copies: tuple[Copy, ...]) -> tuple[CheckoutAnswer, ...]:
        return self._lending.lend_stack(patron, copies)

    def begin_checkin(self, copies: tuple[Copy, ...]) -> tuple[CheckinBegun | NotTaken, ...]:
        return self._returning.begin(copies)

    def finish_checkin(self, copies: tuple[Copy, ...], facts: tuple[GateFact, ...]) -> tuple[CheckinAnswer, ...]:
        return self._returning.finish(copies, facts)

    def settle(self, facts: tuple[GateFact, ...]) -> tuple[Settled, ...]:
        return self._returning.settle(facts)

    def renew(self, patron: PatronId, loans: tuple[LoanId, ...], key: RequestKey) -> tuple[RenewAnswer, ...]:
        return self._accounts.renew(patron, loans, key)

    def place_hold(self, patron: PatronId, title: TitleId, pickup: BranchId | None, key: RequestKey) -> HoldAnswer:
        return self._accounts.place_hold(patron, title, pickup, key)

    def cancel_hold(self, patron: PatronId, title: TitleId, key: RequestKey) -> HoldCancelled:  # noqa: ARG002 - the same again changes nothing
        return self._accounts.cancel_hold(patron, title)

    def want_receipt(self, receipt: WantedReceipt) -> None:
        self._desk.decide(lambda desk: wanted_receipts.want_receipt(desk, receipt))

    def note_visit(self, visit: VisitFacts) -> None:
        """Count a visit, and let the system know that whoever was here has gone."""
        self._desk.decide(lambda desk: visits.note_visit(desk, visit))
        self._door.goodbye()

    def note_tags(self, readings: tuple[TagReading, ...]) -> None:
        self._desk.decide(lambda desk: tag_health.note_tags(desk.work, readings))

    def close(self) -> None:
        """Let go of the line. Never raises."""
        self._line.close()


def _seen_by_both(known: Recognised, on_loan: bool | None) -> Recognised:
    """Let the system say whether a copy is on loan; what is only known here (a return begun, a debt) stays."""
    if on_loan is None or known.whereabouts not in (Whereabouts.IN_STOCK, Whereabouts.ON_LOAN):
        return known
    where = Whereabouts.ON_LOAN if on_loan else Whereabouts.IN_STOCK
    return Recognised(known.copy, where, known.words, known.orders)
