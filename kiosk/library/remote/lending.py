"""A stack is lent by another system: written down before it is asked, recorded when it has answered.

    1  returns begun here are finished, and everything that waits is told     a system that is silent says so here
    2  the wish for every copy is written down                                durable before the system is asked
    3  the system is asked, copy by copy                                      asking.py
    4  loans and gate orders are written down                                 durable before anybody is told

A power cut between 3 and 4 leaves a wish that was asked and not recorded: nobody was promised anything and no bit was
cleared, so the loan, if it was made, is taken back (`telling`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kiosk.circulation.calendar import due_date
from kiosk.circulation.model import Item, ItemId, Loan, LoanId, PatronId, Reason, Refusal
from kiosk.library.local.answers import Asked, keep, recall, repeat_checkout
from kiosk.library.local.at_the_desk import AtTheDesk
from kiosk.library.local.checkout import already_yours, finish_returns, owed_on
from kiosk.library.local.desk import Desk, known_words, unseen_tag, words_of
from kiosk.library.local.gates import Wanted, order_tags, void_orders
from kiosk.library.local.stack import Stack, look_up
from kiosk.library.port import AlreadyYours, CheckoutAnswer, Copy, Lent, NotLent
from kiosk.library.remote.asking import Has, Heard, No, StackAsked, Unheard
from kiosk.library.remote.desk import RemoteDesk, title_of
from kiosk.library.remote.line import Line, Terms, WhenSilent
from kiosk.library.remote.people import Doorkeeper
from kiosk.library.remote.system import ItemSeen, LoanSaid, SystemSilent
from kiosk.library.remote.telling import Telling
from kiosk.store.dispatches import Dispatch, DispatchKind, DispatchState
from kiosk.store.guests import COPY
from kiosk.store.identifiers import new_id
from kiosk.store.intents import IntentKind
from kiosk.store.journal import EventType
from kiosk.store.loans import LoanState

Answers = dict[str, CheckoutAnswer]


@dataclass(frozen=True, slots=True)
class Lending:
    """Lends stacks as the system says, and as the terms say while it is silent."""

    desk: AtTheDesk
    line: Line
    door: Doorkeeper
    telling: Telling
    terms: Terms

    def lend_stack(self, patron: PatronId, copies: tuple[Copy, ...]) -> tuple[CheckoutAnswer, ...]:
        """Answer for every copy, in the order asked."""
        answers = self.desk.decide(lambda desk: _answered_before(desk, copies))
        fresh = tuple(copy for copy in copies if copy.key not in answers)
        if fresh:
            heard = self._ask(patron, fresh)
            answers |= self.desk.decide(lambda desk: _Record(desk, self.terms, patron, fresh).answers(heard))
            self._tell()
        return tuple(answers[copy.key] for copy in copies)

    def _ask(self, patron: PatronId, copies: tuple[Copy, ...]) -> dict[str, Heard]:
        try:
            self.telling.tell_all()
        except SystemSilent:
            return dict.fromkeys((copy.key for copy in copies), Unheard())
        unsure = self.desk.look(lambda desk: {one.item for one in desk.work.dispatches.waiting()})
        certain = tuple(copy for copy in copies if copy.item not in unsure)  # of the others a loan may be made yet
        self.desk.decide(lambda desk: _write_down(desk, patron, certain))
        self.telling.fall_behind()
        heard = StackAsked(self.line, self.door.who(patron)).ask(certain)
        return dict.fromkeys((copy.key for copy in copies), Unheard()) | heard

    def _tell(self) -> None:
        """Tell at once of what has come to nothing; what is not heard waits."""
        if any(one.kind is DispatchKind.CANCEL for one in self.desk.look(lambda desk: desk.work.dispatches.waiting())):
            try:
                self.telling.tell_all()
            except SystemSilent:
                return


def _answered_before(desk: Desk, copies: tuple[Copy, ...]) -> Answers:
    """Give again what was answered, say what the tags alone forbid, and finish returns that were begun here."""
    given: Answers = recall(desk.work, Asked.CHECKOUT, [copy.key for copy in copies])
    answers: Answers = {key: repeat_checkout(desk.work, answer) for key, answer in given.items()}
    fresh = tuple(copy for copy in copies if copy.key not in given)
    finish_returns(desk, fresh)
    items = desk.work.items.by_id([copy.item for copy in fresh])
    for copy in fresh:
        item = items.get(copy.item) or _meet(desk, copy)
        if reasons := desk.tag_reasons(copy, item, lends=True) or unseen_tag(desk, copy):
            answers[copy.key] = NotLent(copy, None if desk.is_foreign(copy) else words_of(item), reasons)
            keep(desk.work, Asked.CHECKOUT, copy.key, answers[copy.key])
    return answers


def _meet(desk: Desk, copy: Copy) -> Item | None:
    assert isinstance(desk, RemoteDesk)
    return None if desk.is_foreign(copy) else desk.meet_copy(copy.item, copy.parts)


def _write_down(desk: Desk, patron: PatronId, copies: tuple[Copy, ...]) -> None:
    """Write the wishes down. One that was written down before is begun anew: what became of it was found out."""
    dispatches = desk.work.dispatches
    before = dispatches.of([copy.key for copy in copies], DispatchKind.LEND)
    for copy in copies:
        if copy.key in before:
            dispatches.note(before[copy.key], DispatchState.ASKED)
        else:
            dispatches.write(Dispatch(copy.key, DispatchKind.LEND, copy.item, patron, DispatchState.ASKED))


class _Record:
    """Writes down in one transaction what the system said of a stack: loans, gate orders, what is still to be told."""

    def __init__(self, desk: Desk, terms: Terms, patron: PatronId, copies: tuple[Copy, ...]) -> None:
        assert isinstance(desk, RemoteDesk)
        self._desk = desk
        self._terms = terms
        self._patron = patron
        self._copies = copies
        self._wishes = desk.work.dispatches.of([copy.key for copy in copies], DispatchKind.LEND)

    def answers(self, heard: Mapping[str, Heard]) -> Answers:
        for copy in self._copies:
            self._learn(copy, heard[copy.key])
        stack = look_up(self._desk, self._patron, self._copies)
        answers: Answers = {}
        for copy in self._copies:
            answers[copy.key] = self._answer(stack, copy, heard[copy.key])
        for key, answer in answers.items():
            keep(self._desk.work, Asked.CHECKOUT, key, answer)
        return answers

    def _learn(self, copy: Copy, heard: Heard) -> None:
        """Know the copy by the title the system gave it."""
        if isinstance(heard, Has):
            self._desk.meet_copy(copy.item, copy.parts, heard.seen)
            return
        said = heard.said if isinstance(heard, No) else heard
        if isinstance(said, LoanSaid) and said.title:
            self._desk.meet_copy(copy.item, copy.parts, ItemSeen(copy.item, known=True, title=said.title))

    def _answer(self, stack: Stack, copy: Copy, heard: Heard) -> CheckoutAnswer:
        match heard:
            case Has(seen):
                self._close(copy, DispatchState.DONE, "they had it")
                return self._theirs(stack, copy, seen)
            case LoanSaid(may_leave=True):
                self._close(copy, DispatchState.DONE, *heard.said)
                return self._lend(stack, copy, heard.due)
            case LoanSaid():
                self._close(copy, DispatchState.DONE, *heard.said)
                cancel = Dispatch(copy.key, DispatchKind.CANCEL, copy.item, self._patron)
                self._desk.work.dispatches.write(cancel)
                return self._refuse(stack, copy, _in_its_words(heard.said))
            case No(said, lent):
                self._close(copy, DispatchState.REFUSED, *said.said)
                elsewhere = (Reason(Refusal.ON_LOAN_TO_ANOTHER),) if lent else ()
                return self._refuse(stack, copy, *elsewhere, _in_its_words(said.said))
            case Unheard(perhaps):
                return self._unheard(stack, copy, perhaps=perhaps)

    def _unheard(self, stack: Stack, copy: Copy, *, perhaps: bool) -> CheckoutAnswer:
        """Lend all the same where the branch does; else nobody was promised anything."""
        if self._terms.when_silent is not WhenSilent.BOTH:
            if not perhaps:
                self._close(copy, DispatchState.REFUSED, "the system was silent")
            return self._refuse(stack, copy, Reason(Refusal.LIBRARY_SILENT))
        if len(stack.loans) >= self._terms.max_loans:
            if not perhaps:
                self._close(copy, DispatchState.REFUSED, "the system was silent")
            return self._refuse(stack, copy, Reason(Refusal.LOAN_LIMIT, number=self._terms.max_loans))
        if stack.open_loans.get(copy.item) is not None and stack.open_loans[copy.item].patron == self._patron:
            if not perhaps:
                self._close(copy, DispatchState.REFUSED, "they had it")
            return already_yours(self._desk, stack, copy, stack.items[copy.item], stack.open_loans[copy.item])
        self._queue(copy)
        due = due_date(self._desk.today, self._terms.days, self._desk.rules.hours)
        return self._lend(stack, copy, due)

    def _lend(self, stack: Stack, copy: Copy, due: date | None) -> Lent:
        """Open the loan and order its bits cleared; a loan of this copy the ledger still had open is over."""
        work, item = self._desk.work, stack.items[copy.item]
        at = work.moment.at
        stale = stack.open_loans.get(copy.item)
        if stale is not None:
            work.loans.close(stale.id, LoanState.RETURNED, at)
        day = due or self._desk.today + timedelta(days=self._terms.days)
        loan = Loan(LoanId(new_id(at)), item.id, self._patron, COPY, at, day)
        work.loans.lend(loan, copy.key)
        closed = void_orders(self._desk, copy.tags, by=loan.id) if stack.has_orders(copy) else ()
        orders = order_tags(self._desk, copy, Wanted(IntentKind.CHECKOUT, item.id, armed=False, loan=loan.id))
        facts = {"loan": loan.id, "item": item.id, "patron": loan.patron, "due": day, "tags": list(copy.tags)}
        work.journal.record(EventType.LENT, {**facts, "closed": list(closed) or None})
        stack.took(loan, None)
        return Lent(copy, known_words(item), loan.id, day, orders)

    def _theirs(self, stack: Stack, copy: Copy, seen: ItemSeen) -> AlreadyYours:
        """Say that they have it. Its bits are set right where this station lent it."""
        item, loan = stack.items[copy.item], stack.open_loans.get(copy.item)
        if loan is not None and loan.patron == self._patron:
            return already_yours(self._desk, stack, copy, item, loan)
        day = seen.due or self._desk.today
        return AlreadyYours(copy, known_words(item), loan_of(copy.item), day)

    def _refuse(self, stack: Stack, copy: Copy, *reasons: Reason) -> NotLent:
        return NotLent(copy, words_of(stack.items.get(copy.item)), reasons, owed_on(stack, copy, armed=True))

    def _close(self, copy: Copy, state: DispatchState, *said: str) -> None:
        wish = self._wishes.get(copy.key)
        if wish is not None:
            self._desk.work.dispatches.note(wish, state, " ".join(said))

    def _queue(self, copy: Copy) -> None:
        """Have the loan told when the system answers again; it is looked at before it is told."""
        wish = self._wishes.get(copy.key)
        if wish is None:
            self._desk.work.dispatches.write(Dispatch(copy.key, DispatchKind.LEND, copy.item, self._patron))
        else:
            self._desk.work.dispatches.note(wish, DispatchState.QUEUED)


def loan_of(item: ItemId) -> LoanId:
    """Name a loan the ledger has none of: made at a desk, or at another station."""
    return LoanId(title_of(item))


def _in_its_words(said: tuple[str, ...]) -> Reason:
    return Reason(Refusal.LIBRARY_REFUSES, text=" ".join(said) or None)
