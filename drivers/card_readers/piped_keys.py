"""The keys of cards, as the PC/SC process has them: it asks the station's process, which holds them."""

import queue
import time
from collections.abc import Callable
from dataclasses import dataclass

from drivers.card_readers.key_lines import BeginProof, CheckSun, FinishProof, KeyAnswer, KeyQuestion, Verdict
from kiosk.ecard.ev2 import NotProven, SessionKeys
from kiosk.ecard.keys import KeyRole, KeysUnavailable, Proving
from kiosk.ecard.sun import COUNTER_SIZE, SunFacts, SunRefused

ANSWER_WITHIN = 4.0
"""Seconds one answer may take: the centre may be asked, and it may be silent."""


class PipedKeys:
    """Asks by *say*, hears by `hear` from another thread. *beat* is called while it waits, at least every second."""

    def __init__(self, say: Callable[[KeyQuestion], None], beat: Callable[[], None]) -> None:
        self._say = say
        self._beat = beat
        self._heard: queue.SimpleQueue[KeyAnswer] = queue.SimpleQueue()
        self._asked = 0

    def hear(self, answer: KeyAnswer) -> None:
        self._heard.put(answer)

    def begin(self, role: KeyRole, uid: str, challenge: bytes, /) -> Proving:
        return _PipedProving(self, self.ask(lambda number: BeginProof(number, role.value, uid, challenge), NotProven))

    def check_sun(self, url: str, /) -> SunFacts:
        told = self.ask(lambda number: CheckSun(number, url), SunRefused)
        return SunFacts(told[:-COUNTER_SIZE], int.from_bytes(told[-COUNTER_SIZE:], "little"))

    def ask(self, question: Callable[[int], KeyQuestion], refused: type[NotProven]) -> bytes:
        """Ask one question and wait for its answer. Raises: NotProven, as *refused*; KeysUnavailable."""
        self._asked += 1
        self._say(question(self._asked))
        answer = self._await(self._asked)
        match answer.verdict:
            case Verdict.GOOD:
                return answer.data
            case Verdict.NOT_PROVEN:
                raise refused(answer.why)
            case Verdict.UNAVAILABLE:
                raise KeysUnavailable(answer.why)

    def _await(self, number: int) -> KeyAnswer:
        give_up = time.monotonic() + ANSWER_WITHIN
        while (left := give_up - time.monotonic()) > 0:
            try:
                answer = self._heard.get(timeout=min(left, 1.0))
            except queue.Empty:
                self._beat()
                continue
            if answer.number == number:
                return answer
        raise KeysUnavailable(f"the keys did not answer within {ANSWER_WITHIN:g} s")


@dataclass(frozen=True, slots=True)
class _PipedProving:
    keys: PipedKeys
    command: bytes

    def finish(self, answer: bytes) -> SessionKeys:
        return SessionKeys.from_bytes(self.keys.ask(lambda number: FinishProof(number, answer), NotProven))
