"""The heart of the station: one event and the time in, the next state and what is to be done out. Pure.

    step(state, event, now) -> (state, effects)

`now` is seconds on a clock that never goes back; it is the same clock deadlines are told on. A deadline that has
passed is served whenever any event comes, so a busy inbox cannot put it off.
"""

from dataclasses import replace

from kiosk.circulation.model import Reason, Refusal
from kiosk.library.port import GateFact, GateOutcome
from kiosk.station import answers, around, arrivals, children, goodbye, holds, scans, shelter, stack, visits
from kiosk.station import events as on
from kiosk.station.answers import Next, books_of, with_books
from kiosk.station.books import Wish, put
from kiosk.station.deadlines import done_at, gone_at, idle_at, leave_at, was_given_up
from kiosk.station.effects import Effect, FinishCheckin, NoteVisit, ProbeLibrary, Settle
from kiosk.station.endings import as_usual, finish_if_quiet, leave_stack, welcome, wind_up
from kiosk.station.states import (
    AskingPin,
    Done,
    Doors,
    Identifying,
    Notice,
    OnPad,
    Returning,
    Service,
    Session,
    StackFirst,
    Starting,
    State,
    Welcome,
)
from kiosk.station.view import ReceiptState, RowState, Touch
from kiosk.station.visit_facts import arrived, facts_of_nothing


def step(state: State, event: on.Event, now: float) -> Next:
    """Take one event in. Raises nothing: an event a state has no use for leaves it as it is."""
    before = state
    state, first = _happened(around.made_way(state, event), event, now)
    state, second = _due(state, now)
    state, third = finish_if_quiet(state, now)
    state, alarm = shelter.take_shelter(state, now)
    state, fourth = _onward(state, now)
    fruitless = facts_of_nothing(before, state, now)
    over = () if fruitless is None else (NoteVisit(before.visit, fruitless),)
    return arrived(before, state, now), (*first, *second, *third, *alarm, *fourth, *over)


def _happened(state: State, event: on.Event, now: float) -> Next:
    match event:
        case on.StackChanged() | on.TagsRead() | on.GateAnswered():
            return _on_pad(state, event, now)
        case on.CardPresented() | on.CardUnreadable() | on.CardLifted() | on.BarcodeScanned():
            return _shown(state, event, now)
        case on.Touched() | on.ServiceCalled() | on.ServiceOver():
            return _by_hand(state, event, now)
        case on.DeviceUp() | on.DeviceDown():
            return _device(state, event, now)
        case on.ReceiptPrinted() | on.ReceiptFailed() | on.ReceiptMailed() | on.ReceiptSealed() | on.ParentSlipEnded():
            return _slip_over(state, event, now) if event.visit == state.visit else (state, ())
        case on.PaperSeen() | on.HouseHeard() | on.DoorsTold() | on.LibraryReady():
            return _of_the_house(state, event, now)
        case on.LibraryBack():
            return answers.library_back(state)
        case on.LibraryFailed():
            return _library_failed(state, event, now)
        case on.DeadlinePassed():
            return state, ()
        case _:
            state, effects = (state, ()) if state.library_down_since is None else answers.library_back(state)
            state, more = _answered(state, event, now)
            return state, (*effects, *more)


def _shown(
    state: State, event: on.CardPresented | on.CardUnreadable | on.CardLifted | on.BarcodeScanned, now: float
) -> Next:
    match event:
        case on.CardPresented() as presented:
            return arrivals.card_presented(state, presented, now)
        case on.CardUnreadable(_, fault):
            return arrivals.card_unreadable(state, fault, now)
        case on.CardLifted(slot):
            return _card_lifted(state, slot, now)
        case on.BarcodeScanned(what):
            return scans.scanned(state, what, now)


def _of_the_house(
    state: State, event: on.PaperSeen | on.HouseHeard | on.DoorsTold | on.LibraryReady, now: float
) -> Next:
    match event:
        case on.LibraryReady(readiness):
            return replace(state, library=readiness), ()
        case on.PaperSeen(out):
            return replace(state, paper_out=out), ()
        case on.DoorsTold(is_open, opens):
            return replace(state, doors=Doors(is_open, opens)), ()
        case on.HouseHeard(signals):
            return shelter.heard(state, signals, now)


def _slip_over(state: State, event: on.SlipEvent, now: float) -> Next:
    """A slip was printed, mailed or signed, or could not be."""
    match event:
        case on.ReceiptPrinted():
            return goodbye.receipt_over(state, ReceiptState.PRINTED, now)
        case on.ReceiptFailed():
            return goodbye.receipt_over(state, ReceiptState.FAILED, now)
        case on.ReceiptMailed(_, kept):
            return goodbye.receipt_over(state, ReceiptState.MAILED if kept else ReceiptState.NOT_MAILED, now)
        case on.ReceiptSealed(_, code):
            return goodbye.sealed(state, code, now)
        case on.ParentSlipEnded(_, printed):
            return children.parent_slip_ended(state, printed=printed)


def _on_pad(state: State, event: on.StackChanged | on.TagsRead | on.GateAnswered, now: float) -> Next:
    match event:
        case on.StackChanged(tags):
            was_empty = not state.pad.lying
            pad, to_read = stack.lay(state.pad, tags)
            empty_since = None if tags else (state.pad_empty_since if was_empty else now)
            state = replace(state, pad=pad, pad_empty_since=empty_since)
            state, effects = visits.pad_changed(state, now)
            return state, (*to_read, *effects)
        case on.TagsRead(pieces, gone):
            state = replace(state, pad=stack.heard(state.pad, pieces, gone))
            return visits.pad_changed(state, now)
        case on.GateAnswered(fact):
            state, effects = answers.gate_answered(state, fact, now)
            return _laid_again(state, fact, effects, now)


def _laid_again(state: State, fact: GateFact, effects: tuple[Effect, ...], now: float) -> Next:
    """A tag that was gone for the pad but lies there by the last sweep: forget it, so that the next sweep tells."""
    if fact.outcome is GateOutcome.GONE and fact.order.tag in state.pad.lying:
        state = replace(state, pad=stack.forget(state.pad, fact.order.tag))
        state, more = visits.pad_changed(state, now)
        return state, (*effects, *more)
    return state, effects


def _answered(state: State, event: on.Event, now: float) -> Next:
    match event:
        case on.PatronAnswered(visit, answer) if visit == state.visit:
            return arrivals.patron_answered(state, answer, now)
        case on.PinAnswered(visit, answer) if visit == state.visit:
            return arrivals.pin_answered(state, answer, now)
        case on.AccountAnswered(visit, account) if visit == state.visit:
            if isinstance(state.phase, Session | Done):
                state = replace(state, phase=replace(state.phase, account=account))
            return children.slip_for_parents(state)
        case on.RenewAnswered(visit, renewed) if visit == state.visit:
            return visits.renewed(state, renewed)
        case on.HoldAnswered(visit, about) if visit == state.visit:
            return holds.answered(state, about)
        case on.StackRecognised(_, looked):
            state, effects = _grown(*answers.recognised(state, looked, now), now)
            state, more = arrivals.looked_at(state, looked, now)
            return state, (*effects, *more)
        case on.CheckoutAnswered(_, decided):
            return _grown(*answers.checkout_answered(state, decided, now), now)
        case on.CheckinBegan(_, begun):
            return answers.checkin_began(state, begun, now)
        case on.CheckinAnswered(_, ended):
            return _grown(*answers.checkin_answered(state, ended, now), now)
        case on.GateSettled(_, settled):
            return _grown(*answers.gates_settled(state, settled, now), now)
        case _:
            return state, ()


def _grown(state: State, effects: tuple[Effect, ...], now: float) -> Next:
    """Look at the stack again: a copy that was being asked about may have grown by a tag meanwhile."""
    if not isinstance(state.phase, Session | StackFirst | Returning):
        return state, effects
    state, more = stack.refresh(state, state.phase, now)
    return state, (*effects, *more)


def _by_hand(state: State, event: on.Touched | on.ServiceCalled | on.ServiceOver, now: float) -> Next:
    match event:
        case on.Touched() as touched:
            return _touched(state, touched, now)
        case on.ServiceCalled():
            return _service_called(state, now), ()
        case on.ServiceOver():
            return _service_over(state, now), ()


def _touched(state: State, touched: on.Touched, now: float) -> Next:
    if touched.visit != state.visit:
        return state, ()  # a touch on a screen of an earlier visit
    touch, value = touched.touch, touched.value
    state, calls = around.touched(state, touch, value, now)
    state, effects = _touched_in_phase(state, touch, value, now)
    return state, (*calls, *effects)


def _touched_in_phase(state: State, touch: Touch, value: str, now: float) -> Next:
    match state.phase:
        case Welcome() if touch is Touch.RETURN and state.returns:
            return arrivals.begin_returning(state, (), now)
        case AskingPin() as phase:
            return arrivals.pin_touched(state, phase, touch, value, now)
        case Session() as phase:
            return visits.session_touched(state, phase, touch, value, now)
        case StackFirst() as phase:
            return visits.stack_touched(state, phase, touch, now)
        case Returning() as phase:
            return visits.returning_touched(state, phase, touch, now)
        case Done() as phase:
            return goodbye.touched(state, phase, touch, now)
        case Notice() if touch in (Touch.DONE, Touch.CANCEL):
            return welcome(state, now), ()
        case _:
            return state, ()


def _card_lifted(state: State, slot: str, now: float) -> Next:
    """A card that rested and is lifted ends its session; one that was only tapped does not."""
    lifted = next((on_slot for on_slot in state.cards if on_slot.slot == slot), None)
    state = replace(state, cards=tuple(on_slot for on_slot in state.cards if on_slot.slot != slot))
    if isinstance(state.phase, Session) and lifted is not None and lifted.card == state.phase.card:
        rested = now >= lifted.since + state.setup.timing.resting_card
        return wind_up(state, now) if rested else (state, ())
    return state, ()


def _device(state: State, event: on.DeviceUp | on.DeviceDown, now: float) -> Next:
    if isinstance(event, on.DeviceUp):
        return replace(state, up=state.up | {event.kind}, down=state.down - {event.kind}), ()
    state = replace(state, up=state.up - {event.kind}, down=state.down | {event.kind})
    if event.kind is on.DeviceKind.CARD_READER:
        return replace(state, cards=()), ()
    if event.kind is not on.DeviceKind.PAD:
        return state, ()
    state = replace(state, pad=OnPad(left=state.pad.left, left_by=state.pad.left_by))
    return visits.pad_changed(state, now)


def _service_called(state: State, now: float) -> State:
    """Nobody is interrupted: the technician waits until the visit has ended, as it does by itself.

    A stack nobody has said anything about is no visit: nothing was decided on it.
    """
    if isinstance(state.phase, Service):
        return replace(state, phase=Service(now))
    state = replace(state, service_wanted=True)
    return welcome(leave_stack(state, None), now) if isinstance(state.phase, StackFirst) else state


def _service_over(state: State, now: float) -> State:
    """Back to work. What the technician left lying is nobody's wish."""
    state = replace(state, service_wanted=False)
    return welcome(leave_stack(state, None), now) if isinstance(state.phase, Service) else state


def _library_failed(state: State, event: on.LibraryFailed, now: float) -> Next:
    state, effects = answers.library_failed(state, event, now)
    if isinstance(state.phase, Identifying | AskingPin) and event.visit == state.visit:
        reasons = (Reason(Refusal.LIBRARY_SILENT),)
        return replace(state, phase=Notice(now + state.setup.timing.notice, reasons)), effects
    if isinstance(state.phase, Session) and (state.phase.renewing or state.phase.asking_holds):
        state = replace(state, phase=replace(state.phase, renewing=frozenset(), asking_holds=frozenset()))
    return state, effects


# --- what time brings ----------------------------------------------------------------------------------


def _due(state: State, now: float) -> Next:
    """Do everything whose deadline has passed."""
    state, mends = stack.miss_parts(state, now)
    state, untagged = stack.miss_tags(state, now)
    state, effects = _give_up_on_lifted(state, now)
    state, more = _due_in_phase(state, now)
    state, probe = _due_probe(state, now)
    return state, (*mends, *untagged, *effects, *more, *probe)


def _due_in_phase(state: State, now: float) -> Next:
    timing = state.setup.timing
    match state.phase:
        case Starting(since) if now >= since + timing.start or _ready(state):
            return welcome(state, now), ()
        case Welcome(since) if not as_usual(state) and now >= since + timing.language:
            return welcome(state, now), ()
        case Identifying(since=since) if now >= since + timing.identify:
            reasons = (Reason(Refusal.LIBRARY_SILENT),)
            return replace(state, phase=Notice(now + timing.notice, reasons)), ()
        case Notice(ends_at) if now >= ends_at:
            return welcome(state, now), ()
        case Done() as phase if _passed(done_at(phase, timing), now):
            return welcome(state, now), ()
        case Service(active_at) if now >= active_at + timing.service:
            return _service_over(state, now), ()
        case _:
            return _due_in_visit(state, now)


def _due_in_visit(state: State, now: float) -> Next:
    if _passed(leave_at(state), now):
        if isinstance(state.phase, Session):
            return wind_up(state, now)
        abandoned = isinstance(state.phase, AskingPin)
        state = welcome(leave_stack(state, None), now)
        notice = Notice(now + state.setup.timing.notice, hint="pin-abandoned")
        return (replace(state, phase=notice) if abandoned else state), ()
    if _passed(idle_at(state), now) and isinstance(state.phase, Session | AskingPin | StackFirst):
        return replace(state, phase=replace(state.phase, asked_at=now)), ()
    if _passed(gone_at(state), now):
        return wind_up(state, now)
    return state, ()


def _give_up_on_lifted(state: State, now: float) -> Next:
    """A book lifted too early was not put back in time: the ledger makes a debt of it; the row stays."""
    if not isinstance(state.phase, Session | StackFirst | Returning):
        return state, ()  # the end of a visit has said it already
    effects: list[Effect] = []
    for book in books_of(state):
        late = now >= book.since + state.setup.timing.put_back
        if book.state is not RowState.PUT_BACK or book.asked or was_given_up(book) or not late:
            continue
        gone = tuple(GateFact(order, GateOutcome.GONE) for order in book.gone_orders())
        given_up = replace(book, notes=(*book.notes, "given-up"))
        state = with_books(state, put(books_of(state), given_up))
        if book.wish is Wish.RETURN:
            effects.append(FinishCheckin(state.visit, (book.copy(),), gone))
        elif gone:
            effects.append(Settle(state.visit, gone))
    return state, tuple(effects)


def _due_probe(state: State, now: float) -> Next:
    since = state.library_down_since
    if since is None or now < since + state.setup.timing.probe:
        return state, ()
    return replace(state, library_down_since=now), (ProbeLibrary(state.visit),)


def _ready(state: State) -> bool:
    """Whether every device has said whether it is there."""
    wanted = {on.DeviceKind.PAD, on.DeviceKind.CARD_READER}
    return wanted <= (state.up | state.down)


def _passed(deadline: float | None, now: float) -> bool:
    return deadline is not None and now >= deadline


# --- what follows by itself ----------------------------------------------------------------------------


def _onward(state: State, now: float) -> Next:
    """Nobody is here: serve the card that waited, else look at books that lie there."""
    phase = state.phase
    if isinstance(phase, Done) and stack.strangers(state.pad, phase.books):
        state = welcome(state, now)
    if not isinstance(state.phase, Welcome):
        return state, ()
    if state.next_card is not None:
        waiting, state = state.next_card, replace(state, next_card=None)
        return arrivals.identify(state, waiting, now)
    if state.service_wanted:
        return replace(welcome(state, now), phase=Service(now), service_wanted=False), ()
    if state.returns or state.lends:
        return arrivals.stack_without_card(state, now)
    return state, ()
