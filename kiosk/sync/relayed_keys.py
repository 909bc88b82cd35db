"""The keys of cards, asked of the centre by a station that holds none. A tap is two short questions, signed as all are.

While the centre is silent cards are claims; it is not asked again for a few seconds, so that nobody waits for nothing.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from kiosk.ecard.ev2 import NotProven, SessionKeys
from kiosk.ecard.keys import KeyRole, KeysUnavailable, Proving
from kiosk.ecard.sun import SunFacts, SunRefused
from kiosk.sync.errors import SyncError, Unproven
from kiosk.sync.line import Line
from kiosk.wire.messages import CardAnswer, CardChallenge, SunAddress

AGAIN_AFTER = 5.0

Said = TypeVar("Said")


class RelayedKeys:
    """Asks over a line of its own, opened when the first card wants it. Called from one thread."""

    def __init__(self, open_line: Callable[[], Line], clock: Callable[[], float] = time.monotonic) -> None:
        self._open_line = open_line
        self._clock = clock
        self._line: Line | None = None
        self._silent_until = 0.0

    def begin(self, role: KeyRole, uid: str, challenge: bytes, /) -> Proving:
        wanted = CardChallenge(role=role.value, uid=uid, challenge=challenge.hex())
        said = self.ask(lambda line: line.card_challenge(wanted), NotProven)
        return _RelayedProving(self, said.proof, bytes.fromhex(said.command))

    def check_sun(self, url: str, /) -> SunFacts:
        said = self.ask(lambda line: line.sun(SunAddress(address=url)), SunRefused)
        return SunFacts(bytes.fromhex(said.uid), said.counter)

    def ask(self, question: Callable[[Line], Said], refused: type[NotProven]) -> Said:
        """Ask the centre. Raises: NotProven, as *refused*; KeysUnavailable - silent, or it has no keys."""
        if self._clock() < self._silent_until:
            raise KeysUnavailable("the centre was silent a moment ago")
        try:
            if self._line is None:
                self._line = self._open_line()
            return question(self._line)
        except Unproven as why:
            raise refused(str(why)) from why
        except (SyncError, OSError, ValueError) as why:
            self._silent_until = self._clock() + AGAIN_AFTER
            raise KeysUnavailable(str(why)) from why


@dataclass(frozen=True, slots=True)
class _RelayedProving:
    keys: RelayedKeys
    proof: str
    command: bytes

    def finish(self, answer: bytes) -> SessionKeys:
        wanted = CardAnswer(proof=self.proof, answer=answer.hex())
        return SessionKeys.from_bytes(
            bytes.fromhex(self.keys.ask(lambda line: line.card_answer(wanted), NotProven).session)
        )
