"""What 18, 12, 10, 30 and 16 say of a copy, as the station understands it."""

from datetime import tzinfo

from kiosk.circulation.model import ItemId
from kiosk.library.remote.system import HoldSaid, ItemSeen, LoanSaid, RenewalSaid, ReturnSaid
from kiosk.library.sip2.codes import ON_LOAN, AlertType, CirculationStatus, count_of
from kiosk.library.sip2.dates import read_day
from kiosk.library.sip2.fields import Field
from kiosk.library.sip2.message import Message
from kiosk.library.sip2.money import read_money
from kiosk.library.sip2.people import words_of
from kiosk.library.sip2.profile import Profile

CODE_LETTERS = 4
"""Letters of a card number a slip for staff shows."""
_YES = ("1", "Y", "y")
_NOT_TOLD = frozenset({CirculationStatus.OTHER, CirculationStatus.LOST, CirculationStatus.MISSING})
_HELD = frozenset({AlertType.HOLD_HERE, AlertType.HOLD_ELSEWHERE})
_TRAVELS = frozenset({AlertType.HOLD_ELSEWHERE, AlertType.TRANSFER})


def title_of(said: Message) -> str:
    """Give the title, without the sign a catalogue puts before the author."""
    return said.text(Field.TITLE).rstrip(" /:;,")


def item_seen(said: Message, item: ItemId, profile: Profile, zone: tzinfo) -> ItemSeen:
    """Read 18. A copy without a title in no known state is one nobody knows: Koha and Evergreen answer so."""
    title = title_of(said)
    status = _status(said["circulation_status"])
    due = said.text(Field.DUE)
    if status in ON_LOAN:
        on_loan: bool | None = True
    elif status not in _NOT_TOLD:
        on_loan = False
    else:
        on_loan = True if due else None
    return ItemSeen(
        item=item,
        known=bool(title) or status is not CirculationStatus.OTHER,
        title=title,
        on_loan=on_loan,
        due=read_day(due, profile.day_order, zone),
        home=said.text(Field.HOME) or said.text(Field.OWNER),
        waited_for=count_of(said.text(Field.HOLD_QUEUE_LENGTH)) or 0,
        said=words_of(said, profile),
    )


def _status(code: str) -> CirculationStatus:
    return (
        CirculationStatus(code) if code in {status.value for status in CirculationStatus} else CirculationStatus.OTHER
    )


def loan_said(said: Message, item: ItemId, profile: Profile, zone: tzinfo) -> LoanSaid:
    """Read 12. The copy may leave where the system has its bit cleared (desensitize Y) and does not forbid it (CI)."""
    clears = said["desensitize"].upper()
    may_leave = clears == "Y" or (clears != "N" and profile.unsure_unlocks)
    lent = said["ok"] in _YES
    words = words_of(said, profile)
    fee = read_money(said.text(Field.FEE_AMOUNT))
    if not lent and fee and not words:  # Koha: a copy that costs something is refused without a word
        words = (f"{fee} {said.text(Field.CURRENCY)}".strip(),)
    return LoanSaid(
        lent=lent,
        item=item,
        title=title_of(said),
        due=read_day(said.text(Field.DUE), profile.day_order, zone),
        due_text=said.text(Field.DUE),
        may_leave=lent and may_leave and said.text(Field.SECURITY_INHIBIT).upper() != "Y",
        renewed=lent and said["renewal_ok"].upper() == "Y",
        said=words,
    )


def return_said(said: Message, item: ItemId, profile: Profile, location: str) -> ReturnSaid:
    """Read 10. An alert type without the alert flag is one, and the other way round.

    The holder's name (DA) is not read: Koha puts telephone and e-mail into it.
    """
    alert_type = said.text(Field.ALERT_TYPE)
    destination = said.text(Field.DESTINATION)
    if not destination and alert_type in _TRAVELS:
        destination = said.text(Field.HOME)
    held_for = said.text(Field.HOLD_PATRON)
    return ReturnSaid(
        taken=said["ok"] in _YES,
        item=item,
        title=title_of(said),
        destination="" if destination == location else destination,
        held=alert_type in _HELD or bool(held_for),
        hold_code=held_for[-CODE_LETTERS:],
        alert=said["alert"].upper() == "Y" or alert_type not in ("", AlertType.UNKNOWN),
        said=words_of(said, profile),
    )


def renewal_said(said: Message, item: ItemId, profile: Profile, zone: tzinfo) -> RenewalSaid:
    """Read 30."""
    due = said.text(Field.DUE)
    day = read_day(due, profile.day_order, zone)
    return RenewalSaid(said["ok"] in _YES, item, day, due, words_of(said, profile))


def hold_said(said: Message, profile: Profile) -> HoldSaid:
    """Read 16."""
    return HoldSaid(
        accepted=said["ok"] in _YES,
        place=count_of(said.text(Field.QUEUE_POSITION)),
        available=said["available"].upper() == "Y",
        said=words_of(said, profile),
    )
