"""The library port on the station's own ledger: one method, one decision, one transaction.

Thin on purpose: what is decided stands in the modules beside. Called from one thread, like every library.
"""

import logging
from collections.abc import Callable

from kiosk.circulation.model import BranchId, LoanId, PatronId, TitleId
from kiosk.devices import CardIdentity
from kiosk.library.local import (
    account,
    checkin,
    checkout,
    holding,
    identify,
    pins,
    proofs,
    recognise,
    recovery,
    renewals,
    settle,
    tag_health,
    visits,
    wanted_receipts,
)
from kiosk.library.local.at_the_desk import AtTheDesk
from kiosk.library.local.desk import BranchRules, Desk
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
)
from kiosk.store.clock import TrustedClock
from kiosk.store.engine import Store

logger = logging.getLogger(__name__)


class LocalLibrary:
    """Answers from *store* by the *rules* of the branch. Every method raises LibraryUnreachable when it cannot.

    Without a *clock*, one is made that is not trusted behind the latest journal row.
    """

    def __init__(self, store: Store, rules: BranchRules, clock: TrustedClock | None = None) -> None:
        self._rules = rules
        self._desk = AtTheDesk(store, lambda work: Desk(work, rules), clock)

    def recover(self) -> None:
        """Finish what an earlier run left half done. To be called once, before the first patron."""
        left = self._desk.decide(recovery.recover)
        if left:
            logger.warning("%d gate orders of an earlier run were never confirmed: debts were opened", left)
        self.tidy()

    def tidy(self) -> None:
        """Forget what was closed more than a day ago. Cheap; once a day is enough."""
        self._desk.decide(recovery.tidy)

    def heed(self, beat: Callable[[], None]) -> None:
        """Nothing here takes long."""

    def pulse(self) -> Readiness:
        """Nobody else is asked or told anything: the sync reads the journal beside the work."""
        return Readiness()

    def close(self) -> None:
        """The ledger is closed by whoever opened it."""

    def identify(self, card: CardIdentity) -> Identified | Unwelcome:
        if (unwelcome := proofs.weigh(self._desk, card)) is not None:
            return unwelcome
        shown = proofs.named(self._desk, card)
        return self._desk.look(lambda desk: identify.identify(desk, shown))

    def check_pin(self, patron: PatronId, pin: str) -> PinRight | PinWrong | PinLocked:
        return self._desk.with_store(lambda store, now: pins.check_pin(store, self._rules, now, patron, pin))

    def account(self, patron: PatronId) -> Account:
        return self._desk.look(lambda desk: account.show_account(desk, patron))

    def recognise(self, copies: tuple[Copy, ...]) -> tuple[Recognised, ...]:
        return self._desk.look(lambda desk: recognise.recognise(desk, copies))

    def checkout(self, patron: PatronId, copies: tuple[Copy, ...]) -> tuple[CheckoutAnswer, ...]:
        return self._desk.decide(lambda desk: checkout.lend_stack(desk, patron, copies))

    def begin_checkin(self, copies: tuple[Copy, ...]) -> tuple[CheckinBegun | NotTaken, ...]:
        return self._desk.decide(lambda desk: checkin.begin_stack(desk, copies))

    def finish_checkin(self, copies: tuple[Copy, ...], facts: tuple[GateFact, ...]) -> tuple[CheckinAnswer, ...]:
        return self._desk.decide(lambda desk: checkin.finish_stack(desk, copies, facts))

    def settle(self, facts: tuple[GateFact, ...]) -> tuple[Settled, ...]:
        return self._desk.decide(lambda desk: settle.settle(desk, facts))

    def renew(self, patron: PatronId, loans: tuple[LoanId, ...], key: RequestKey) -> tuple[RenewAnswer, ...]:
        return self._desk.decide(lambda desk: renewals.renew(desk, patron, loans, key))

    def place_hold(self, patron: PatronId, title: TitleId, pickup: BranchId | None, key: RequestKey) -> HoldAnswer:
        return self._desk.decide(lambda desk: holding.place_hold(desk, patron, title, pickup, key))

    def cancel_hold(self, patron: PatronId, title: TitleId, key: RequestKey) -> HoldCancelled:  # noqa: ARG002 - the same again changes nothing
        return self._desk.decide(lambda desk: holding.cancel_hold(desk, patron, title))

    def want_receipt(self, receipt: WantedReceipt) -> None:
        self._desk.decide(lambda desk: wanted_receipts.want_receipt(desk, receipt))

    def note_visit(self, visit: VisitFacts) -> None:
        self._desk.decide(lambda desk: visits.note_visit(desk, visit))

    def note_tags(self, readings: tuple[TagReading, ...]) -> None:
        self._desk.decide(lambda desk: tag_health.note_tags(desk.work, readings))
