"""What a station remembers of proofs: a card that proved itself once is never again taken on its word.

A copy of its UID or number on a chip without its key would otherwise be a *claim*, and only a PIN stand before the
account. And a SUN message counts once: its counter must be higher than the last that was accepted.
"""

from dataclasses import replace

from kiosk.circulation.model import Reason, Refusal
from kiosk.devices import CardIdentity
from kiosk.library.local.at_the_desk import AtTheDesk
from kiosk.library.local.desk import Desk
from kiosk.library.port import Unwelcome
from kiosk.store.journal import EventType

_NOT_PROVEN = Unwelcome((Reason(Refusal.CARD_NOT_PROVEN),))


def weigh(desk: AtTheDesk, shown: CardIdentity) -> Unwelcome | None:
    """Say why this card is not believed; None when it may be asked about. What it proved is remembered, durably.

    Raises: LibraryUnreachable.
    """
    if not shown.proven:
        betrayed = shown.asked and desk.look(lambda at: at.work.proofs.knows(shown.uid, shown.number))
        return _NOT_PROVEN if betrayed else _too_old(desk, shown)
    if shown.counter is None and not desk.look(lambda at: _is_news(at, shown)):
        return None
    return None if desk.decide(lambda at: _accept(at, shown)) else _NOT_PROVEN


def named(desk: AtTheDesk, shown: CardIdentity) -> CardIdentity:
    """Add the number to a card that proved its UID only, as SUN messages do, where it proved its number before."""
    if not shown.proven or shown.number is not None:
        return shown
    number = desk.look(lambda at: at.work.proofs.number(shown.uid))
    return replace(shown, number=number)


def _too_old(desk: AtTheDesk, shown: CardIdentity) -> Unwelcome | None:
    """Turn claims away where the branch serves none any more; a card nobody could ask is not to blame."""
    served = desk.look(lambda at: at.rules.claims_served)
    return None if served or not shown.asked else Unwelcome((Reason(Refusal.CARD_TO_REPLACE),))


def _is_news(desk: Desk, shown: CardIdentity) -> bool:
    """Whether this card never proved itself here, or not yet its number."""
    proofs = desk.work.proofs
    learnt = shown.number is not None and proofs.number(shown.uid) != shown.number
    return learnt or not proofs.knows(shown.uid, None)


def _accept(desk: Desk, shown: CardIdentity) -> bool:
    proofs = desk.work.proofs
    last = proofs.counter(shown.uid)
    if shown.counter is not None and last is not None and shown.counter <= last:
        return False
    if _is_news(desk, shown):
        # told once, so that the network knows which cards are left to replace
        desk.work.journal.record(EventType.CARD_PROVEN, {"uid": shown.uid, "number": shown.number})
    proofs.remember(shown.uid, shown.number, shown.counter, desk.work.moment.at)
    return True
