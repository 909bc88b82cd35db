"""The simulated library's own rules for lending, renewing and taking back: simple, real, and not the station's.

Every function changes the shelves only when it says yes. Called under the library's lock.
"""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from decimal import Decimal

from kiosk.circulation.model import BranchId, CardNumber, ItemId
from kiosk.sip2_simulator.holdings import Condition, Member, OpenHold, OpenLoan, Volume
from kiosk.sip2_simulator.outcomes import Block, Errand, LoanOutcome, No, ReturnOutcome
from kiosk.sip2_simulator.shelves import Shelves

END_OF_DAY = time(23, 59)


@dataclass(frozen=True, slots=True)
class LoanWish:
    """A wish to borrow. `renews_own`: a copy the patron has already is renewed rather than refused."""

    card: str
    item: str
    fee_accepted: bool = False
    renews_own: bool = True


def blocks_of(shelves: Shelves, member: Member) -> tuple[Block, ...]:
    """Say why a patron gets nothing; empty for one who does."""
    today = shelves.clock().date()
    found = {
        Block.STAFF: bool(member.block),
        Block.EXPIRED: member.expires is not None and member.expires < today,
        Block.CARD_LOST: member.card_lost,
        Block.NO_ADDRESS: member.no_address,
        Block.FEES: shelves.balance(member.card) > shelves.terms_of(member).max_fees,
    }
    return tuple(block for block, there in found.items() if there)


def checkout(shelves: Shelves, wish: LoanWish) -> LoanOutcome:
    """Lend a copy, or renew it where the wish says so and the patron has it already."""
    member, volume = shelves.member(wish.card), shelves.volumes.get(ItemId(wish.item))
    if member is None or volume is None:
        return LoanOutcome(member, volume, refusal=No.PATRON_UNKNOWN if member is None else No.ITEM_UNKNOWN)
    if blocks_of(shelves, member):
        return LoanOutcome(member, volume, refusal=No.PATRON_BLOCKED)
    loan = shelves.loans.get(volume.item)
    if loan is not None and loan.card == member.card:
        if not wish.renews_own:
            return LoanOutcome(member, volume, loan, refusal=No.ALREADY_YOURS)
        return _extend(shelves, member, volume, loan)
    if (refusal := _refusal(shelves, member, volume, wish)) is not None:
        return LoanOutcome(member, volume, refusal=refusal)
    return LoanOutcome(member, volume, lend(shelves, member, volume))


def lend(shelves: Shelves, member: Member, volume: Volume) -> OpenLoan:
    """Lend, whatever the rules say: the copy leaves the shelf, its hold ends, its rental is owed."""
    now = shelves.clock()
    due = now.date() + timedelta(days=shelves.terms_of(member).days)
    loan = OpenLoan(volume.item, member.card, datetime.combine(due, END_OF_DAY), lent_at=now)
    shelves.loans[volume.item] = loan
    shelves.travels.pop(volume.item, None)
    own = next((hold for hold in shelves.queue(volume) if hold.card == member.card), None)
    if own is not None:
        shelves.holds.remove(own)
    if volume.rental:
        shelves.charge(member.card, "Rental", volume.rental)
    shelves.note("lend", member.card, volume.item)
    return loan


def _refusal(shelves: Shelves, member: Member, volume: Volume, wish: LoanWish) -> No | None:
    queue = shelves.queue(volume)
    kept = any(volume.item in {hold.aside, hold.item} for hold in queue)
    tests = {
        No.ON_LOAN_TO_ANOTHER: volume.item in shelves.loans,
        No.RESERVED: kept and all(hold.card != member.card for hold in queue),
        No.NOT_FOR_LOAN: volume.condition is Condition.NOT_FOR_LOAN,
        No.WITHDRAWN: volume.condition is Condition.WITHDRAWN,
        No.TOO_MANY: len(shelves.loans_of(member.card)) >= shelves.terms_of(member).max_loans,
        No.FEE_FIRST: bool(volume.rental) and not wish.fee_accepted,
    }
    return next((refusal for refusal, holds in tests.items() if holds), None)


def renew(shelves: Shelves, card: str, item: str) -> LoanOutcome:
    """Renew one loan. A copy that costs something is renewed at the desk only."""
    member, volume = shelves.member(card), shelves.volumes.get(ItemId(item))
    if member is None:
        return LoanOutcome(None, None, refusal=No.PATRON_UNKNOWN)
    loan = shelves.loans.get(ItemId(item))
    if volume is None or loan is None or loan.card != member.card:
        return LoanOutcome(member, None, refusal=No.NOT_ON_LOAN_TO_YOU)
    if blocks_of(shelves, member):
        return LoanOutcome(member, volume, refusal=No.PATRON_BLOCKED)
    if any(hold.card != member.card for hold in shelves.queue(volume)):
        return LoanOutcome(member, volume, refusal=No.OTHERS_WAIT)
    if volume.rental:
        return LoanOutcome(member, volume, refusal=No.FEE_FIRST)
    return _extend(shelves, member, volume, loan)


def _extend(shelves: Shelves, member: Member, volume: Volume, loan: OpenLoan) -> LoanOutcome:
    terms = shelves.terms_of(member)
    if loan.renewals >= terms.max_renewals:
        return LoanOutcome(member, volume, refusal=No.RENEWALS_USED_UP)
    longer = replace(loan, due=loan.due + timedelta(days=terms.days), renewals=loan.renewals + 1)
    shelves.loans[volume.item] = longer
    shelves.note("renew", member.card, volume.item)
    return LoanOutcome(member, volume, longer, renewed=True)


def checkin(shelves: Shelves, item: str, branch: BranchId, returned: datetime) -> ReturnOutcome | None:
    """Take a copy back at *branch*; None for one that is in no list."""
    volume = shelves.volumes.get(ItemId(item))
    if volume is None:
        return None
    loan = shelves.loans.pop(volume.item, None)
    if loan is not None:
        _charge_for_being_late(shelves, loan, returned)
    shelves.note("return", loan.card if loan else None, volume.item)
    was_travelling = volume.item in shelves.travels
    outcome = _errand(shelves, volume, branch, loan.card if loan else None)
    shelves.travels.pop(volume.item, None)
    if outcome.destination is not None and outcome.destination != branch:
        shelves.travels[volume.item] = outcome.destination
    return replace(outcome, was_travelling=was_travelling)


def undo_loan(shelves: Shelves, item: str) -> None:
    """Take a loan back as if it had not been: no lateness, no rental."""
    volume, loan = shelves.volumes.get(ItemId(item)), shelves.loans.pop(ItemId(item), None)
    if volume is None or loan is None:
        return
    if volume.rental:
        shelves.pay_off(loan.card, volume.rental)
    shelves.note("undo", loan.card, volume.item)


def _charge_for_being_late(shelves: Shelves, loan: OpenLoan, returned: datetime) -> None:
    member = shelves.members[loan.card]
    days = (returned.date() - loan.due.date()).days
    fee = shelves.terms_of(member).fee_per_day_late * days
    if fee > Decimal(0):
        shelves.charge(loan.card, f"Overdue: {shelves.volumes[loan.item].title}", fee)


def _errand(shelves: Shelves, volume: Volume, branch: BranchId, was_with: CardNumber | None) -> ReturnOutcome:
    hold = next(iter(shelves.queue(volume)), None)
    if hold is not None:
        shelves.holds[shelves.holds.index(hold)] = aside = replace(hold, aside=volume.item)
        return _for_a_hold(shelves, volume, branch, was_with, aside)
    if volume.condition is Condition.WITHDRAWN:
        return ReturnOutcome(volume, was_with, Errand.OTHER)
    if volume.home != branch:
        return ReturnOutcome(volume, was_with, Errand.TRANSFER, volume.home)
    return ReturnOutcome(volume, was_with)


def _for_a_hold(
    shelves: Shelves, volume: Volume, branch: BranchId, was_with: CardNumber | None, hold: OpenHold
) -> ReturnOutcome:
    errand = Errand.HOLD_HERE if hold.pickup == branch else Errand.HOLD_ELSEWHERE
    return ReturnOutcome(volume, was_with, errand, hold.pickup, hold, shelves.members.get(hold.card))
