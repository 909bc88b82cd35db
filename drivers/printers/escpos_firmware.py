"""What a simulated ESC/POS printer does with the bytes it gets, and what goes wrong with it. No port, no thread.

Real-time commands are obeyed at once, also without paper; everything else waits in the buffer until it can be
printed (Epson, ESC/POS Command Reference: "DLE EOT", "DLE ENQ").
"""

import re
import threading
from typing import Final

from drivers.printers.escpos_paper import Painted, Paper, Printed
from kiosk.devices import PaperState

_ORDINARY: Final = 0x12  # bits 1 and 4 of every real-time answer
_COVER_OPEN, _STOPPED_BY_PAPER, _NEAR_END, _END = 0x04, 0x20, 0x0C, 0x60
_FAULTS: Final = {PaperState.JAMMED: 0x08, PaperState.FAULT: 0x20, PaperState.HOT: 0x40}
"""Bits of the answer to DLE EOT 3, and of the second byte of automatic status."""
_REAL_TIME: Final = re.compile(rb"\x10\x04[\x01-\x04]|\x10\x05\x02")
_BEGUN: Final = re.compile(rb"\x10[\x04\x05]?\Z")


class EscposFirmware:
    """A printer's insides. Knobs may be turned and `slips` read from any thread.

    paper           GOOD, LOW or OUT
    cover_open      nothing is printed while it is
    silent          it prints and never answers, as cheap printers do
    fault           JAMMED, FAULT or HOT
    runs_out_after  so many bytes from now the paper ends
    opens_after     so many bytes from now somebody opens the cover
    stuck           it takes everything, answers, and prints nothing
    """

    def __init__(self) -> None:
        self.paper = PaperState.GOOD
        self.cover_open = False
        self.silent = False
        self.stuck = False
        self.runs_out_after: int | None = None
        self.opens_after: int | None = None
        self.fault: PaperState | None = None
        self._roll = Paper()
        self._buffer = b""
        self._begun = b""
        self._lock = threading.Lock()

    @property
    def slips(self) -> tuple[tuple[Printed | Painted, ...], ...]:
        """What has been printed and cut."""
        with self._lock:
            return tuple(tuple(slip) for slip in self._roll.slips)

    @property
    def hanging_out(self) -> tuple[Printed | Painted, ...]:
        """What is printed and not cut yet."""
        with self._lock:
            return tuple(self._roll.on_roll)

    def teach_page(self, number: int, code_page: str) -> None:
        """Give it a code page: cheap printers number them their own way."""
        with self._lock:
            self._roll.pages[number] = code_page

    def take(self, chunk: bytes) -> bytes:
        """Take what came through the cable; return what goes back."""
        with self._lock:
            chunk = self._begun + chunk
            begun = _BEGUN.search(chunk)
            self._begun = begun.group() if begun else b""
            whole = chunk.removesuffix(self._begun)
            self._buffer += _REAL_TIME.sub(b"", whole)
            answer = b"".join(map(self._obey_at_once, _REAL_TIME.findall(whole)))
            answer += self._print_buffered()
        return b"" if self.silent else answer

    def refill(self) -> bytes:
        """Put in paper, close the cover, clear the cutter: it goes on with what is buffered. Return what goes back."""
        with self._lock:
            self.paper, self.cover_open, self.fault = PaperState.GOOD, False, None
            return self._print_buffered()

    def automatic_status(self) -> bytes:
        """Say unasked how it is, in four bytes (Epson, ESC/POS Command Reference: "GS a")."""
        with self._lock:
            out = self.paper is PaperState.OUT
            stopped = 0x08 if out or self.cover_open or self.fault else 0
            sensor = {PaperState.LOW: 0x03, PaperState.OUT: 0x0F}.get(self.paper, 0)
            return bytes(
                [
                    0x10 | stopped | (0x20 if self.cover_open else 0),
                    (_FAULTS[self.fault] if self.fault else 0),
                    sensor,
                    0,
                ]
            )

    def switch_off(self) -> None:
        """Lose what was buffered."""
        with self._lock:
            self._forget()

    def _obey_at_once(self, command: bytes) -> bytes:
        match command[1:]:
            case b"\x04\x02":
                stopped = _STOPPED_BY_PAPER if self.paper is PaperState.OUT else 0
                return bytes([_ORDINARY | stopped | (_COVER_OPEN if self.cover_open else 0)])
            case b"\x04\x04":
                sensor = {PaperState.LOW: _NEAR_END, PaperState.OUT: _NEAR_END | _END}.get(self.paper, 0)
                return bytes([_ORDINARY | sensor])
            case b"\x04\x03":
                return bytes([_ORDINARY | (_FAULTS[self.fault] if self.fault else 0)])
            case b"\x05\x02":
                self._forget()
                return b""
            case _:
                return bytes([_ORDINARY])

    def _print_buffered(self) -> bytes:
        """Print while there is paper; return the answers to the GS r met on the way."""
        if self.stuck or self.cover_open or self.fault or self.paper is PaperState.OUT:
            return b""
        ready, self._buffer = self._buffer, b""
        if self.runs_out_after is not None and len(ready) > self.runs_out_after:
            ready, self._buffer = ready[: self.runs_out_after], ready[self.runs_out_after :]
            self.paper, self.runs_out_after = PaperState.OUT, None
        elif self.opens_after is not None and len(ready) > self.opens_after:
            ready, self._buffer = ready[: self.opens_after], ready[self.opens_after :]
            self.cover_open, self.opens_after = True, None
        return b"\x00" * self._roll.feed(ready)

    def _forget(self) -> None:
        self._buffer = self._begun = b""
        self._roll.forget()
