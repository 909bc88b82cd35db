"""The hold shelf is not an archive: a copy nobody fetched serves who waits next. Asked for once a night."""

from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select

from kiosk.central.centre import Centre
from kiosk.central.circulation.branch_rules import kept_until
from kiosk.central.circulation.facts import Facts, queued
from kiosk.central.circulation.passing_on import Ending, end_hold
from kiosk.central.policies import Policies
from kiosk.central.tables import holds
from kiosk.circulation.model import BranchId, HoldStatus

EXPIRED = "expired"


def expire_holds(centre: Centre, policies: Policies) -> int:
    """End the holds whose copies were not fetched in time, each in a transaction of its own; says how many.

    May be run by several copies of the centre at once, and again at any time. Raises: CentreUnavailable.
    """
    at = centre.now()
    late = centre.look(lambda work: _candidates(work, centre.network, at - timedelta(days=policies.hold_shelf_days)))
    return sum(_expire_one(centre, policies, hold_id, at) for hold_id in late)


def _expire_one(centre: Centre, policies: Policies, hold_id: str, at: datetime) -> bool:
    return centre.carry_out(lambda work: _expire(centre, work, policies, hold_id, at))


def _candidates(work: Connection, network: str, ready_before: datetime) -> list[str]:
    ready = holds.c.closed_at.is_(None) & (holds.c.status == HoldStatus.READY.value)
    wanted = select(holds.c.id).where(holds.c.network == network, ready, holds.c.ready_at < ready_before)
    return list(work.execute(wanted.order_by(holds.c.ready_at, holds.c.id)).scalars())


def _expire(centre: Centre, work: Connection, policies: Policies, hold_id: str, at: datetime) -> bool:
    facts = Facts(work, centre.network)
    ours = select(holds).where(holds.c.network == centre.network, holds.c.id == hold_id)
    title = work.execute(ours).one().title
    facts.lock_copies(of_titles=[title])
    row = work.execute(ours).one()
    today: date = policies.day_of(at)
    is_ready = row.closed_at is None and row.status == HoldStatus.READY.value and row.ready_at is not None
    if not is_ready or today <= kept_until(policies, BranchId(row.pickup), row.ready_at):
        return False
    one = queued(row)
    end_hold(facts, policies, one, Ending(EXPIRED, at))
    return True
