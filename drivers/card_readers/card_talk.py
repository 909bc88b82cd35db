"""One card on one slot, asked who it is: drives a scheme of `kiosk.ecard` over PC/SC in bounded time."""

import time

from drivers.card_readers.pcsc_calls import (
    CardBusy,
    CardGone,
    CardLine,
    CardMute,
    Context,
    SlotGone,
    connected_to_card,
)
from kiosk.devices import CardFault, CardIdentity
from kiosk.ecard.apdu import AnswerCut, CardUnusable
from kiosk.ecard.schemes import Scheme

PATIENCE = 1.2
"""Seconds a card that stumbles is tried again: pcscd refuses one for up to 1 s after others used it."""
LONGEST_TALK = 2.0
"""Seconds one whole conversation may take; a good card takes 0.1."""
BETWEEN_TRIES = 0.05


def read_card(context: Context, slot: str, scheme: Scheme) -> CardIdentity | CardFault:
    """Find out whose card lies on *slot*.

    A card that stumbles while it lies there is read again from the start: a torn conversation is never
    continued, for another card may lie there now. Told apart by what the person should do: TORN - the card
    has left, hold it still; UNREADABLE - it lies there and makes no sense. Raises: ServiceGone.
    """
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            with connected_to_card(context, slot) as card:
                return _converse(card, scheme)
        except (CardGone, SlotGone):
            return CardFault.TORN
        except (CardMute, CardUnusable):
            return CardFault.UNREADABLE
        except (CardBusy, AnswerCut):
            if time.monotonic() > give_up:
                return CardFault.UNREADABLE
        time.sleep(BETWEEN_TRIES)


def _converse(card: CardLine, scheme: Scheme) -> CardIdentity:
    """Carry commands to the card and answers to the scheme until it knows."""
    give_up = time.monotonic() + LONGEST_TALK
    conversation = scheme(card.atr)
    try:
        command = next(conversation)
        while time.monotonic() < give_up:
            command = conversation.send(card.transmit(command))
    except StopIteration as known:
        identity: CardIdentity = known.value
        return identity
    conversation.close()
    raise CardUnusable(f"the card took more than {LONGEST_TALK} s")
