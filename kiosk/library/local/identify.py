"""Who holds this card, and may the station serve them? Decides nothing about books."""

from kiosk.circulation.model import CardStatus, CategoryPolicy, Patron, Reason, Refusal
from kiosk.circulation.rules import card_reasons, patron_blocks
from kiosk.devices import CardIdentity
from kiosk.library.local.desk import Desk, PinNeed
from kiosk.library.port import Identified, Unwelcome
from kiosk.store.patrons import Card

GROWN_UP = 18
_STATUS_REASONS = {CardStatus.LOST: Refusal.CARD_LOST, CardStatus.BLOCKED: Refusal.CARD_BLOCKED}


def identify(desk: Desk, shown: CardIdentity) -> Identified | Unwelcome:
    """Find the patron by the card's number, else by its UID.

    A card that may not be served says why and nothing of its patron; a lost one says only that it is lost.
    """
    card = desk.work.patrons.card(shown.number, shown.uid)
    patron = None if card is None else desk.work.patrons.by_id(card.patron)
    if card is None or patron is None:
        return Unwelcome((Reason(Refusal.CARD_UNKNOWN),))
    if reasons := _objections(desk, card, patron):
        return Unwelcome(reasons)
    pin_needed = _needs_pin(desk, shown, patron)
    if pin_needed and desk.work.patrons.pin(patron.id) is None:
        # a copied card would open this account, and nothing typed here could prove otherwise: staff set a PIN
        return Unwelcome((Reason(Refusal.NO_PIN),))
    category = desk.rules.policy.categories.get(patron.category)
    loans = desk.loans_of(patron.id)
    return Identified(
        patron=patron.id,
        given_name=patron.given_name,
        family_name=patron.family_name,
        child=category is not None and category.child,
        pin_needed=pin_needed,
        language=patron.language,
        blocks=patron_blocks(patron, loans, desk.rules.policy, desk.today),
        age_group=_age_group(category),
        mail=patron.mail,
    )


def _age_group(category: CategoryPolicy | None) -> str:
    """Say child, youth or adult by the category's own words, never by a birth date."""
    if category is None:
        return "adult"
    if category.child:
        return "child"
    return "youth" if category.age_from < GROWN_UP else "adult"


def _objections(desk: Desk, card: Card, patron: Patron) -> tuple[Reason, ...]:
    """Say why this card is not served. The card's own standing counts first: a patron may hold a newer one."""
    if card.status is not CardStatus.ACTIVE:
        return (Reason(_STATUS_REASONS[card.status]),)
    reasons = card_reasons(patron, desk.today)
    lost = tuple(reason for reason in reasons if reason.refusal is Refusal.CARD_LOST)
    return lost or reasons


def _needs_pin(desk: Desk, shown: CardIdentity, patron: Patron) -> bool:
    match desk.rules.pin.needed:
        case PinNeed.ALWAYS:
            return True
        case PinNeed.UNPROVEN:
            return patron.pin_needed or not shown.proven
        case PinNeed.NEVER:
            return patron.pin_needed or shown.printed
