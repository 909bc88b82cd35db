"""What the answers of pad and library make of the books of a visit. Pure; one function per answer."""

from dataclasses import replace

from kiosk.circulation.model import Reason, Refusal
from kiosk.library.port import (
    AlreadyYours,
    CheckinAnswer,
    CheckinBegun,
    CheckinNote,
    CheckoutAnswer,
    Copy,
    GateFact,
    GateOrder,
    GateOutcome,
    Lent,
    NotLent,
    NotTaken,
    Recognised,
    Returned,
    ReturnPending,
    Settled,
    SettleResult,
    Whereabouts,
)
from kiosk.station.books import Book, Books, Wish, by_key, by_order, put
from kiosk.station.effects import Effect, FinishCheckin, PrintShelfSlip, Recognise, SetGates, Settle
from kiosk.station.events import LibraryFailed
from kiosk.station.setup import HoldSlip, Untagged
from kiosk.station.states import Done, State, WithBooks
from kiosk.station.untagged import is_scanned
from kiosk.station.view import RowState

Next = tuple[State, tuple[Effect, ...]]


def books_of(state: State) -> Books:
    return state.phase.books if isinstance(state.phase, WithBooks) else ()


def with_books(state: State, books: Books) -> State:
    assert isinstance(state.phase, WithBooks)
    return replace(state, phase=replace(state.phase, books=books))


def checkout_answered(state: State, answers: tuple[CheckoutAnswer, ...], now: float) -> Next:
    """Loans were committed or refused: open the gate bit of what was lent, say why of what was not.

    A loan of a visit that is over has nobody to give its copy to: its orders are reported as GONE, a debt.
    """
    orders: list[GateOrder] = []
    late: list[GateFact] = []
    for answer in answers:
        book = by_key(books_of(state), answer.copy.key)
        if book is None:
            late += [GateFact(order, GateOutcome.GONE) for order in answer.orders]
            continue
        state = with_books(state, put(books_of(state), _after_checkout(book, answer, now)))
        orders += answer.orders
    return state, (*_set_gates(orders), *_settle(state, late))


def _after_checkout(book: Book, answer: CheckoutAnswer, now: float) -> Book:
    common = {"asked": False, "words": answer.words, "orders": answer.orders, "facts": ()}
    match answer:
        case Lent(_, _, loan, due, orders) | AlreadyYours(_, _, loan, due, orders):
            ours = isinstance(answer, Lent) or book.on_loan
            row = RowState.LENT if ours else RowState.YOURS
            state = RowState.OPENING if orders else row
            return book.became(state, now, loan=loan, due=due, opens_as=row, **common)
        case NotLent(_, _, reasons, _):
            return book.became(RowState.REFUSED, now, reasons=reasons, wish=Wish.NONE, **common)


def recognised(state: State, answers: tuple[Recognised, ...], now: float) -> Next:
    """Nobody asked for these copies yet: say what can be done with each; mend gate bits that are owed.

    A copy somebody may not have, or a set still coming, was asked about for its words and bits only: it stays as it is,
    and no bit is cleared for them.
    """
    orders: list[GateOrder] = []
    for answer in answers:
        book = by_key(books_of(state), answer.copy.key)
        if book is not None and not _asked_for(book, answer):
            orders += (order for order in answer.orders if order.armed)
            known = replace(book, words=book.words or answer.words, on_loan=book.on_loan or _returnable(answer))
            state = with_books(state, put(books_of(state), known if book.seen < book.parts else book))
            continue
        orders += answer.orders
        if book is not None:
            state = with_books(state, put(books_of(state), _after_look(book, answer, now)))
    return state, _set_gates(orders)


def _asked_for(book: Book, answer: Recognised) -> bool:
    """Whether this is the answer the copy waits for: not the one about the first parts of a set that is whole since."""
    return book.asked and book.wish is Wish.NONE and answer.copy.tags == book.tags


def _after_look(book: Book, answer: Recognised, now: float) -> Book:
    on_loan = _returnable(answer)
    if answer.whereabouts is Whereabouts.FOREIGN:
        reason = Reason(Refusal.FOREIGN_TAG, text=book.owner or None)
        return book.became(RowState.REFUSED, now, asked=False, reasons=(reason,))
    if book.seen < book.parts and not on_loan:
        reason = Reason(Refusal.PARTS_MISSING, number=book.parts - book.seen)
        return book.became(RowState.REFUSED, now, asked=False, words=answer.words, reasons=(reason,))
    return book.became(
        RowState.ASKING,
        now,
        asked=False,
        words=answer.words,
        on_loan=on_loan,
        orders=answer.orders,
        notes=("unfinished",) if answer.whereabouts is Whereabouts.RETURN_UNFINISHED else (),
    )


def _returnable(answer: Recognised) -> bool:
    return answer.whereabouts in (
        Whereabouts.ON_LOAN,
        Whereabouts.RETURN_UNFINISHED,
        Whereabouts.UNKNOWN,
        Whereabouts.MISSED,
    )


def checkin_began(state: State, answers: tuple[CheckinBegun | NotTaken, ...], now: float) -> Next:
    """Returns are written down: arm the gate bits. A begun return of a visit that is over ends as pending."""
    orders: list[GateOrder] = []
    effects: list[Effect] = []
    for answer in answers:
        book = by_key(books_of(state), answer.copy.key)
        if book is None:
            if isinstance(answer, CheckinBegun):
                gone = tuple(GateFact(order, GateOutcome.GONE) for order in answer.orders)
                effects.append(FinishCheckin(state.visit, (answer.copy,), gone))
            continue
        book, more = _after_begin(state, book, answer, now)
        state = with_books(state, put(books_of(state), book))
        orders += book.orders if book.state is RowState.CLOSING else ()
        effects += more
    return state, (*_set_gates(orders), *effects)


def _after_begin(
    state: State, book: Book, answer: CheckinBegun | NotTaken, now: float
) -> tuple[Book, tuple[Effect, ...]]:
    if isinstance(answer, NotTaken):
        refused = book.became(
            RowState.REFUSED, now, asked=False, wish=Wish.NONE, words=answer.words, reasons=answer.reasons
        )
        return refused, ()
    book = book.became(
        RowState.CLOSING,
        now,
        asked=False,
        wish=Wish.RETURN,
        words=answer.words,
        orders=answer.orders,
        facts=(),
    )
    if answer.orders:
        return book, ()
    return replace(book, asked=True), (FinishCheckin(state.visit, (book.copy(),), ()),)


def gate_answered(state: State, fact: GateFact, now: float) -> Next:
    """A gate bit was set, or was not. Returns are committed once every tag of the copy has answered."""
    book = by_order(books_of(state), fact.order.id)
    if book is None:
        return state, _settle(state, [fact])
    book = book.with_fact(fact)
    gone = fact.outcome is GateOutcome.GONE
    if gone and book.wish is not Wish.NONE and book.state is not RowState.STAFF:
        book = book.became(RowState.PUT_BACK, now)
        return with_books(state, put(books_of(state), book)), ()
    if book.wish is not Wish.RETURN:
        return with_books(state, put(books_of(state), book)), _settle(state, [fact])
    if book.state is RowState.CLOSING and not book.unanswered():
        book = replace(book, asked=True)
        state = with_books(state, put(books_of(state), book))
        return state, (FinishCheckin(state.visit, (book.copy(),), book.facts),)
    return with_books(state, put(books_of(state), book)), ()


def checkin_answered(state: State, answers: tuple[CheckinAnswer, ...], now: float) -> Next:
    slips: list[Effect] = []
    for answer in answers:
        book = by_key(books_of(state), answer.copy.key)
        if book is None:
            continue
        after = _to_staff(state, _after_checkin(book, answer, now))
        state = with_books(state, put(books_of(state), after))
        if isinstance(answer, Returned) and not book.again and book.state is not RowState.RETURNED:
            slips += _shelf_slip(state, answer)
    return state, tuple(slips)


def _to_staff(state: State, book: Book) -> Book:
    """Hand a copy to staff that came back by its barcode alone, where that is not the usual: it may carry a tag."""
    unseen = is_scanned(book) and book.state is RowState.RETURNED and CheckinNote.GATE_OWED not in book.notes
    if not unseen or state.setup.untagged is Untagged.SERVE:
        return book
    return replace(book, notes=(*book.notes, CheckinNote.GATE_OWED.value))


def _shelf_slip(state: State, returned: Returned) -> tuple[PrintShelfSlip, ...]:
    """Print where a copy goes that does not simply go back to its shelf, when this branch wants that."""
    held = CheckinNote.HELD in returned.notes
    if state.setup.hold_slip is HoldSlip.NEVER or not state.prints or not (held or returned.destination):
        return ()
    name = returned.words.title if returned.words else ""
    return (PrintShelfSlip(name, returned.copy.item, returned.destination, returned.hold_code, held),)


def _after_checkin(book: Book, answer: CheckinAnswer, now: float) -> Book:
    match answer:
        case Returned(notes=notes) if book.again:
            owed = {CheckinNote.GATE_OWED.value} & {note.value for note in notes}
            return book.became(RowState.RETURNED, now, asked=False, notes=(*book.notes, *(owed - set(book.notes))))
        case Returned(_, words, notes, late_days, fee, destination):
            return book.became(
                RowState.RETURNED,
                now,
                asked=False,
                words=words,
                notes=tuple(note.value for note in notes),
                late_days=late_days,
                fee=fee,
                destination=destination,
            )
        case ReturnPending(_, words):
            return book.became(RowState.PUT_BACK, now, asked=False, words=words)
        case NotTaken(_, words, reasons):
            return book.became(RowState.REFUSED, now, asked=False, words=words, reasons=reasons)


def gates_settled(state: State, settled: tuple[Settled, ...], now: float) -> Next:
    """Ledger and gate bit were brought together, or a debt names the difference.

    A loan taken back leaves tags that may be cleared: what the ledger wants of them now is asked at once.
    """
    done = {one.order.id for one in settled}
    state = replace(state, unsettled=tuple(fact for fact in state.unsettled if fact.order.id not in done))
    voided: list[Copy] = []
    for one in settled:
        book = by_order(books_of(state), one.order.id)
        if book is None:
            continue
        after = _after_settling(book, one, now)
        if one.result is SettleResult.VOIDED and after.state is not book.state:
            voided.append(after.copy())
        state = with_books(state, put(books_of(state), after))
    return state, (Recognise(state.visit, tuple(voided)),) if voided else ()


def _after_settling(book: Book, one: Settled, now: float) -> Book:
    if one.result is SettleResult.OWED:
        stubborn = book.state is RowState.OPENING and _refuses(book, one.order)
        return book.became(RowState.STAFF, now) if stubborn else book  # the order stands until the tag obeys
    orders = tuple(order for order in book.orders if order.id != one.order.id)
    book = replace(book, orders=orders)
    if book.wish is not Wish.BORROW or book.state not in (RowState.OPENING, RowState.PUT_BACK):
        return book
    match one.result:
        case SettleResult.VOIDED:
            return book.became(RowState.STAFF, now, loan=None, due=None)
        case _:
            return book if orders else book.became(book.opens_as, now)


def _refuses(book: Book, order: GateOrder) -> bool:
    """Whether the tag lay there and would not do what it was told."""
    outcome = next((fact.outcome for fact in book.facts if fact.order.id == order.id), None)
    return outcome in (GateOutcome.LOCKED, GateOutcome.UNCONFIRMED)


def library_failed(state: State, failed: LibraryFailed, now: float) -> Next:
    """No answer: nothing may be done on the strength of it. Books asked about stay where they are, refused.

    What the library could not be told of gate bits is kept and said again when it is back.
    """
    going_on = () if isinstance(state.phase, Done) else books_of(state)  # they keep the facts of their returns
    checkins = {order.id for book in going_on if book.wish is Wish.RETURN for order in book.orders}
    facts = tuple(f for f in failed.facts if f.order.id not in checkins and f not in state.unsettled)
    since = now if state.library_down_since is None else state.library_down_since
    state = replace(state, library_down_since=since, unsettled=state.unsettled + facts)
    for key in failed.keys:
        book = by_key(books_of(state), key)
        if book is None or not book.asked:
            continue
        if book.state is RowState.CLOSING and book.orders:  # begun, not committed: goes on when the library is back
            state = with_books(state, put(books_of(state), replace(book, asked=False)))
            continue
        reasons = (Reason(Refusal.LIBRARY_SILENT),)
        refused = book.became(RowState.REFUSED, now, asked=False, wish=Wish.NONE, reasons=reasons)
        state = with_books(state, put(books_of(state), refused))
    return state, ()


def library_back(state: State) -> Next:
    """The library answers again: say once more what it could not be told."""
    effects: list[Effect] = list(_settle(state, list(state.unsettled)))
    for book in books_of(state):
        if book.state is RowState.CLOSING and not book.asked and book.orders and not book.unanswered():
            state = with_books(state, put(books_of(state), replace(book, asked=True)))
            effects.append(FinishCheckin(state.visit, (book.copy(),), book.facts))
    return replace(state, library_down_since=None), tuple(effects)


def _set_gates(orders: list[GateOrder]) -> tuple[Effect, ...]:
    return (SetGates(tuple(orders)),) if orders else ()


def _settle(state: State, facts: list[GateFact]) -> tuple[Effect, ...]:
    return (Settle(state.visit, tuple(facts)),) if facts else ()
