"""Who is at the catalogue page: card number and PIN, counted as at a station, told as little as possible.

A card nobody has, a patron without a PIN and a wrong PIN take the same time and get the same answer.
"""

from datetime import datetime

from sqlalchemy import Connection, select, update

from kiosk.central.centre import Centre
from kiosk.central.changes import touch
from kiosk.central.circulation.answers import NoEntry, NotServed, SignedIn, SignInAnswer
from kiosk.central.circulation.facts import Facts, Shown
from kiosk.central.policies import Policies
from kiosk.central.tables import pins
from kiosk.circulation.model import CardStatus, Patron, PatronId, Reason, Refusal
from kiosk.circulation.rules import card_reasons
from kiosk.library.local.desk import PinRules
from kiosk.library.local.pin_checks import counted, judged
from kiosk.library.port import PinLocked, PinWrong
from kiosk.store.patrons import Pin
from kiosk.wire.messages import Kind

_STATUS_REASONS = {CardStatus.LOST: Refusal.CARD_LOST, CardStatus.BLOCKED: Refusal.CARD_BLOCKED}


def sign_in(centre: Centre, policies: Policies, card_number: str, pin: str) -> SignInAnswer:
    """Say whether whoever typed this may see the account. Raises: CentreUnavailable - and then no try was used up.

    The try is counted durably before the PIN is verified. Why a card may not be served is said after a right PIN only.
    """
    at = centre.now()
    shown, tried = centre.carry_out(lambda work: _count_try(Facts(work, centre.network), policies.pin, card_number, at))
    if isinstance(tried, PinLocked):
        return NoEntry(tried.minutes)
    verdict = judged(tried, pin, policies.pin, at)
    if isinstance(verdict, PinLocked):
        return NoEntry(verdict.minutes)
    if isinstance(verdict, PinWrong) or shown is None or tried is None:
        return NoEntry()
    renewed = verdict.verifier != tried.verifier
    centre.carry_out(lambda work: _keep(work, centre.network, shown.patron, verdict, told=renewed))
    patron = centre.look(lambda work: Facts(work, centre.network).patron(shown.patron))
    return NoEntry() if patron is None else _served(policies, shown, patron, at)


def still_served(centre: Centre, policies: Policies, patron_id: PatronId) -> Patron | None:
    """Find the patron of a session begun earlier; None when the card is not served any more."""
    patron = centre.look(lambda work: Facts(work, centre.network).patron(patron_id))
    if patron is None or card_reasons(patron, policies.day_of(centre.now())):
        return None
    return patron


def _count_try(facts: Facts, rules: PinRules, number: str, at: datetime) -> tuple[Shown | None, Pin | PinLocked | None]:
    shown = facts.card(number)
    if shown is None:
        return None, None
    patron = facts.patron(shown.patron)
    if patron is None:
        return None, None
    shown = Shown(patron.id, shown.status)  # who took over, where two patrons were one person
    ours = select(pins.c.verifier, pins.c.failures, pins.c.locked_until)
    ours = ours.where(pins.c.network == facts.network, pins.c.patron == patron.id).with_for_update()
    row = facts.connection.execute(ours).one_or_none()
    if row is None:
        return shown, None
    tried = counted(Pin(row.verifier, row.failures, row.locked_until), rules, at)
    if isinstance(tried, Pin):
        _keep(facts.connection, facts.network, patron.id, tried, told=False)
    return shown, tried


def _keep(connection: Connection, network: str, patron: PatronId, pin: Pin, *, told: bool) -> None:
    """Keep a verifier and its tries; stations are *told* of a new verifier, never of tries made here."""
    kept = {"verifier": pin.verifier, "failures": pin.failures, "locked_until": pin.locked_until}
    connection.execute(update(pins).where(pins.c.network == network, pins.c.patron == patron).values(kept))
    if told:
        touch(connection, network, Kind.PATRON, [patron])


def _served(policies: Policies, shown: Shown, patron: Patron, at: datetime) -> SignedIn | NotServed:
    """The card's own standing counts first: a patron may hold a newer one."""
    if shown.status is not CardStatus.ACTIVE:
        return NotServed((Reason(_STATUS_REASONS[shown.status]),))
    reasons = card_reasons(patron, policies.day_of(at))
    return NotServed(reasons) if reasons else SignedIn(patron)
