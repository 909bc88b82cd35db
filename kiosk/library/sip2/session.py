"""A conversation: one request, one answer, strictly in turn, with numbers and checksums where the system has them.

    96 came back                the request was not understood: a question is sent once more, with the same number
    checksum of an answer wrong 97 asks for it again, once; its number is not looked at then (Koha gives 0 always)
    ... and comes the same      it was not damaged: the system adds up something nobody knows
    another number              a late answer to something before: thrown away, the wait goes on
    anything else               NoAnswer, and the conversation is over

Source: 3M SIP2 Interface rev. 2.12, "Error detection"; Koha 18.12 on the wire.
"""

import logging
import time
from collections import deque

from kiosk.library.sip2.checksums import Checksum
from kiosk.library.sip2.codec import BadMessage, Received, decode, encode
from kiosk.library.sip2.connection import Connection, NoAnswer
from kiosk.library.sip2.fields import Field
from kiosk.library.sip2.layouts import LAYOUTS, Kind
from kiosk.library.sip2.message import Message, message
from kiosk.library.sip2.profile import ErrorDetection, Profile

log = logging.getLogger(__name__)

MOST_STRAY = 3
"""Answers to something else that are thrown away before the conversation is given up."""


class Session:
    """A conversation over one connection. Used by one thread."""

    def __init__(self, connection: Connection, profile: Profile) -> None:
        self._connection = connection
        self._profile = profile
        self._dialect = profile.dialect()
        self.numbered: bool | None = {ErrorDetection.ON: True, ErrorDetection.OFF: False}.get(profile.error_detection)
        self._number = -1
        self._odd_sums = False
        self._asked: deque[str] = deque(maxlen=8)  # copies asked about before
        self.heard_at = time.monotonic()

    def exchange(self, request: Message, deadline: float, *, repeatable: bool = True) -> Message:
        """Ask, and give the answer. *repeatable*: asked twice it changes nothing.

        Raises: NotSent - the line was gone before; NoAnswer; UnsendableValue - nothing was sent.
        """
        numbered = self.numbered is not False
        number = (self._number + 1) % 10 if numbered else None
        raw = encode(request, self._dialect, number)
        self._connection.drain()
        self._number = number if number is not None else self._number
        deadline = min(deadline, time.monotonic() + self._profile.answer_s)
        self._connection.send(raw, deadline)
        answer = self._answer(request, raw, number, deadline, repeatable=repeatable)
        if self.numbered is None:
            self.numbered = answer.sequence is not None
        log.debug("%r -> %r", request, answer.message)
        self._asked.append(request.text(Field.ITEM))
        self.heard_at = time.monotonic()
        return answer.message

    def _answer(
        self, request: Message, raw: bytes, number: int | None, deadline: float, *, repeatable: bool
    ) -> Received:
        again = asked_again = False
        damaged: Message | None = None
        for _ in range(MOST_STRAY + 3):
            received = self._received(deadline)
            if received.message.kind is Kind.RESEND_REQUEST:
                if again or asked_again or not repeatable:
                    raise NoAnswer("it did not understand the request")
                again = True
                self._connection.send(raw, deadline)
            elif received.checksum is Checksum.WRONG and received.message != damaged:
                if asked_again:
                    raise NoAnswer("its answer came damaged twice")
                asked_again, damaged = True, received.message
                self._connection.send(encode(message(Kind.RESEND_ANSWER), self._dialect, number), deadline)
            elif not asked_again and self._is_late(received, number, request):
                log.info("an answer to an earlier request was thrown away")
            elif received.message.kind is not LAYOUTS[request.kind].answer:
                raise NoAnswer(f"it answered {received.message.kind} to {request.kind}")
            else:
                return received
        raise NoAnswer("it answers something else all the time")

    def _is_late(self, received: Received, number: int | None, request: Message) -> bool:
        """Say whether this answers something asked before: by its number or, without numbers, by the copy it names."""
        if number is not None and received.sequence is not None:
            return received.sequence != number
        named, asked = received.message.text(Field.ITEM), request.text(Field.ITEM)
        return bool(asked) and named not in ("", asked) and named in self._asked

    def _received(self, deadline: float) -> Received:
        line = self._connection.receive(deadline)
        try:
            received = decode(line, self._dialect)
        except BadMessage as err:
            raise NoAnswer(f"it answered what is no message: {err}") from err
        if received.checksum is Checksum.CODE_POINTS and not self._odd_sums:
            self._odd_sums = True
            log.info("the library's system adds up code points, not bytes: taken as it is")
        return received

    def close(self) -> None:
        """Let go of the line. Never raises."""
        self._connection.close()
