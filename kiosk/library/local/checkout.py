"""Lend a stack: every copy decided in order, each loan and its gate orders written before anyone is told.

Whether a patron may have a copy is `kiosk.circulation.rules`' to say; here is what the ledger makes of the answer.
"""

from dataclasses import replace

from kiosk.circulation.model import Item, ItemStatus, Loan, LoanId, PatronId, Reason, Refusal
from kiosk.circulation.rules import Lend, decide_checkout
from kiosk.library.local.answers import Asked, keep, recall, repeat_checkout
from kiosk.library.local.desk import Desk, known_words, unseen_tag, words_of
from kiosk.library.local.gates import (
    Wanted,
    journal_debt,
    open_unknown_item,
    order_tags,
    orders_of,
    void_orders,
)
from kiosk.library.local.stack import Stack, look_up
from kiosk.library.local.taking_back import take_back
from kiosk.library.port import AlreadyYours, CheckoutAnswer, Copy, GateOrder, Lent, NotLent, Words
from kiosk.store.identifiers import new_id
from kiosk.store.intents import IntentKind
from kiosk.store.journal import EventType

_EVIDENTLY_HERE = (ItemStatus.IN_TRANSIT, ItemStatus.LOST)


def lend_stack(desk: Desk, patron: PatronId, copies: tuple[Copy, ...]) -> tuple[CheckoutAnswer, ...]:
    """Answer for every copy, in the order asked. Limits count within the stack; one journal row per loan."""
    given: dict[str, CheckoutAnswer] = recall(desk.work, Asked.CHECKOUT, [copy.key for copy in copies])
    answers = {key: repeat_checkout(desk.work, answer) for key, answer in given.items()}
    fresh = tuple(copy for copy in copies if copy.key not in given)
    finish_returns(desk, fresh)
    stack = look_up(desk, patron, fresh)
    for copy in fresh:
        if copy.key not in answers:
            answers[copy.key] = _answer(desk, stack, copy)
            keep(desk.work, Asked.CHECKOUT, copy.key, answers[copy.key])
    return tuple(answers[copy.key] for copy in copies)


def finish_returns(desk: Desk, copies: tuple[Copy, ...]) -> None:
    """Commit returns that were begun here and never finished: the whole copy lies here, so it did come back.

    Nobody saw its tags armed, so arming is ordered; a loan decided next takes those orders back.
    """
    begun = desk.work.returns.begun([copy.item for copy in copies if not desk.is_foreign(copy)])
    for copy in copies:
        unfinished = begun.get(copy.item)
        if unfinished is not None and set(unfinished.tags) <= set(copy.tags):
            take_back(desk, begun.pop(copy.item))
            order_tags(desk, copy, Wanted(IntentKind.REPAIR, copy.item, armed=True))


def _answer(desk: Desk, stack: Stack, copy: Copy) -> CheckoutAnswer:
    item = stack.items.get(copy.item)
    if reasons := desk.tag_reasons(copy, item, lends=True):
        return NotLent(copy, None if desk.is_foreign(copy) else words_of(item), reasons)
    if item is None:
        journal_debt(desk, open_unknown_item(desk, copy))
        return NotLent(copy, None, (Reason(Refusal.ITEM_UNKNOWN),), owed_on(stack, copy, armed=True))
    if stack.patron is None:
        return NotLent(copy, words_of(item), (Reason(Refusal.CARD_UNKNOWN),), owed_on(stack, copy, armed=True))
    open_loan = stack.open_loans.get(item.id)
    if open_loan is not None and open_loan.patron == stack.patron.id:
        return already_yours(desk, stack, copy, item, open_loan)
    if unseen := unseen_tag(desk, copy):
        return NotLent(copy, words_of(item), unseen)
    rules = desk.rules
    decision = decide_checkout(
        stack.patron,
        stack.loans,
        item,
        stack.queues[item.title.id],
        open_loan,
        rules.policy,
        rules.hours,
        desk.today,
    )
    if isinstance(decision, Lend):
        return _lend(desk, stack, copy, item, decision)
    # only arming is mended for somebody who may not have it: a copy on loan to another stays alarmed in these hands
    return NotLent(copy, words_of(item), decision.reasons, owed_on(stack, copy, armed=True))


def _lend(desk: Desk, stack: Stack, copy: Copy, item: Item, decision: Lend) -> Lent:
    work = desk.work
    assert stack.patron is not None, "only a patron borrows"
    at = work.moment.at
    loan = Loan(LoanId(new_id(at)), item.id, stack.patron.id, item.type, at, decision.due)
    fulfils = None if decision.fulfils is None else work.holds.fulfil(decision.fulfils, at)
    work.loans.lend(loan, copy.key, fulfils)
    if item.status in _EVIDENTLY_HERE:
        work.items.mark(item.id, ItemStatus.AVAILABLE)
    closed = void_orders(desk, copy.tags, by=loan.id) if stack.has_orders(copy) else ()
    orders = order_tags(desk, copy, Wanted(IntentKind.CHECKOUT, item.id, armed=False, loan=loan.id))
    facts = {
        "loan": loan.id,
        "item": item.id,
        "patron": loan.patron,
        "due": loan.due,
        "tags": list(copy.tags),
        "fulfils": None if decision.fulfils is None else decision.fulfils.title,
        "closed": list(closed) or None,
    }
    work.journal.record(EventType.LENT, facts)
    stack.took(loan, decision.fulfils)
    return Lent(
        copy, Words(item.title.name, item.title.author, item.contents, item.title.id), loan.id, loan.due, orders
    )


def already_yours(desk: Desk, stack: Stack, copy: Copy, item: Item, loan: Loan) -> AlreadyYours:
    """Give the clearing orders still open under this loan again, and new ones for tags nobody saw before.

    A loan made elsewhere has no orders here, and its tags are not touched; one made here by the copy's barcode has
    none either, and a tag seen now is cleared.
    """
    words = known_words(item)
    answer = AlreadyYours(copy, words, loan.id, loan.due)
    ordered = {intent.tag for intent in desk.work.intents.of_loan(loan.id)}
    if not ordered and not desk.work.loans.was_lent_here(loan.id):
        return replace(answer, orders=owed_on(stack, copy, armed=False))
    unseen = replace(copy, tags=tuple(tag for tag in copy.tags if tag not in ordered))
    grown = order_tags(desk, unseen, Wanted(IntentKind.REPAIR, item.id, armed=False, loan=loan.id))
    still_open = [intent for intent in desk.work.intents.of_loan(loan.id) if intent.is_open]
    again = orders_of(intent for intent in still_open if intent.tag in copy.tags and intent.tag in ordered)
    return replace(answer, orders=(*again, *grown))


def owed_on(stack: Stack, copy: Copy, *, armed: bool) -> tuple[GateOrder, ...]:
    """Pick the orders that are open on this copy and say *armed*: whoever lays it down mends it."""
    return orders_of(intent for intent in stack.orders_on(copy) if intent.armed is armed)
