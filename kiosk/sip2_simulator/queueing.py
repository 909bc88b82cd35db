"""The simulated library's rules for holds and payments. Called under the library's lock."""

from dataclasses import dataclass, replace
from decimal import Decimal

from kiosk.circulation.model import BranchId, ItemId, TitleId
from kiosk.sip2_simulator.holdings import OpenHold, Volume
from kiosk.sip2_simulator.lending import blocks_of
from kiosk.sip2_simulator.outcomes import Block, HoldOutcome, No
from kiosk.sip2_simulator.shelves import Shelves

SPECIFIC_COPY = "3"  # BY: hold type


@dataclass(frozen=True, slots=True)
class HoldWish:
    """A wish for a title, named by one of its copies or by its number. `fees_matter`: too high a debt refuses it."""

    card: str
    item: str = ""
    title: str = ""
    pickup: str = ""
    kind: str = "2"
    fees_matter: bool = True


def wanted(shelves: Shelves, wish: HoldWish) -> Volume | None:
    """Find the copy a wish names, or any copy of the title it names."""
    if wish.item:
        return shelves.volumes.get(ItemId(wish.item))
    return next(iter(shelves.copies_of(TitleId(wish.title))), None)


def place(shelves: Shelves, wish: HoldWish) -> HoldOutcome:
    """Put a patron into a queue. Asking twice is two places, as in Koha; nobody is asked whether that is wise."""
    member, volume = shelves.member(wish.card), wanted(shelves, wish)
    if member is None or volume is None:
        return HoldOutcome(member, volume, No.PATRON_UNKNOWN if member is None else No.ITEM_UNKNOWN)
    blocks = set(blocks_of(shelves, member)) - ({Block.FEES} if not wish.fees_matter else set())
    if blocks:
        return HoldOutcome(member, volume, No.HOLD_FEES if blocks == {Block.FEES} else No.PATRON_BLOCKED)
    item = volume.item if wish.kind == SPECIFIC_COPY else None
    hold = OpenHold(member.card, volume.title_id, BranchId(wish.pickup or volume.home), item)
    shelves.holds.append(hold)
    shelves.note("hold", member.card, volume.item)
    available = any(copy.item not in shelves.loans for copy in shelves.copies_of(volume.title_id))
    return HoldOutcome(member, volume, None, len(shelves.queue(volume)), available)


def cancel(shelves: Shelves, wish: HoldWish, *, of_titles: bool) -> HoldOutcome:
    """Take a patron out of a queue; *of_titles* is False where only a hold on this very copy can be cancelled."""
    member, volume = shelves.member(wish.card), wanted(shelves, wish)
    if member is None or volume is None:
        return HoldOutcome(member, volume, No.PATRON_UNKNOWN if member is None else No.ITEM_UNKNOWN)
    own = _own(shelves, member.card, volume, of_titles=of_titles)
    if own is None:
        return HoldOutcome(member, volume, No.NO_SUCH_HOLD)
    shelves.holds.remove(own)
    shelves.note("unhold", member.card, volume.item)
    return HoldOutcome(member, volume)


def change(shelves: Shelves, wish: HoldWish) -> HoldOutcome:
    """Let a patron fetch the copy at another branch."""
    member, volume = shelves.member(wish.card), wanted(shelves, wish)
    if member is None or volume is None:
        return HoldOutcome(member, volume, No.PATRON_UNKNOWN if member is None else No.ITEM_UNKNOWN)
    own = _own(shelves, member.card, volume, of_titles=True)
    if own is None:
        return HoldOutcome(member, volume, No.NO_SUCH_HOLD)
    shelves.holds[shelves.holds.index(own)] = moved = replace(own, pickup=BranchId(wish.pickup))
    return HoldOutcome(member, volume, None, shelves.queue(volume).index(moved) + 1)


def _own(shelves: Shelves, card: str, volume: Volume, *, of_titles: bool) -> OpenHold | None:
    mine = (hold for hold in shelves.queue(volume) if hold.card == card)
    return next((hold for hold in mine if of_titles or volume.item in {hold.item, hold.aside}), None)


def pay(shelves: Shelves, card: str, amount: Decimal, *, number: str = "", too_much: bool = False) -> No | None:
    """Take a payment; *number* names the fee it is for. *too_much*: what nobody owes is taken too, as a credit."""
    member = shelves.member(card)
    if member is None:
        return No.PATRON_UNKNOWN
    fees = {str(fee.number): fee for fee in shelves.fees.get(member.card, [])}
    if number and number not in fees:
        return No.NO_SUCH_FEE
    if not too_much and amount > max(shelves.balance(member.card), Decimal(0)):
        return No.TOO_MUCH_PAID
    if amount < 0:
        shelves.charge(member.card, "", -amount)
    else:
        shelves.pay_off(member.card, amount, int(number) if number else None)
    shelves.note("pay", member.card, amount=amount)
    return None
