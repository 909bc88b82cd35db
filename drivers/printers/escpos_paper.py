"""What a roll of paper shows after ESC/POS bytes: the inverse of a typesetter. Text lines, pictures, cuts.

Understands the commands receipts are made of; anything else raises, so that a test or a demo never
prints rubbish unnoticed. Source: Epson, ESC/POS Command Reference.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from PIL import Image

CODE_PAGES: Final = {0: "cp437", 17: "cp866", 34: "cp855", 44: "cp1125", 46: "cp1251"}
"""Epson's numbers (ESC t n)."""


class UnknownCommandError(ValueError):
    """Bytes no ESC/POS printer of ours takes; the message names them."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One text line as printed: its letters and how they look."""

    text: str
    bold: bool = False
    size: int = 1
    small: bool = False
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Painted:
    """One raster picture, black on white."""

    picture: Image.Image


@dataclass(slots=True)
class Paper:
    """One roll. Feed it bytes as they come: what is not whole yet is kept for the next call.

    `slips` are the pieces cut off, `on_roll` what hangs out of the printer and is not cut yet.
    """

    pages: dict[int, str] = field(default_factory=lambda: dict(CODE_PAGES))
    slips: list[list[Printed | Painted]] = field(default_factory=list)
    on_roll: list[Printed | Painted] = field(default_factory=list)
    _style: Printed = Printed("")
    _page: int = 0
    _letters: bytearray = field(default_factory=bytearray)
    _rest: bytes = b""

    def feed(self, chunk: bytes) -> int:
        """Take *chunk*; return how many GS r were met: each is answered when the paper has come so far."""
        stream, asked = self._rest + chunk, 0
        while stream and (length := self._length(stream)) and length <= len(stream):
            command, stream = stream[:length], stream[length:]
            if command[:2] == b"\x1dr":
                asked += 1
            else:
                self._obey(command)
        self._rest = stream
        return asked

    def forget(self) -> None:
        """Drop what has not been printed (DLE ENQ 2)."""
        self._rest = b""
        self._letters.clear()

    def _length(self, stream: bytes) -> int:
        """Say how long the command at the head of *stream* is; 0 when more must come to know."""
        head = stream[:2]
        if head[:1] not in _PREFIXES:
            return 1
        if len(head) < 2:
            return 0
        if head == b"\x1dv":
            return 8 + _raster_size(stream) if len(stream) >= 8 else 0
        if (length := _LENGTHS.get(head)) is None:
            raise UnknownCommandError(f"no such ESC/POS command here: {stream[:8].hex(' ')}")
        return length

    def _obey(self, command: bytes) -> None:
        obey = _COMMANDS.get(command[:2] if command[:1] in _PREFIXES else command[:1])
        if obey is not None:
            obey(self, command)
        elif command[:1] not in _PREFIXES:
            self._letters += command

    def reset(self, _command: bytes) -> None:
        self._style, self._page = Printed(""), 0
        self._letters.clear()

    def end_line(self, _command: bytes) -> None:
        text = self._letters.decode(self.pages[self._page])
        self.on_roll.append(replace(self._style, text=text))
        self._letters.clear()

    def cut(self, _command: bytes) -> None:
        self.slips.append(self.on_roll)
        self.on_roll = []

    def paint(self, command: bytes) -> None:
        width, height = _raster_shape(command)
        white = bytes(byte ^ 0xFF for byte in command[8:])
        self.on_roll.append(Painted(Image.frombytes("1", (width * 8, height), white)))

    def embolden(self, command: bytes) -> None:
        self._style = replace(self._style, bold=bool(command[2] & 1))

    def resize(self, command: bytes) -> None:
        self._style = replace(self._style, size=(command[2] & 0x07) + 1)

    def choose_font(self, command: bytes) -> None:
        self._style = replace(self._style, small=command[2] == 1)

    def align(self, command: bytes) -> None:
        self._style = replace(self._style, centred=command[2] == 1)

    def choose_page(self, command: bytes) -> None:
        if command[2] not in self.pages:
            raise UnknownCommandError(f"this printer has no code page number {command[2]}")
        self._page = command[2]


_PREFIXES: Final = (b"\x1b", b"\x1d", b"\x1c")
_LENGTHS: Final = {
    b"\x1b@": 2, b"\x1c.": 2, b"\x1bE": 3, b"\x1bM": 3, b"\x1ba": 3, b"\x1bt": 3,
    b"\x1bd": 3, b"\x1d!": 3, b"\x1dV": 3, b"\x1dr": 3, b"\x1da": 3,
}  # fmt: skip
_COMMANDS: Final[dict[bytes, Callable[[Paper, bytes], None]]] = {
    b"\n": Paper.end_line,
    b"\x1b@": Paper.reset,
    b"\x1bE": Paper.embolden,
    b"\x1bM": Paper.choose_font,
    b"\x1ba": Paper.align,
    b"\x1bt": Paper.choose_page,
    b"\x1d!": Paper.resize,
    b"\x1dV": Paper.cut,
    b"\x1dv": Paper.paint,
}


def _raster_shape(command: bytes) -> tuple[int, int]:
    """Width in bytes and height in dots: GS v 0 m xL xH yL yH."""
    return command[4] + 256 * command[5], command[6] + 256 * command[7]


def _raster_size(command: bytes) -> int:
    width, height = _raster_shape(command)
    return width * height
