"""A virtual e-card: the card's end of the vpcd protocol, for the demo and the tests.

vpcd, a driver of pcscd, is a card reader made of software: the card connects to it over TCP, and being
connected is lying there. Each message is a length (2 bytes, most significant first) and a body.

    to the card     00 power off   01 power on   02 reset   04 tell your ATR   longer: a command APDU
    from the card   the ATR after 04, a response APDU after a command, nothing after the others

The knobs make a bad card of a good one. They may be turned from any thread while the card lies there.
"""

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from drivers.card_readers.card_answers import CardAnswers
from kiosk.circulation.model import CardNumber
from kiosk.ecard.number_file import encode_number_file

PORT = 35963
"""Where vpcd listens as it is packaged."""
ATR = bytes.fromhex("3B8180018080")
"""A card of ISO/IEC 14443-4 type A, as DESFire and NTAG 424 show it."""
CONNECT_WITHIN = 5.0
POWER_OFF, POWER_ON, RESET, TELL_ATR = 0, 1, 2, 4

_quick_ack = getattr(socket, "TCP_QUICKACK", None)  # Linux only


class Chip(Protocol):
    """What answers for a virtual card."""

    uid: bytes
    number: CardNumber | None

    def answer(self, raw: bytes) -> bytes:
        """Answer one command APDU with data and a status word, whatever it is."""
        ...

    def reset(self) -> None:
        """Lose the power."""
        ...


class VirtualCard:
    """One card for one virtual slot. insert() and remove() may be called from any thread.

    Knobs, in force from the next command on:
        delay       seconds each answer takes
        hang        never answer a command until release() or remove()
        tear_at     leave the slot instead of answering the command of this number (1: the first after insert)
        cut_to      send only so many bytes of each answer: 1 is an answer without a status word (vpcd waits
                    for ever when it is sent an answer of 0 bytes)
        on_apdu     told every command (False) and every answer (True), on the card's thread: for who looks on
        atr         what the slot sees; 43 bytes are too long for any card (mute), `00` is no ATR at all
    """

    def __init__(self, port: int = PORT, uid: str = "04A1B2C3D4E5F6", number: str | None = None) -> None:
        self.port = port
        self.atr = ATR
        self.on_apdu: Callable[[bytes, bool], None] = lambda _apdu, _is_answer: None
        self.delay = 0.0
        self.tear_at: int | None = None
        self.cut_to: int | None = None
        self.commands = 0  # received since the last insert
        self.is_hanging = False  # a command waits for its answer now
        self._answers: Chip = CardAnswers(b"")
        self._hangs = False
        self._turned = threading.Condition()  # guards the line and the hanging; told when one of them changes
        self._line: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self.become(uid, number)

    @property
    def is_inserted(self) -> bool:
        return self._line is not None

    @property
    def uid(self) -> str:
        return self._answers.uid.hex().upper()

    @property
    def number(self) -> str | None:
        return self._answers.number

    def become(self, uid: str, number: str | None) -> None:
        """Be another card from the next insert on. Raises: ValueError - no such UID or number on any card."""
        raw = bytes.fromhex(uid)
        if len(raw) not in (4, 7, 8, 10):
            raise ValueError(f"a UID has 4, 7, 8 or 10 bytes; {uid!r} has {len(raw)}")
        if number is not None:
            encode_number_file(CardNumber(number))  # objects to what no card can carry
        self._answers = CardAnswers(raw, None if number is None else CardNumber(number))

    def become_chip(self, chip: Chip) -> None:
        """Be a card with this chip from the next insert on: one that can prove itself, say (`chips`)."""
        self._answers = chip

    def insert(self) -> None:
        """Lay the card on its slot; nothing happens when it lies there. Raises: OSError - no slot listens."""
        with self._turned:
            if self._line is not None:
                return
            self.commands = 0
            line = socket.create_connection(("127.0.0.1", self.port), CONNECT_WITHIN)
            line.settimeout(None)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._line = line
            self._thread = threading.Thread(target=self._lie, args=(line,), name="virtual card", daemon=True)
            self._thread.start()

    def remove(self) -> None:
        """Take the card away; nothing happens when it is away."""
        with self._turned:
            line, self._line = self._line, None
            thread, self._thread = self._thread, None
            self._turned.notify_all()
            if line is not None:
                _hang_up(line)
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def hang(self) -> None:
        """Stop answering commands, though the card still lies there."""
        with self._turned:
            self._hangs = True

    def release(self) -> None:
        """Answer again, first of all the command that was left hanging."""
        with self._turned:
            self._hangs = False
            self._turned.notify_all()

    def _lie(self, line: socket.socket) -> None:
        """Serve one stay on the slot, until either side ends it."""
        answers = self._answers
        with suppress(EOFError, OSError), line:
            while True:
                message = _receive(line)
                if message == bytes([TELL_ATR]):
                    _send(line, self.atr)
                elif message in (bytes([POWER_OFF]), bytes([RESET])):
                    answers.reset()
                elif message != bytes([POWER_ON]):
                    self._answer(line, answers, message)
        with self._turned:
            if self._line is line:
                self._line = self._thread = None

    def _answer(self, line: socket.socket, answers: Chip, command: bytes) -> None:
        self.commands += 1
        if self.commands == self.tear_at:
            raise EOFError
        with self._turned:
            self.is_hanging = self._hangs
            self._turned.wait_for(lambda: not self._hangs or self._line is not line)
            self.is_hanging = False
            self._turned.wait_for(lambda: self._line is not line, timeout=self.delay)
        answer = answers.answer(command)[: self.cut_to]
        self.on_apdu(command, False)
        _send(line, answer)
        self.on_apdu(answer, True)


def _receive(line: socket.socket) -> bytes:
    (length,) = struct.unpack(">H", _receive_exactly(line, 2))
    return _receive_exactly(line, length)


def _receive_exactly(line: socket.socket, length: int) -> bytes:
    received = b""
    while len(received) < length:
        # vpcd sends length and body apart; a late acknowledgement of the first holds the second back 44 ms.
        if _quick_ack is not None:
            line.setsockopt(socket.IPPROTO_TCP, _quick_ack, 1)
        part = line.recv(length - len(received))
        if not part:
            raise EOFError
        received += part
    return received


def _send(line: socket.socket, body: bytes) -> None:
    line.sendall(struct.pack(">H", len(body)) + body)


def _hang_up(line: socket.socket) -> None:
    """Wake the thread that waits on this line; closing alone would leave it waiting."""
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
