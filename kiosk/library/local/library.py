"""The library port on the station's own ledger: one method, one decision, one transaction.

Thin on purpose: what is decided stands in the modules beside. Called from one thread, like every library.
"""

import logging
from collections.abc import Callable
from typing import TypeVar

from kiosk.circulation.model import BranchId, LoanId, PatronId, TitleId
from kiosk.devices import CardIdentity
from kiosk.library.local import (
    account,
    checkin,
    checkout,
    holding,
    identify,
    pins,
    recognise,
    recovery,
    renewals,
    settle,
    visits,
    wanted_receipts,
)
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
    LibraryUnreachable,
    NotTaken,
    PinLocked,
    PinRight,
    PinWrong,
    Recognised,
    RenewAnswer,
    RequestKey,
    Settled,
    Unwelcome,
    VisitFacts,
    WantedReceipt,
)
from kiosk.store.clock import TrustedClock, time_server_agrees
from kiosk.store.engine import Store
from kiosk.store.errors import StoreError

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")


class LocalLibrary:
    """Answers from *store* by the *rules* of the branch. Every method raises LibraryUnreachable when it cannot.

    Without a *clock*, one is made that is not trusted behind the latest journal row.
    """

    def __init__(self, store: Store, rules: BranchRules, clock: TrustedClock | None = None) -> None:
        self._store = store
        self._rules = rules
        self._clock = clock or TrustedClock(last_durable=store.last_durable(), synchronised=time_server_agrees)

    def recover(self) -> None:
        """Finish what an earlier run left half done. To be called once, before the first patron."""
        left = self._decide(recovery.recover)
        if left:
            logger.warning("%d gate orders of an earlier run were never confirmed: debts were opened", left)
        self.tidy()

    def tidy(self) -> None:
        """Forget what was closed more than a day ago. Cheap; once a day is enough."""
        self._decide(recovery.tidy)

    def identify(self, card: CardIdentity) -> Identified | Unwelcome:
        return self._look(lambda desk: identify.identify(desk, card))

    def check_pin(self, patron: PatronId, pin: str) -> PinRight | PinWrong | PinLocked:
        moment = self._clock.now()
        return _or_unreachable(lambda: pins.check_pin(self._store, self._rules, moment, patron, pin))

    def account(self, patron: PatronId) -> Account:
        return self._look(lambda desk: account.show_account(desk, patron))

    def recognise(self, copies: tuple[Copy, ...]) -> tuple[Recognised, ...]:
        return self._look(lambda desk: recognise.recognise(desk, copies))

    def checkout(self, patron: PatronId, copies: tuple[Copy, ...]) -> tuple[CheckoutAnswer, ...]:
        return self._decide(lambda desk: checkout.lend_stack(desk, patron, copies))

    def begin_checkin(self, copies: tuple[Copy, ...]) -> tuple[CheckinBegun | NotTaken, ...]:
        return self._decide(lambda desk: checkin.begin_stack(desk, copies))

    def finish_checkin(self, copies: tuple[Copy, ...], facts: tuple[GateFact, ...]) -> tuple[CheckinAnswer, ...]:
        return self._decide(lambda desk: checkin.finish_stack(desk, copies, facts))

    def settle(self, facts: tuple[GateFact, ...]) -> tuple[Settled, ...]:
        return self._decide(lambda desk: settle.settle(desk, facts))

    def renew(self, patron: PatronId, loans: tuple[LoanId, ...], key: RequestKey) -> tuple[RenewAnswer, ...]:
        return self._decide(lambda desk: renewals.renew(desk, patron, loans, key))

    def place_hold(self, patron: PatronId, title: TitleId, pickup: BranchId | None, key: RequestKey) -> HoldAnswer:
        return self._decide(lambda desk: holding.place_hold(desk, patron, title, pickup, key))

    def cancel_hold(self, patron: PatronId, title: TitleId, key: RequestKey) -> HoldCancelled:  # noqa: ARG002 - the same again changes nothing
        return self._decide(lambda desk: holding.cancel_hold(desk, patron, title))

    def want_receipt(self, receipt: WantedReceipt) -> None:
        self._decide(lambda desk: wanted_receipts.want_receipt(desk, receipt))

    def note_visit(self, visit: VisitFacts) -> None:
        self._decide(lambda desk: visits.note_visit(desk, visit))

    def _decide(self, decision: Callable[[Desk], Answer]) -> Answer:
        moment = self._clock.now()
        answer = _or_unreachable(lambda: self._store.carry_out(lambda work: decision(Desk(work, self._rules)), moment))
        self._store.reserve_room()
        return answer

    def _look(self, question: Callable[[Desk], Answer]) -> Answer:
        moment = self._clock.now()

        def ask() -> Answer:
            with self._store.reading(moment) as work:
                return question(Desk(work, self._rules))

        return _or_unreachable(ask)


def _or_unreachable(ask: Callable[[], Answer]) -> Answer:
    """Say in plain words that the ledger did not answer; the log has what it said."""
    try:
        return ask()
    except StoreError as error:
        logger.exception("the ledger refused")
        raise LibraryUnreachable(f"the station's ledger cannot be used: {error}") from error
