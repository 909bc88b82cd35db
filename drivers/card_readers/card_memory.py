"""What lies inside a virtual card that can prove itself: applications, keys, files, rights. No commands."""

from dataclasses import dataclass, field
from typing import Self

from drivers.card_readers.sun_mirror import SunMirror
from kiosk.ecard.layouts import FREE
from kiosk.ecard.messaging import Mode

KEY_SIZE = 16
FACTORY_KEY = bytes(KEY_SIZE)
_MODES = {0: Mode.PLAIN, 1: Mode.MAC, 2: Mode.PLAIN, 3: Mode.FULL}
_CODES = {Mode.PLAIN: 0, Mode.MAC: 1, Mode.FULL: 3}
_SDM = 0x40


@dataclass(slots=True)
class Key:
    """One key, its version, and how often it was tried in vain in a row."""

    value: bytes = FACTORY_KEY
    version: int = 0
    failures: int = 0


@dataclass(slots=True)
class CardFile:
    """A standard data file. *rights*: read, write, both, change; each a key number, 0xE free or 0xF never."""

    data: bytearray
    mode: Mode = Mode.PLAIN
    rights: tuple[int, int, int, int] = (FREE, 0, 0, 0)
    iso: bytes = b""
    mirror: SunMirror | None = None

    @classmethod
    def of_size(cls, size: int, settings: bytes, iso: bytes = b"", start: bytes = b"") -> Self:
        """Make a file by the first three bytes of its settings: option, access rights."""
        file = cls(bytearray(start.ljust(size, b"\0")), iso=iso)
        file.change(settings)
        return file

    def change(self, settings: bytes) -> None:
        """Take on new settings. Raises: ValueError - they cannot be."""
        if len(settings) < 3:
            raise ValueError("settings of a file have at least 3 bytes")
        option, raw = settings[0], int.from_bytes(settings[1:3], "little")
        mirror = SunMirror.from_settings(settings[3:], len(self.data)) if option & _SDM else None
        if mirror is None and len(settings) != 3:
            raise ValueError("more settings than a file without SUN has")
        self.mode = _MODES[option & 3]
        self.rights = (raw >> 12 & 15, raw >> 8 & 15, raw >> 4 & 15, raw & 15)
        self.mirror = mirror

    def settings(self) -> bytes:
        """Say the settings as GetFileSettings does: type, option, rights, size, and what SUN needs."""
        read, write, both, change = self.rights
        rights = (read << 12 | write << 8 | both << 4 | change).to_bytes(2, "little")
        option = _CODES[self.mode] | (_SDM if self.mirror else 0)
        rest = self.mirror.settings if self.mirror else b""
        return bytes([0, option]) + rights + len(self.data).to_bytes(3, "little") + rest

    def may(self, wanted: str, key: int | None) -> bool:
        """Say whether whoever authenticated with *key* (None: nobody) may `read`, `write` or `change`."""
        read, write, both, change = self.rights
        allowed = {"read": {read, both}, "write": {write, both}, "change": {change}}[wanted]
        return FREE in allowed or key in allowed


@dataclass(slots=True)
class CardApplication:
    """Keys and files that belong together; a card has one or several."""

    keys: list[Key] = field(default_factory=list)
    files: dict[int, CardFile] = field(default_factory=dict)

    def key(self, number: int) -> Key | None:
        return self.keys[number] if number < len(self.keys) else None

    def iso_file(self, name: bytes) -> CardFile | None:
        return next((file for file in self.files.values() if file.iso == name), None)
