"""One line to a system under examination: every byte of it is kept, and nothing is asked twice."""

import time
from dataclasses import dataclass, replace

from kiosk.library.sip2.codec import BadMessage, Received, decode, encode
from kiosk.library.sip2.connection import Connection, Endpoint, NoAnswer
from kiosk.library.sip2.message import Message
from kiosk.library.sip2.profile import LineEnd, Profile
from kiosk.library.sip2.signing_in import Login, answer_prompts


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer: its bytes, what they say, how long it took, in how many pieces it came."""

    raw: bytes
    received: Received
    seconds: float
    pieces: int

    @property
    def message(self) -> Message:
        return self.received.message


class Talk:
    """Asks one thing after the other. `within` is the patience for each, in seconds."""

    def __init__(self, endpoint: Endpoint, profile: Profile, within: float) -> None:
        self._endpoint = endpoint
        self._within = within
        self._connection: Connection | None = None
        self._number = -1
        self._pieces = 0
        self.dialect = profile.dialect()
        self.answers_end = LineEnd.CR
        self.numbered = True
        self.stream = b""
        """Every byte that came, of all connections."""

    def write_as(self, ends_with: LineEnd, *, numbered: bool) -> None:
        """Choose how messages end and whether they are numbered."""
        self.dialect = replace(self.dialect, terminator=ends_with.octets)
        self.numbered = numbered

    def open(self) -> float:
        """Connect anew; gives the seconds it took. Raises: NoAnswer."""
        self.close()
        began = time.monotonic()
        self._connection = Connection.open(
            self._endpoint, self.answers_end.octets, began + self._within, heard=self._keep
        )
        self._number = -1
        return time.monotonic() - began

    def greeting(self, seconds: float) -> bytes:
        """Give what the system says before it is asked, b"" when it waits."""
        return self.line().greeting(seconds)

    def answer_prompts(self, login: Login) -> None:
        """Sign in where the system asks by prompts. Raises: LoginRefused; NoAnswer."""
        answer_prompts(self.line(), login, time.monotonic() + self._within)

    def ask(self, request: Message) -> Heard:
        """Ask, and give the answer, whatever it is. Raises: NoAnswer; UnsendableValue."""
        number = (self._number + 1) % 10 if self.numbered else None
        raw = encode(request, self.dialect, number)
        self._number = number if number is not None else self._number
        self._pieces = 0
        began = time.monotonic()
        self.line().send(raw, began + self._within)
        line = self.line().receive(began + self._within)
        seconds = time.monotonic() - began
        try:
            return Heard(line, decode(line, self.dialect), seconds, self._pieces)
        except BadMessage as err:
            raise NoAnswer(f"it answered what is no message of SIP2 ({err})") from err

    def close(self) -> None:
        """Let go of the line. Never raises."""
        if self._connection is not None:
            self._connection.close()

    def line(self) -> Connection:
        assert self._connection is not None, "opened before it is used"
        return self._connection

    def _keep(self, chunk: bytes) -> None:
        self.stream += chunk
        self._pieces += 1
