"""May this patron join the queue for a title? Who stands where in a queue is said by `queues`."""

from datetime import date

from kiosk.circulation.answers import Place, Refuse, Supply
from kiosk.circulation.model import Hold, HoldStatus, LendingPolicy, Loan, Patron, Reason, Refusal, Title
from kiosk.circulation.queues import queue_of
from kiosk.circulation.standing import age_of, card_reasons, patron_blocks


def decide_hold(
    patron: Patron,
    title: Title,
    holds: tuple[Hold, ...],
    loans: tuple[Loan, ...],
    supply: Supply,
    policy: LendingPolicy,
    today: date,
) -> Place | Refuse:
    """Say whether *patron* may join the queue for *title*, and at which place.

    *holds* are the queue of the title and every open hold of the patron; *loans* the patron's open loans.
    """
    queue = queue_of(title.id, holds)
    reasons = (
        *card_reasons(patron, today),
        *patron_blocks(patron, loans, policy, today),
        *_supply_reasons(supply),
        *_place_reasons(patron, title, holds, policy, today),
    )
    if reasons:
        return Refuse(reasons)
    return Place(1 + sum(h.status is HoldStatus.WAITING for h in queue))


def _supply_reasons(supply: Supply) -> tuple[Reason, ...]:
    if supply.on_loan_to_patron:
        return (Reason(Refusal.ALREADY_YOURS),)
    if supply.lendable == 0:
        return (Reason(Refusal.NOT_FOR_LOAN),)
    if supply.free_at_pickup > 0:
        return (Reason(Refusal.HOLD_NOT_NEEDED, number=supply.free_at_pickup),)
    return ()


def _place_reasons(
    patron: Patron, title: Title, holds: tuple[Hold, ...], policy: LendingPolicy, today: date
) -> tuple[Reason, ...]:
    category = policy.categories.get(patron.category)
    if category is None:
        return ()  # said once, by patron_blocks
    mine = [h for h in holds if h.patron == patron.id]
    reasons = []
    if any(h.title == title.id for h in mine):
        reasons.append(Reason(Refusal.ALREADY_HELD))
    if age_of(patron, category, today) < title.age_from:
        reasons.append(Reason(Refusal.TOO_YOUNG, number=title.age_from))
    if len(mine) >= category.max_holds:
        reasons.append(Reason(Refusal.HOLD_LIMIT, number=category.max_holds))
    return tuple(reasons)
