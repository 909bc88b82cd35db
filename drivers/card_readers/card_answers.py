"""What a contactless e-card on a PC/SC card reader answers to each command. Bytes in, bytes out; no socket.

Plays both partners a PC/SC client hears: the card reader, which answers class FF itself (PC/SC specification
part 3, section 3.2), and the card with the library's application and its number file (`kiosk.ecard.schemes`).
"""

from dataclasses import dataclass, field

from kiosk.circulation.model import CardNumber
from kiosk.ecard.apdu import ALL, END_OF_FILE, OK, WRONG_LE, Command, MalformedCommand, Response
from kiosk.ecard.number_file import encode_number_file
from kiosk.ecard.schemes import APPLICATION, NUMBER_FILE

# Status words of ISO/IEC 7816-4, table 6 and section 5.6.
WRONG_LENGTH = 0x6700
NO_CURRENT_FILE = 0x6986
NOT_SUPPORTED = 0x6A81
NOT_FOUND = 0x6A82
WRONG_P1_P2 = 0x6A86
BEYOND_FILE = 0x6B00
UNKNOWN_INS = 0x6D00
UNKNOWN_CLA = 0x6E00

GET_DATA, SELECT, READ_BINARY = 0xCA, 0xA4, 0xB0
# LOAD KEY, AUTHENTICATE, READ and UPDATE BINARY: for storage cards, which this one is not.
STORAGE_CARD_COMMANDS = (0x82, 0x86, 0xB0, 0xD6)
FILE_CONTROL = bytes([0x6F, len(APPLICATION) + 2, 0x84, len(APPLICATION)]) + APPLICATION


@dataclass(slots=True)
class CardAnswers:
    """A card of ISO/IEC 14443-4: its UID, its number (None: a card without our application), its ATS."""

    uid: bytes
    number: CardNumber | None = None
    historical: bytes = b"\x80"
    _selected: bool = field(default=False, init=False)
    _file: bytes | None = field(default=None, init=False)

    def reset(self) -> None:
        """Forget what was selected, as a card does without power."""
        self._selected, self._file = False, None

    def answer(self, raw: bytes) -> bytes:
        """Answer one command APDU, as bytes with their status word; whatever came, something is answered."""
        try:
            command = Command.from_bytes(raw)
        except MalformedCommand:
            return Response(WRONG_LENGTH).to_bytes()
        match command.cla, command.ins:
            case 0xFF, _:
                response = self._answer_as_card_reader(command)
            case 0x00, 0xA4:
                response = self._select(command)
            case 0x00, 0xB0:
                response = self._read_binary(command)
            case 0x00, _:
                response = Response(UNKNOWN_INS)
            case _:
                response = Response(UNKNOWN_CLA)
        return response.to_bytes()

    def _answer_as_card_reader(self, command: Command) -> Response:
        if command.ins in STORAGE_CARD_COMMANDS:
            return Response(NOT_SUPPORTED)
        if command.ins != GET_DATA:
            return Response(UNKNOWN_INS)
        match command.p1, command.p2:
            case 0x00, 0x00:
                return _give(self.uid, command.le)
            case 0x01, 0x00:
                return _give(self.historical, command.le)
            case _:
                return Response(NOT_SUPPORTED)

    def _select(self, command: Command) -> Response:
        if command.p1 != 0x04 or command.p2 not in (0x00, 0x0C):
            return Response(WRONG_P1_P2)
        # A card may be called by the beginning of its name (ISO/IEC 7816-4, section 7.1.1).
        if self.number is None or not command.data or not APPLICATION.startswith(command.data):
            return Response(NOT_FOUND)
        self._selected, self._file = True, None
        wants_control = command.p2 == 0x00 and command.le is not None
        return Response(OK, FILE_CONTROL if wants_control else b"")

    def _read_binary(self, command: Command) -> Response:
        offset = command.p1 << 8 | command.p2
        if command.p1 & 0x80:  # the file is named by its short identifier
            if not self._selected or self.number is None or command.p1 & 0x1F != NUMBER_FILE:
                return Response(NOT_FOUND)
            self._file, offset = encode_number_file(self.number), command.p2
        if self._file is None:
            return Response(NO_CURRENT_FILE)
        if command.le is None or command.data:
            return Response(WRONG_LENGTH)
        if offset > len(self._file):
            return Response(BEYOND_FILE)
        rest = self._file[offset:]
        all_there = command.le == ALL or command.le <= len(rest)
        return Response(OK if all_there else END_OF_FILE, rest[: command.le])


def _give(value: bytes, le: int | None) -> Response:
    """Give a value for GET DATA by its Le (PC/SC part 3, section 3.2.2.1.3, table of status words)."""
    if le is None:
        return Response(WRONG_LENGTH)
    if le == ALL or le == len(value):
        return Response(OK, value)
    return Response(END_OF_FILE, value) if le > len(value) else Response(WRONG_LE << 8 | len(value))
