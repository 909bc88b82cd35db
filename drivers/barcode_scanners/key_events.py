"""What a USB scanner "types", as the events of Linux' input layer: bytes in, letters out. No device, no clock.

    struct input_event: seconds, microseconds (long), type, code (16 bit), value (32 bit)
    (Linux, include/uapi/linux/input.h; types and codes: input-event-codes.h)

Scanners come from the factory with the keyboard of the United States, and are to be left so: the layout of this
computer has no say in it.
"""

import struct
from typing import Final

EVENT: Final = struct.Struct("llHHi")
EV_SYN: Final = 0
EV_KEY: Final = 1
SYN_DROPPED: Final = 3
RELEASED, PRESSED = 0, 1
SHIFTS: Final = frozenset({42, 54})
CAPS_LOCK: Final = 58
ENTER: Final = 28

_ROWS: Final = (  # (code of the first key, letters, letters with shift)
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (71, "789-456+1230.", "789-456+1230."),  # the keypad
)
_OTHERS: Final = {15: "\t", ENTER: "\r", 96: "\r", 57: " ", 55: "*", 98: "/"}
PLAIN: Final = {**_OTHERS, **{first + at: letter for first, row, _ in _ROWS for at, letter in enumerate(row)}}
SHIFTED: Final = {**_OTHERS, **{first + at: letter for first, _, row in _ROWS for at, letter in enumerate(row)}}


class KeyDecoder:
    """Turns key events into the text they type. Keys held down are not repeated."""

    def __init__(self) -> None:
        self._rest = b""
        self._shifts: set[int] = set()
        self._caps = False

    def feed(self, chunk: bytes) -> bytes:
        """Take what was read; return the letters pressed. Lost events make a zero byte: then it is no text."""
        data = self._rest + chunk
        whole = len(data) - len(data) % EVENT.size
        self._rest = data[whole:]
        typed = (self._typed(kind, code, value) for _, _, kind, code, value in EVENT.iter_unpack(data[:whole]))
        return "".join(typed).encode("ascii")

    def _typed(self, kind: int, code: int, value: int) -> str:
        if (kind, code) == (EV_SYN, SYN_DROPPED):
            self._shifts.clear()
            return "\x00"
        if kind != EV_KEY:
            return ""
        if code in SHIFTS:
            (self._shifts.discard if value == RELEASED else self._shifts.add)(code)
        elif code == CAPS_LOCK and value == PRESSED:
            self._caps = not self._caps
        elif value == PRESSED:
            letter = (SHIFTED if self._shifts else PLAIN).get(code, "")
            return letter.swapcase() if self._caps else letter
        return ""


def keys_for(text: str) -> bytes:
    """Say which events type *text*, shift held where it must be. For simulated scanners. Raises: ValueError."""
    events: list[tuple[int, int]] = []
    for letter in text:
        code, shifted = _key_of(letter)
        presses = [(code, PRESSED), (code, RELEASED)]
        events += [(42, PRESSED), *presses, (42, RELEASED)] if shifted else presses
    report = (0, 0, EV_SYN, 0, 0)
    return b"".join(EVENT.pack(0, 0, EV_KEY, *event) + EVENT.pack(*report) for event in events)


def _key_of(letter: str) -> tuple[int, bool]:
    for table, shifted in ((PLAIN, False), (SHIFTED, True)):
        code = next((code for code, typed in table.items() if typed == letter), None)
        if code is not None:
            return code, shifted
    raise ValueError(f"no key types {letter!r}")
