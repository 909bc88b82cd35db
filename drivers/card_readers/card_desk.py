"""One card at a time at a desk: waits for a card on any card reader and holds a conversation with it. For staff.

Straight on PC/SC, in the caller's thread: somebody sits there, and Ctrl-C ends it.
"""

import time
from collections.abc import Callable, Generator
from typing import TypeVar

from drivers.card_readers.pcsc_calls import (
    MUTE,
    OUT_OF_ORDER,
    PRESENT,
    UNAWARE,
    CardGone,
    Context,
    PcscError,
    connected_to_card,
    list_card_readers,
    wait_for_change,
)
from kiosk.devices import DeviceLost
from kiosk.ecard.apdu import AnswerCut, carry

LOOK_EVERY = 0.5
Known = TypeVar("Known")
Talk = Callable[[bytes], Generator[bytes, bytes, Known]]


class CardDesk:
    """The card readers of this computer, as long as one card after the other is worked on. *ignore*: words in names.

    Raises: DeviceLost - no service, or no card reader.
    """

    def __init__(self, context: Context, ignore: tuple[str, ...] = (" SAM",)) -> None:
        self._context = context
        self._slots = [name for name in list_card_readers(context) if not any(word in name for word in ignore)]
        if not self._slots:
            raise DeviceLost("no card reader is plugged in; `kiosk devices list` shows what is")
        self._known = dict.fromkeys(self._slots, UNAWARE)

    def await_card(self, within: float) -> str | None:
        """Wait for a card and name its slot; None when none came *within* seconds. Raises: PcscError."""
        until = time.monotonic() + within
        while not (lying := self._lying()):
            if (left := until - time.monotonic()) <= 0:
                return None
            self._known |= wait_for_change(self._context, min(left, LOOK_EVERY), self._known)
        return lying[0]

    def await_empty(self, within: float) -> bool:
        """Wait until every card was taken away. Raises: PcscError."""
        until = time.monotonic() + within
        while self._lying():
            if (left := until - time.monotonic()) <= 0:
                return False
            self._known |= wait_for_change(self._context, min(left, LOOK_EVERY), self._known)
        return True

    def hold(self, slot: str, talk: Talk[Known]) -> Known:
        """Hold a conversation with the card on *slot*: *talk* is given its ATR.

        Raises: CardError and what else the conversation raises; AnswerCut - the card left; DeviceLost.
        """
        try:
            with connected_to_card(self._context, slot) as card:
                return carry(talk(card.atr), card.transmit)
        except CardGone as err:
            raise AnswerCut("the card was taken away in the middle") from err
        except PcscError as err:
            raise DeviceLost(str(err)) from err

    def _lying(self) -> list[str]:
        return [slot for slot, state in self._known.items() if state & PRESENT and not state & (OUT_OF_ORDER | MUTE)]
