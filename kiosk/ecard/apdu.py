"""Command and response APDUs (ISO/IEC 7816-4, section 5), short lengths only. No card reader, no meaning.

command   CLA INS P1 P2 [Lc DATA...] [Le]          Le 00 asks for all there is, up to 256 bytes
response  [DATA...] SW1 SW2
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Self, TypeVar

Known = TypeVar("Known")

MAX_DATA = 255
ALL = 256  # the Le that is sent as 00

OK = 0x9000
END_OF_FILE = 0x6282
BYTES_WAITING = 0x61  # SW1; SW2 says how many
WRONG_LE = 0x6C  # SW1; SW2 says the right one


class CardError(Exception):
    """A card that lies there could not be understood; the message says at what."""


class AnswerCut(CardError):
    """The answer has no status word: the card was lifted in the middle, or is broken."""


class CardUnusable(CardError):
    """The card answers, and nothing it says is of use: foreign, or damaged. Trying again will not help."""


class MalformedCommand(ValueError):
    """These bytes are no short command APDU; a card answers them with 6700."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command. *le* is how many bytes are wanted: None for none, 256 for all there is."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    le: int | None = None

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Take a short APDU of case 1 to 4 apart. Raises: MalformedCommand - the lengths do not add up."""
        if len(raw) < 4:
            raise MalformedCommand(f"a command has at least 4 bytes, this one has {len(raw)}")
        cla, ins, p1, p2 = raw[:4]
        body = raw[4:]
        if len(body) <= 1:
            return cls(cla, ins, p1, p2, le=(body[0] or ALL) if body else None)
        length, rest = body[0], body[1:]
        if length == 0 or len(rest) not in (length, length + 1):
            raise MalformedCommand(f"Lc says {length} bytes, {len(rest)} follow")
        return cls(cla, ins, p1, p2, rest[:length], (rest[length] or ALL) if len(rest) > length else None)

    def to_bytes(self) -> bytes:
        """Lay the command out for the card. Raises: ValueError - more than 255 bytes of data."""
        if len(self.data) > MAX_DATA:
            raise ValueError(f"a short command carries at most {MAX_DATA} bytes, not {len(self.data)}")
        lc = bytes([len(self.data)]) if self.data else b""
        le = b"" if self.le is None else bytes([self.le % ALL])
        return bytes([self.cla, self.ins, self.p1, self.p2]) + lc + self.data + le


@dataclass(frozen=True, slots=True)
class Response:
    """What came back: the data and the status word, 0x9000 when all is well."""

    status: int
    data: bytes = b""

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Split the status word off. Raises: AnswerCut - fewer than two bytes came."""
        if len(raw) < 2:
            raise AnswerCut(f"the card answered {len(raw)} of at least 2 bytes")
        return cls(int.from_bytes(raw[-2:]), raw[:-2])

    def to_bytes(self) -> bytes:
        return self.data + self.status.to_bytes(2)


def exchange(command: Command) -> Generator[bytes, bytes, Response]:
    """Ask the card one thing and collect the whole answer.

    Follows 6Cxx (ask again with this length) and 61xx (GET RESPONSE fetches the rest): ISO/IEC 7816-4, 5.6.
    A card that says 61xx for ever is ended by the time budget of whoever drives the conversation.
    Raises: AnswerCut.
    """
    response = Response.from_bytes((yield command.to_bytes()))
    if response.status >> 8 == WRONG_LE:
        right = Command(command.cla, command.ins, command.p1, command.p2, command.data, response.status & 0xFF or ALL)
        response = Response.from_bytes((yield right.to_bytes()))
    data = response.data
    while response.status >> 8 == BYTES_WAITING:
        rest = Command(command.cla, 0xC0, 0, 0, le=response.status & 0xFF or ALL)
        response = Response.from_bytes((yield rest.to_bytes()))
        data += response.data
    return Response(response.status, data)


def carry(conversation: Generator[bytes, bytes, Known], answer: Callable[[bytes], bytes]) -> Known:
    """Hold a conversation to its end: each command goes to *answer*, and what comes back is the card's answer."""
    command = next(conversation)
    while True:
        try:
            command = conversation.send(answer(command))
        except StopIteration as known:
            said: Known = known.value
            return said
