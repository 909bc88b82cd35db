"""A copy comes back: written down before a tag is touched, committed when its tags have answered."""

from kiosk.library.local.answers import Asked, keep, recall, still_open
from kiosk.library.local.desk import Desk, words_of
from kiosk.library.local.gates import Wanted, order_tags
from kiosk.library.local.settle import settle
from kiosk.library.local.taking_back import checkin_intents, conclude
from kiosk.library.port import (
    CheckinAnswer,
    CheckinBegun,
    Copy,
    GateFact,
    NotTaken,
    Returned,
    ReturnPending,
)
from kiosk.store.intents import IntentKind, IntentState, Return, ReturnState

Begun = CheckinBegun | NotTaken


def begin_stack(desk: Desk, copies: tuple[Copy, ...]) -> tuple[Begun, ...]:
    """Write down that these copies are being returned. Nothing about a loan changes yet, so nothing is journaled."""
    given: dict[str, Begun] = recall(desk.work, Asked.BEGIN_CHECKIN, [copy.key for copy in copies])
    return tuple(_repeat(desk, given[copy.key]) if copy.key in given else _begin(desk, copy) for copy in copies)


def _repeat(desk: Desk, answer: Begun) -> Begun:
    if isinstance(answer, NotTaken):
        return answer
    return CheckinBegun(answer.copy, answer.words, still_open(desk.work, answer.orders))


def _begin(desk: Desk, copy: Copy) -> Begun:
    item = desk.work.items.by_id([copy.item]).get(copy.item)
    answer: Begun
    if reasons := desk.tag_reasons(copy, item, lends=False):
        answer = NotTaken(copy, None if desk.is_foreign(copy) else words_of(item), reasons)
    else:
        _supersede(desk, copy)
        desk.work.returns.begin(Return(copy.key, copy.item, copy.owner, copy.tags, here=copy.here))
        orders = order_tags(desk, copy, Wanted(IntentKind.CHECKIN, copy.item, armed=True))
        answer = CheckinBegun(copy, words_of(item), orders)
    keep(desk.work, Asked.BEGIN_CHECKIN, copy.key, answer)
    return answer


def _supersede(desk: Desk, copy: Copy) -> None:
    """Let a return of the same copy begun before go over into this one; its debt stays until this one is done."""
    earlier = desk.work.returns.begun([copy.item]).get(copy.item)
    if earlier is None:
        return
    for intent in checkin_intents(desk, earlier):
        if intent.is_open:
            desk.work.intents.note(intent, IntentState.VOIDED)
    desk.work.returns.close(earlier, ReturnState.SUPERSEDED)


def finish_stack(desk: Desk, copies: tuple[Copy, ...], facts: tuple[GateFact, ...]) -> tuple[CheckinAnswer, ...]:
    """Commit the returns whose tags have all answered; the others stay begun. One journal row per return."""
    settle(desk, facts)
    return tuple(_finish(desk, copy) for copy in copies)


def _finish(desk: Desk, copy: Copy) -> CheckinAnswer:
    begun = desk.work.returns.by_key(copy.key)
    if begun is not None and begun.state is ReturnState.BEGUN:
        conclude(desk, begun)
    given: dict[str, Returned] = recall(desk.work, Asked.FINISH_CHECKIN, [copy.key])
    if copy.key in given:
        return given[copy.key]
    item = desk.work.items.by_id([copy.item]).get(copy.item)
    return ReturnPending(copy, words_of(item))
