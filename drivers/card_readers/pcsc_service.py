"""The PC/SC process: watches the card readers, reads each card, tells it on stdout. Run by `pcsc`.

Why a process: a frozen pcscd or a card that never answers blocks a PC/SC call for ever, and only the end of
the process frees it. This one says something at least every second; silence means it hangs, and its parent
kills it. It ends by itself when its stdin closes, so it does not outlive its parent.

One thread watches and reads, because a context of PC/SC is one lock. It never gives up on the service: it
tries again, first after 0.1 s and then at most every 0.5 s. Any return code nobody expected is answered by
beginning anew. A card that lies there at the beginning is a new card.
"""

import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import NoReturn

from drivers.card_readers.card_talk import read_card
from drivers.card_readers.key_lines import KeyAnswer
from drivers.card_readers.pcsc_calls import (
    MUTE,
    OUT_OF_ORDER,
    PLUG_AND_PLAY,
    PRESENT,
    UNAWARE,
    Context,
    ServiceGone,
    connected_to_service,
    list_card_readers,
    wait_for_change,
)
from drivers.card_readers.pcsc_lines import Beat, Line, NotReady, Ready, to_line
from drivers.card_readers.pcsc_orders import WatchOrders
from drivers.card_readers.piped_keys import PipedKeys
from drivers.card_readers.slot_story import SlotStory
from kiosk.devices import CardFault
from kiosk.ecard.aes import Cipher, CipherOf
from kiosk.ecard.keys import KeysUnavailable
from kiosk.ecard.schemes import SCHEMES, KeyRing

BEAT = 1.0
FIRST_RETRY, LAST_RETRY = 0.1, 0.5

Say = Callable[[Line], None]


class CardWatch:
    """Watches every chosen slot and tells what happens on it, for as long as the process lives."""

    def __init__(self, orders: WatchOrders, say: Say, ring: KeyRing) -> None:
        self._orders = orders
        self._say = say
        self._ring = ring
        self._scheme = SCHEMES[orders.scheme]
        self._stories: dict[str, SlotStory] = {}
        self._cards: dict[str, int] = {}  # per slot, the state its card was seen in: counter and MUTE
        self._readiness: Ready | NotReady | None = None

    def run(self) -> NoReturn:
        retry = FIRST_RETRY
        while True:
            try:
                with connected_to_service() as context:
                    known: dict[str, int] = {}
                    while True:
                        known = self._look(context, known)
                        retry = FIRST_RETRY
            except ServiceGone as gone:
                self._tell_readiness(NotReady(f"{gone}; is pcscd running, and may this account use it?"))
            for slot in list(self._cards):
                self._notice_empty(slot)
            self._beat()
            time.sleep(retry)
            retry = min(2 * retry, LAST_RETRY)

    def _look(self, context: Context, known: dict[str, int]) -> dict[str, int]:
        """Wait for one round of changes and tell them; say what is known now. Raises: ServiceGone."""
        listed = self._orders.choose(list_card_readers(context))
        known = {name: known.get(name, UNAWARE) for name in (*listed, PLUG_AND_PLAY)}
        for slot in self._cards.keys() - known.keys():
            self._notice_empty(slot)
        if not listed:  # tell it before waiting for one to be plugged in
            self._tell_readiness(self._judge(listed, known))
        changed = wait_for_change(context, self._pause(), known)
        first_seen = {name for name, state in known.items() if state == UNAWARE}
        known |= changed
        self._tell_readiness(self._judge(listed, known))
        for slot in changed.keys() - {PLUG_AND_PLAY}:
            self._follow(context, slot, changed[slot], lay_there=slot in first_seen)
        self._beat()
        return known

    def _follow(self, context: Context, slot: str, state: int, *, lay_there: bool) -> None:
        """Tell what the new state of a slot means; a card in the first look at a slot lay there before."""
        if not state & PRESENT or state & OUT_OF_ORDER:
            self._notice_empty(slot)
            return
        card = state & (0xFFFF0000 | MUTE)
        if self._cards.get(slot) == card:
            return  # the same card in the hands of another program, or powered down
        self._notice_empty(slot)
        self._cards[slot] = card
        found = CardFault.UNREADABLE if state & MUTE else read_card(context, slot, self._scheme, self._ring)
        for change in self._story(slot).came(found, lay_there=lay_there):
            self._say(change)

    def _notice_empty(self, slot: str) -> None:
        if self._cards.pop(slot, None) is not None:
            for change in self._story(slot).left(time.monotonic()):
                self._say(change)

    def _story(self, slot: str) -> SlotStory:
        return self._stories.setdefault(slot, SlotStory(slot, self._orders.settle))

    def _beat(self) -> None:
        """Show life, and tell the lifts that have lasted."""
        self._say(Beat())
        for story in self._stories.values():
            for change in story.pass_time(time.monotonic()):
                self._say(change)

    def _pause(self) -> float:
        waits = (story.wait(time.monotonic()) for story in self._stories.values())
        return max(0.001, min((BEAT, *(wait for wait in waits if wait is not None))))

    def _judge(self, listed: list[str], known: dict[str, int]) -> Ready | NotReady:
        slots = tuple(name for name in listed if not known[name] & OUT_OF_ORDER)
        missing = self._orders.find_missing(slots)
        if slots:
            return Ready(slots, missing)
        wanted = " or ".join(missing) or "any card reader"
        seen = f"out of order: {', '.join(listed)}" if listed else "none is plugged in"
        return NotReady(f"the PC/SC service has no card reader to use ({seen}; looked for {wanted})")

    def _tell_readiness(self, readiness: Ready | NotReady) -> None:
        if readiness != self._readiness:
            self._readiness = readiness
            self._say(readiness)


def _hear_parent(keys: PipedKeys) -> None:
    """Pass the answers about keys on; end this process, whatever it hangs in, when the parent's end of stdin closes."""
    with open(0, "rb", closefd=False) as stdin:
        for line in stdin:
            keys.hear(KeyAnswer.from_line(line))
    os._exit(0)


def main() -> NoReturn:
    logging.basicConfig(format="pcsc: %(message)s")
    keys = PipedKeys(_say, lambda: _say(Beat()))
    threading.Thread(target=_hear_parent, args=(keys,), name="parent", daemon=True).start()
    orders = WatchOrders.from_json(sys.argv[1])
    CardWatch(orders, _say, KeyRing(keys, _ciphers_for(orders.scheme))).run()


def _ciphers_for(scheme: str) -> CipherOf:
    """Bring the ciphers along where cards prove themselves; elsewhere nobody waits for them to be imported."""
    if scheme != "proven":
        return _no_cipher
    from drivers.key_stores.aes import SoftwareCipher  # noqa: PLC0415 - only where it is used

    return SoftwareCipher


def _no_cipher(_key: bytes) -> Cipher:
    raise KeysUnavailable("this card reader asks no card for a proof")


def _say(said: Line) -> None:
    _write(to_line(said))


def _write(line: bytes) -> None:
    try:
        os.write(1, line)  # whole: a line is far shorter than a pipe takes at once
    except BrokenPipeError:
        os._exit(0)


if __name__ == "__main__":
    main()
