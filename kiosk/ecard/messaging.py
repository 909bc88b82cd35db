"""Secure messaging of EV2: after the handshake every command is counted, sealed and, in full mode, hidden.

    seal of a command     MAC(SesMAC, INS || CmdCtr || TI || header || data)
    seal of an answer     MAC(SesMAC, status || CmdCtr + 1 || TI || data)
    hidden                AES-CBC(SesENC), padded 80 00 ..., its IV E(SesENC, label || TI || CmdCtr || 0...)

CmdCtr is 2 bytes, least significant first, and counts every command of the session (NXP AN12196, sections 4 and 5).
Both sides are here: the station's, and the virtual card's. A seal that does not match ends the session.
"""

from collections.abc import Generator
from dataclasses import dataclass, field
from enum import Enum

from kiosk.ecard.aes import BLOCK, Cipher, CipherOf, pad, same, short_mac, unpad
from kiosk.ecard.apdu import Command
from kiosk.ecard.ev2 import NotProven, SessionKeys
from kiosk.ecard.native import Status, ask, native

MAC_SIZE = 8
_TO_CARD, _FROM_CARD = b"\xa5\x5a", b"\x5a\xa5"


class Mode(Enum):
    """How a command and its answer travel. PLAIN ones are counted and nothing more."""

    PLAIN = "plain"
    MAC = "mac"
    FULL = "full"


class SealBroken(NotProven):
    """What came does not carry the seal of this session: it was changed, repeated, or is somebody else's."""


@dataclass(slots=True)
class Session:
    """One session after a handshake. *counter* is CmdCtr: 0 after AuthenticateEV2First."""

    keys: SessionKeys
    cipher_of: CipherOf
    counter: int = 0
    _enc: Cipher = field(init=False)
    _mac: Cipher = field(init=False)

    def __post_init__(self) -> None:
        self._enc, self._mac = self.cipher_of(self.keys.enc), self.cipher_of(self.keys.mac)

    # --- the station's side ---

    def command(self, ins: int, header: bytes = b"", data: bytes = b"", mode: Mode = Mode.MAC) -> Command:
        """Wrap a command and count it. *header* stays readable, *data* is hidden in full mode."""
        if mode is Mode.FULL:
            data = self.hide(data, to_card=True)
        seal = b"" if mode is Mode.PLAIN else self._seal(bytes([ins]), header + data)
        self.counter += 1
        return native(ins, header + data + seal)

    def answer(self, data: bytes, mode: Mode = Mode.MAC, status: int = Status.OK) -> bytes:
        """Open the answer to the command before. Raises: SealBroken."""
        if mode is Mode.PLAIN:
            return data
        body, seal = data[:-MAC_SIZE], data[-MAC_SIZE:]
        if not same(seal, self._seal(bytes([status]), body)):
            raise SealBroken("the seal of the card's answer does not match")
        return self.reveal(body, to_card=False) if mode is Mode.FULL else body

    def ask(
        self, ins: int, doing: str, header: bytes = b"", data: bytes = b"", mode: Mode = Mode.MAC
    ) -> Generator[bytes, bytes, bytes]:
        """Send one command in the session and open its answer. Raises: AnswerCut; CardRefused; SealBroken."""
        return self.answer((yield from ask(self.command(ins, header, data, mode), doing)), mode)

    # --- the card's side ---

    def open_command(self, ins: int, data: bytes, header_size: int, mode: Mode) -> tuple[bytes, bytes]:
        """Check and open a command: its header and its data. Raises: SealBroken."""
        if mode is Mode.PLAIN:
            body = data
        else:
            body, seal = data[:-MAC_SIZE], data[-MAC_SIZE:]
            if not same(seal, self._seal(bytes([ins]), body)):
                raise SealBroken("the seal of the command does not match")
        header, rest = body[:header_size], body[header_size:]
        return header, self.reveal(rest, to_card=True) if mode is Mode.FULL else rest

    def seal_answer(self, data: bytes, mode: Mode, status: int = Status.OK) -> bytes:
        """Count the command and wrap the answer to it."""
        self.counter += 1
        if mode is Mode.PLAIN:
            return data
        if mode is Mode.FULL:
            data = self.hide(data, to_card=False)
        return data + self._seal(bytes([status]), data)

    # --- both ---

    def hide(self, data: bytes, *, to_card: bool) -> bytes:
        """Encrypt; nothing stays nothing (AN12196: no data field, no padding)."""
        return self._enc.encrypt(pad(data), self.iv(to_card=to_card)) if data else b""

    def reveal(self, data: bytes, *, to_card: bool) -> bytes:
        """Decrypt. Raises: SealBroken - it is no padded row of blocks."""
        if not data:
            return b""
        if len(data) % BLOCK:
            raise SealBroken(f"{len(data)} hidden bytes are no whole blocks")
        try:
            return unpad(self._enc.decrypt(data, self.iv(to_card=to_card)))
        except ValueError as err:
            raise SealBroken("what was hidden does not open") from err

    def iv(self, *, to_card: bool) -> bytes:
        """Make the IV for what travels now."""
        label = _TO_CARD if to_card else _FROM_CARD
        return self._enc.encrypt((label + self.keys.ti + self._count()).ljust(BLOCK, b"\0"))

    def _seal(self, first: bytes, body: bytes) -> bytes:
        return short_mac(self._mac, first + self._count() + self.keys.ti + body)

    def _count(self) -> bytes:
        return (self.counter & 0xFFFF).to_bytes(2, "little")
