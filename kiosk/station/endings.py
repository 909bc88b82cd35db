"""How a visit ends: only when nothing is under way, and never with a gate bit nobody answers for. Pure."""

from dataclasses import replace

from kiosk.circulation.model import PatronId
from kiosk.library.port import GateFact, GateOutcome, LoanLine
from kiosk.station.answers import Next
from kiosk.station.books import Books, Wish, count
from kiosk.station.children import is_child_here, stamps_of, told_of_return
from kiosk.station.effects import Effect, FinishCheckin, NoteVisit, PrintReceipt, Settle
from kiosk.station.setup import ReceiptHabit
from kiosk.station.states import Done, Returning, Session, State, Welcome
from kiosk.station.untagged import waits_for_tag
from kiosk.station.view import ReceiptState, ReceiptWay, RowState
from kiosk.station.visit_facts import facts_of_visit

TROUBLE = (RowState.PUT_BACK, RowState.STAFF, RowState.OPENING, RowState.CLOSING)


def busy(state: State) -> bool:
    """Whether the visit has work under way that must not be cut."""
    phase = state.phase
    if not isinstance(phase, Session | Returning):
        return False
    reading = bool(state.pad.reading - state.pad.left)
    renewing = isinstance(phase, Session) and bool(phase.renewing or phase.asking_holds)
    coming = state.library_down_since is None and any(waits_for_tag(book) for book in phase.books)
    return reading or renewing or coming or any(book.busy for book in phase.books)


def wind_up(state: State, now: float) -> Next:
    """Ask for the end of the visit; it comes at once when nothing is under way."""
    phase = state.phase
    if not isinstance(phase, Session | Returning):
        return state, ()
    if phase.finishing is None:
        state = replace(state, phase=replace(phase, finishing=now))
    return finish_if_quiet(state, now)


def finish_if_quiet(state: State, now: float) -> Next:
    """End a visit that is finishing, as soon as it is quiet or has taken too long."""
    phase = state.phase
    if not isinstance(phase, Session | Returning) or phase.finishing is None:
        return state, ()
    if busy(state) and now < phase.finishing + state.setup.timing.finish:
        return state, ()
    return _end(state, phase, now)


def _end(state: State, phase: Session | Returning, now: float) -> Next:
    books = tuple(book for book in phase.books if not book.identity.startswith("left:"))
    effects = (*_let_go(state, books), NoteVisit(state.visit, facts_of_visit(state, phase, books, now)))
    state = replace(state, unsettled=state.unsettled + _unbooked(books))
    state = leave_stack(state, phase.patron.patron if isinstance(phase, Session) else None)
    if state.next_card is not None:
        return replace(state, phase=Welcome(since=now)), effects
    if not _worth_a_goodbye(phase, books):
        return welcome(state, now), effects
    receipt = _receipt(state, phase, books)
    done = Done(
        ends_at=now + state.setup.timing.done,
        books=books,
        renewed=phase.renewed if isinstance(phase, Session) else frozenset(),
        account=phase.account if isinstance(phase, Session) else None,
        receipt=ReceiptState.PRINTING if receipt else _offer(state, phase),
        mail_to=phase.patron.patron if isinstance(phase, Session) and phase.patron.mail else None,
        child=is_child_here(state),
        slot=state.cards[0].slot if state.cards else None,
    )
    return replace(state, phase=done), (*effects, *receipt)


def _let_go(state: State, books: Books) -> tuple[Effect, ...]:
    """Say of every gate bit still open that its tag is gone: the ledger makes a debt of it."""
    effects: list[Effect] = []
    for book in books:
        if book.state not in TROUBLE or book.asked:
            continue
        settled = {fact.order.id for fact in book.facts if fact.outcome is not GateOutcome.GONE}
        gone = tuple(GateFact(order, GateOutcome.GONE) for order in book.orders if order.id not in settled)
        if book.wish is Wish.RETURN and gone:
            effects.append(FinishCheckin(state.visit, (book.copy(),), gone))
        elif gone:
            effects.append(Settle(state.visit, gone))
    return tuple(effects)


def _unbooked(books: Books) -> tuple[GateFact, ...]:
    """What tags said of returns the library could not commit: it is told when it answers again."""
    armed = (book for book in books if book.state is RowState.CLOSING and not book.asked and not book.unanswered())
    return tuple(fact for book in armed for fact in book.facts)


def _worth_a_goodbye(phase: Session | Returning, books: Books) -> bool:
    moved = count(books, RowState.LENT, RowState.RETURNED, RowState.REFUSED, *TROUBLE)
    return bool(moved) or (isinstance(phase, Session) and bool(phase.renewed))


def _receipt(state: State, phase: Session | Returning, books: Books) -> tuple[PrintReceipt, ...]:
    wanted = state.setup.receipt is ReceiptHabit.ALWAYS and _worth_a_receipt(state, phase)
    wanted = wanted and works(state, ReceiptWay.PAPER, None)
    return (receipt_of(state, phase, books),) if wanted else ()


def _offer(state: State, phase: Session | Returning) -> ReceiptState:
    mail_to = phase.patron.patron if isinstance(phase, Session) and phase.patron.mail else None
    ways = any(works(state, way, mail_to) for way in ReceiptWay)
    return ReceiptState.OFFERED if ways and _worth_a_receipt(state, phase) else ReceiptState.NONE


def _worth_a_receipt(state: State, phase: Session | Returning) -> bool:
    movements = count(phase.books, RowState.LENT, RowState.RETURNED)
    renewed = isinstance(phase, Session) and bool(phase.renewed)
    return state.setup.receipt is not ReceiptHabit.NEVER and bool(movements or renewed)


def works(state: State, way: ReceiptWay, mail_to: PatronId | None) -> bool:
    """Whether the receipt can be taken along this way, here and now."""
    if way not in state.setup.receipts:
        return False
    match way:
        case ReceiptWay.PAPER:
            return state.prints
        case ReceiptWay.EMAIL:
            return mail_to is not None and state.library_down_since is None
        case ReceiptWay.QR:
            return state.setup.seals


def receipt_of(state: State, phase: Session | Returning | Done, books: Books) -> PrintReceipt:
    """What the receipt of this visit is about."""
    renewed: tuple[LoanLine, ...] = ()
    if isinstance(phase, Session | Done) and phase.account is not None:
        renewed = tuple(line for line in phase.account.loans if line.loan in phase.renewed)
    if not is_child_here(state):
        return PrintReceipt(state.visit, state.language, books, renewed)
    kindly = tuple(told_of_return(book) for book in books)
    return PrintReceipt(state.visit, state.language, kindly, renewed, stamps_of(books))


def leave_stack(state: State, patron: PatronId | None) -> State:
    """What still lies on the pad belongs to the visit that ends: nobody else gets it by laying a card beside it."""
    return replace(state, pad=replace(state.pad, left=state.pad.lying, left_by=patron))


def welcome(state: State, now: float) -> State:
    """Back to the start: the station's own language and look, nobody here."""
    setup = state.setup
    state = replace(state, phase=Welcome(since=now), language=setup.language, look=setup.look)
    state = replace(state, scanned=(), pad=replace(state.pad, told={}))
    return replace(state, helping=False, finding=False, called=False)


def as_usual(state: State) -> bool:
    """Whether the welcome screen is as the station shows it to nobody in particular."""
    setup = state.setup
    return (state.language, state.look) == (setup.language, setup.look) and not (state.helping or state.finding)
