"""Answers what the PC/SC process asks of the keys, and spares cards that fail: each wrong key costs a card a life.

An NTAG 424 DNA rests after 50 wrong keys in a row and locks the key for good after 1000, so a card that failed three
times within a minute is not asked again for that long: the fault may be the station's.
"""

import time
from collections import deque
from collections.abc import Callable

from drivers.card_readers.key_lines import BeginProof, CheckSun, FinishProof, KeyAnswer, KeyQuestion, Verdict
from kiosk.ecard.ev2 import NotProven
from kiosk.ecard.keys import CardKeys, KeyRole, KeysUnavailable, Proving
from kiosk.ecard.sun import COUNTER_SIZE

MOST_FAILURES = 3
WITHIN = 60.0


class KeyClerk:
    """One at a time: a handshake that was begun and not finished is a failure of its card."""

    def __init__(self, keys: CardKeys, clock: Callable[[], float] = time.monotonic) -> None:
        self._keys = keys
        self._clock = clock
        self._proving: Proving | None = None
        self._uid = ""
        self._failed: deque[tuple[float, str]] = deque()

    def answer(self, question: KeyQuestion) -> KeyAnswer:
        """Answer, whatever the keys' store says."""
        number = question.number
        try:
            return KeyAnswer(number, Verdict.GOOD, self._work(question))
        except NotProven as refused:
            return KeyAnswer(number, Verdict.NOT_PROVEN, why=str(refused))
        except (KeysUnavailable, ValueError) as why:
            return KeyAnswer(number, Verdict.UNAVAILABLE, why=str(why))

    def _work(self, question: KeyQuestion) -> bytes:
        match question:
            case BeginProof(_, role, uid, challenge):
                return self._begin(KeyRole(role), uid, challenge)
            case FinishProof(_, proof):
                return self._finish(proof)
            case CheckSun(_, url):
                facts = self._keys.check_sun(url)
                return (facts.uid or b"") + (facts.counter or 0).to_bytes(COUNTER_SIZE, "little")

    def _begin(self, role: KeyRole, uid: str, challenge: bytes) -> bytes:
        now = self._clock()
        while self._failed and self._failed[0][0] <= now - WITHIN:
            self._failed.popleft()
        if sum(failed == uid for _, failed in self._failed) >= MOST_FAILURES:
            raise NotProven(f"this card failed {MOST_FAILURES} times within a minute; it is let rest")
        proving = self._keys.begin(role, uid, challenge)
        self._proving, self._uid = proving, uid
        self._failed.append((now, uid))  # until it has proved itself
        return proving.command

    def _finish(self, proof: bytes) -> bytes:
        proving, self._proving = self._proving, None
        if proving is None:
            raise KeysUnavailable("no handshake was begun")
        keys = proving.finish(proof)
        self._failed.pop()
        return keys.to_bytes()
