"""What a patron has, waits for and owes by the other system; longer terms; waiting for a title, and no longer."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from kiosk.circulation.model import BranchId, HoldStatus, ItemId, Loan, LoanId, PatronId, Reason, Refusal, TitleId
from kiosk.library.local.answers import Asked, keep, recall
from kiosk.library.local.at_the_desk import AtTheDesk
from kiosk.library.local.desk import BranchRules, Desk
from kiosk.library.port import (
    Account,
    HoldAnswer,
    HoldCancelled,
    HoldLine,
    HoldNotPlaced,
    HoldPlaced,
    LibraryUnreachable,
    LoanLine,
    NotRenewed,
    RenewAnswer,
    Renewed,
    RequestKey,
    Words,
)
from kiosk.library.remote.desk import copy_of, title_of
from kiosk.library.remote.lending import loan_of
from kiosk.library.remote.line import Line, Terms, WhenSilent
from kiosk.library.remote.people import Doorkeeper
from kiosk.library.remote.system import (
    AccountSeen,
    HoldSeen,
    ItemSeen,
    LibrarySystem,
    OutcomeUnknown,
    RenewalSaid,
    SystemSilent,
    Who,
)
from kiosk.store.journal import EventType

Answer = TypeVar("Answer")
_SILENT = Reason(Refusal.LIBRARY_SILENT)
_TAIL = " /:;,"
"""What may follow a title in a catalogue's record, before the author."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """Asks about accounts. Raises LibraryUnreachable when the system is silent, but for renewals: each says it."""

    desk: AtTheDesk
    line: Line
    door: Doorkeeper
    rules: BranchRules
    terms: Terms

    def show(self, patron: PatronId) -> Account:
        """Show the account; a loan this station made keeps its name here, the others are named by their copies.

        Where the branch lends while the system is silent, it shows what was lent here; nothing can be renewed then.
        """
        who = self.door.who(patron)
        try:
            seen = self._ask(lambda system: system.account(who))
        except LibraryUnreachable:
            if self.terms.when_silent is not WhenSilent.BOTH:
                raise
            return self.desk.look(lambda desk: _lent_here(desk, patron, self.terms.max_loans))
        ours, today = self.desk.look(lambda desk: (_loans_by_item(desk, patron), desk.today))
        titled = self.desk.look(lambda desk: _loans_by_title(desk, ours))
        return Account(
            loans=tuple(_loan_line(_by_copy(loan, titled), seen, ours, today) for loan in seen.loans),
            holds=tuple(self._hold_line(hold) for hold in seen.holds),
            fees=seen.patron.fees,
            max_loans=seen.patron.max_loans or 0,
        )

    def _hold_line(self, hold: HoldSeen) -> HoldLine:
        return HoldLine(
            title=hold.title,
            author="",
            status=HoldStatus.READY if hold.ready else HoldStatus.WAITING,
            place=hold.place or 0,
            branch=self.rules.name_of(BranchId(hold.pickup)) if hold.pickup else "",
            title_id=title_of(ItemId(hold.key)),
        )

    def renew(self, patron: PatronId, loans: tuple[LoanId, ...], key: RequestKey) -> tuple[RenewAnswer, ...]:
        """Renew these, or all: one request for each, so that one lost answer leaves the others known."""
        given = self.desk.look(lambda desk: recall(desk.work, Asked.RENEW, [key]))
        if key in given:
            answers: tuple[RenewAnswer, ...] = given[key]
            return answers
        who = self.door.who(patron)
        chosen = loans or tuple(line.loan for line in self.show(patron).loans)
        items = self.desk.look(lambda desk: {loan: _item_of(desk, loan) for loan in chosen})
        answers = tuple(self._renew_one(who, loan, items[loan]) for loan in chosen)
        self.desk.decide(lambda desk: _book(desk, patron, key, answers, items))
        return answers

    def _renew_one(self, who: Who, loan: LoanId, item: ItemId) -> RenewAnswer:
        """Ask for a longer term. After a lost answer the due date tells: later than before, it was renewed."""
        try:
            before = self.line.ask(lambda system: system.item(item)).due
            said = self._renewed(who, item, before)
        except SystemSilent:
            return NotRenewed(loan, (_SILENT,))
        if not said.renewed:
            return NotRenewed(loan, (Reason(Refusal.LIBRARY_REFUSES, text=" ".join(said.said) or None),))
        if said.due is not None and before is not None and said.due <= before:
            return NotRenewed(loan, (Reason(Refusal.RENEWAL_NO_GAIN, day=said.due),))
        return Renewed(loan, said.due or self._due_now(item, before))

    def _due_now(self, item: ItemId, before: date | None) -> date:
        """Say when a copy is due whose renewal named no day anybody can read: as the copy says, else by our term."""
        try:
            seen = self.line.ask(lambda system: system.item(item)).due
        except SystemSilent:
            seen = None
        ours = self.desk.look(lambda desk: desk.today) + timedelta(days=self.terms.days)
        return seen or max(ours, before or ours)

    def _renewed(self, who: Who, item: ItemId, before: date | None) -> RenewalSaid:
        try:
            return self.line.ask(lambda system: system.renew(who, item))
        except OutcomeUnknown:
            after = self.line.ask(lambda system: system.item(item)).due
            if before is None or after is None:
                raise
            return RenewalSaid(after > before, item, after)

    def place_hold(self, patron: PatronId, title: TitleId, pickup: BranchId | None, key: RequestKey) -> HoldAnswer:
        """Have the patron wait. A lost answer is looked up in their account before it counts as no."""
        given = self.desk.look(lambda desk: recall(desk.work, Asked.PLACE_HOLD, [key]))
        if key in given:
            answer: HoldAnswer = given[key]
            return answer
        copy = copy_of(title) or self.desk.look(lambda desk: _any_copy(desk, title))
        if copy is None:
            return HoldNotPlaced(title, None, (Reason(Refusal.ITEM_UNKNOWN),))
        answer = self._place(patron, title, copy, pickup or self.rules.branch)
        self.desk.decide(lambda desk: keep(desk.work, Asked.PLACE_HOLD, key, answer))
        return answer

    def _place(self, patron: PatronId, title: TitleId, copy: ItemId, pickup: BranchId) -> HoldAnswer:
        who = self.door.who(patron)
        seen = self._ask(lambda system: system.item(copy))
        words = Words(seen.title or copy, seen.author, id=title)
        try:
            said = self._ask(lambda system: system.place_hold(who, copy, pickup))
        except OutcomeUnknown as unknown:
            place = self._place_in(who, seen)
            if place is None:
                raise LibraryUnreachable(f"whether the title is waited for is not known: {unknown}") from unknown
            return HoldPlaced(title, words, place, self.rules.name_of(pickup))
        if not said.accepted:
            return HoldNotPlaced(title, words, (Reason(Refusal.LIBRARY_REFUSES, text=" ".join(said.said) or None),))
        return HoldPlaced(title, words, said.place or seen.waited_for + 1, self.rules.name_of(pickup))

    def _place_in(self, who: Who, seen: ItemSeen) -> int | None:
        holds = self._ask(lambda system: system.account(who)).holds
        found = (hold for hold in holds if hold.key == seen.item or (seen.title and hold.title == seen.title))
        return next((hold.place or seen.waited_for for hold in found), None)

    def cancel_hold(self, patron: PatronId, title: TitleId) -> HoldCancelled:
        """Have the patron wait no longer. Saying it twice does no harm."""
        who = self.door.who(patron)
        copy = copy_of(title) or title
        said = self._ask(lambda system: system.cancel_hold(who, copy))
        if not said.accepted and any(
            title_of(ItemId(hold.key)) == title for hold in self._ask(lambda system: system.account(who)).holds
        ):
            raise LibraryUnreachable("the library's system did not cancel the hold: a librarian has to")
        return HoldCancelled(title)

    def _ask(self, question: Callable[[LibrarySystem], Answer]) -> Answer:
        try:
            return self.line.ask(question)
        except OutcomeUnknown:
            raise
        except SystemSilent as silent:
            raise LibraryUnreachable(f"the library's system is silent: {silent}") from silent


def _loans_by_item(desk: Desk, patron: PatronId) -> dict[ItemId, Loan]:
    return {loan.item: loan for loan in desk.work.loans.open_of_patron(patron)}


def _lent_here(desk: Desk, patron: PatronId, max_loans: int) -> Account:
    loans = desk.loans_of(patron)
    items = desk.work.items.by_id([loan.item for loan in loans])
    lines = tuple(
        LoanLine(
            loan=loan.id,
            item=loan.item,
            title=items[loan.item].title.name,
            author=items[loan.item].title.author,
            due=loan.due,
            overdue=loan.due < desk.today,
            renewals_left=0,
            why_not_renewable=(_SILENT,),
        )
        for loan in loans
    )
    return Account(lines, (), fees=Decimal(0), max_loans=max_loans)


def _loans_by_title(desk: Desk, ours: dict[ItemId, Loan]) -> dict[str, Loan]:
    """Name this patron's loans made here by their titles, but for titles they have twice."""
    names = {item.id: item.title.name for item in desk.work.items.by_id(list(ours)).values()}
    once = {name for name, count in Counter(names.values()).items() if count == 1}
    return {names[item]: loan for item, loan in ours.items() if names.get(item) in once}


def _by_copy(seen: ItemSeen, titled: dict[str, Loan]) -> ItemSeen:
    """Know a loan by its copy that the system names by its title: so it has a due date, and can be renewed."""
    loan = titled.get(seen.title.rstrip(_TAIL)) if seen.item == seen.title else None
    return seen if loan is None else replace(seen, item=loan.item, due=loan.due)


def _loan_line(seen: ItemSeen, account: AccountSeen, ours: dict[ItemId, Loan], today: date) -> LoanLine:
    """Tell of one loan. How often it may still be renewed the system does not say, only whether the patron may."""
    own = ours.get(seen.item)
    due = seen.due or (today if own is None else own.due)
    may = account.patron.may_renew
    return LoanLine(
        loan=loan_of(seen.item) if own is None else own.id,
        item=seen.item,
        title=seen.title or seen.item,
        author=seen.author,
        due=due,
        overdue=due < today,
        renewals_left=int(may),
        why_not_renewable=() if may else (Reason(Refusal.LIBRARY_REFUSES),),
    )


def _item_of(desk: Desk, loan: LoanId) -> ItemId:
    named = copy_of(TitleId(loan))
    if named is not None:
        return named
    record = desk.work.loans.record(loan)
    assert record is not None, "an account names only loans it knows"
    return record.loan.item


def _any_copy(desk: Desk, title: TitleId) -> ItemId | None:
    return next((item.id for item, _ in desk.work.items.copies_of(title)), None)


def _book(
    desk: Desk, patron: PatronId, key: RequestKey, answers: tuple[RenewAnswer, ...], items: dict[LoanId, ItemId]
) -> None:
    """Keep the answers, and the new due dates of loans this station made."""
    for answer in answers:
        if not isinstance(answer, Renewed) or copy_of(TitleId(answer.loan)) is not None:
            continue
        desk.work.loans.extend(answer.loan, answer.due)
        facts = {"loan": answer.loan, "item": items[answer.loan], "patron": patron, "due": answer.due}
        desk.work.journal.record(EventType.RENEWED, facts)
    keep(desk.work, Asked.RENEW, key, answers)
