"""One card on one slot, asked who it is: drives a scheme of `kiosk.ecard` over PC/SC in bounded time."""

import logging
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
from kiosk.ecard.ev2 import NotProven
from kiosk.ecard.schemes import KeyRing, Scheme

logger = logging.getLogger(__name__)

PATIENCE = 1.2
"""Seconds a card that stumbles is tried again: pcscd refuses one for up to 1 s after others used it."""
LONGEST_TALK = 2.0
"""Seconds one whole conversation may take; a good card takes 0.1. Time in which the keys are asked does not count."""
BETWEEN_TRIES = 0.05


def read_card(context: Context, slot: str, scheme: Scheme, ring: KeyRing) -> CardIdentity | CardFault:
    """Find out whose card lies on *slot*.

    A card that stumbles while it lies there is read again from the start: a torn conversation is never
    continued, for another card may lie there now. Told apart by what the person should do: TORN - the card
    has left, hold it still; UNREADABLE - it lies there and makes no sense; NOT_PROVEN - it should hold a key and does
    not. A failed proof is never tried again by itself: each costs the card a life. Raises: ServiceGone.
    """
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            with connected_to_card(context, slot) as card:
                return _converse(card, scheme, ring)
        except (CardGone, SlotGone):
            return CardFault.TORN
        except NotProven as why:
            logger.warning("a card on %s did not prove itself: %s", slot, why)
            return CardFault.NOT_PROVEN
        except (CardMute, CardUnusable):
            return CardFault.UNREADABLE
        except (CardBusy, AnswerCut):
            if time.monotonic() > give_up:
                return CardFault.UNREADABLE
        time.sleep(BETWEEN_TRIES)


def _converse(card: CardLine, scheme: Scheme, ring: KeyRing) -> CardIdentity:
    """Carry commands to the card and answers to the scheme until it knows."""
    conversation = scheme(card.atr, ring)
    took = 0.0
    try:
        command = next(conversation)
        while took < LONGEST_TALK:
            began = time.monotonic()
            answer = card.transmit(command)
            took += time.monotonic() - began
            command = conversation.send(answer)
    except StopIteration as known:
        identity: CardIdentity = known.value
        return identity
    conversation.close()
    raise CardUnusable(f"the card took more than {LONGEST_TALK} s")
