"""The same request again gets the answer of the first time. What changed since is not done again.

Two things are not repeated literally, because a tag would be cleared without a loan: gate orders that were settled
meanwhile are left out, and a loan that was voided meanwhile is answered as not lent.
"""

from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

from kiosk.circulation.model import Reason, Refusal
from kiosk.library.port import (
    AlreadyYours,
    CheckinBegun,
    CheckoutAnswer,
    GateOrder,
    HoldNotPlaced,
    HoldPlaced,
    Lent,
    NotLent,
    NotRenewed,
    NotTaken,
    Renewed,
    Returned,
)
from kiosk.store.debts import Answer
from kiosk.store.loans import LoanState
from kiosk.store.unit_of_work import UnitOfWork


class Asked(StrEnum):
    CHECKOUT = "checkout"
    BEGIN_CHECKIN = "begin-checkin"
    FINISH_CHECKIN = "finish-checkin"
    RENEW = "renew"
    PLACE_HOLD = "place-hold"


Given = (
    Lent
    | AlreadyYours
    | NotLent
    | CheckinBegun
    | NotTaken
    | Returned
    | HoldPlaced
    | HoldNotPlaced
    | tuple[Renewed | NotRenewed, ...]
)

_ADAPTERS: dict[str, TypeAdapter[Any]] = {
    kind.__name__: TypeAdapter(kind)
    for kind in (Lent, AlreadyYours, NotLent, CheckinBegun, NotTaken, Returned, HoldPlaced, HoldNotPlaced)
}
_ADAPTERS["tuple"] = TypeAdapter(tuple[Renewed | NotRenewed, ...])


def keep(work: UnitOfWork, asked: Asked, key: str, answer: Given) -> None:
    """Keep *answer* with the request it answers."""
    work.answers.give(asked, key, _as_kept(answer))


def keep_anew(work: UnitOfWork, asked: Asked, key: str, answer: Given) -> None:
    """Keep *answer* in the place of the one kept: more is known than when it was given."""
    work.answers.change(asked, key, _as_kept(answer))


def _as_kept(answer: Given) -> Answer:
    kind = type(answer).__name__
    return Answer(kind, _ADAPTERS[kind].dump_json(answer).decode())


def recall(work: UnitOfWork, asked: Asked, keys: Collection[str]) -> dict[str, Any]:
    """Find the answers already given to these requests; each is of the kind this question is answered with."""
    given = work.answers.given(asked, keys)
    return {key: _ADAPTERS[answer.kind].validate_json(answer.text) for key, answer in given.items()}


def repeat_checkout(work: UnitOfWork, answer: CheckoutAnswer) -> CheckoutAnswer:
    """Say a checkout's answer again, as far as it is still to be acted on."""
    orders = still_open(work, answer.orders)
    if isinstance(answer, Lent):
        record = work.loans.record(answer.loan)
        if record is not None and record.state is LoanState.VOIDED:
            return NotLent(answer.copy, answer.words, (Reason(Refusal.TAG_STUCK),), orders)
    return replace(answer, orders=orders)


def still_open(work: UnitOfWork, orders: tuple[GateOrder, ...]) -> tuple[GateOrder, ...]:
    """Leave out the orders somebody has settled since."""
    found = {order: work.intents.by_id(order.id) for order in orders}
    return tuple(order for order, intent in found.items() if intent is not None and intent.is_open)
