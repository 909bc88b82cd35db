"""The serial port of a simulated device: a pseudo-terminal that can be pulled out, and that can keep a
wire's time.

Bytes only; what they mean is the simulated device's business. Linux.
"""

import contextlib
import os
import select
import termios
import time
import tty
from pathlib import Path

SLICE = 16
"""Bytes delivered at a time when a wire's time is kept: what the FIFO of a UART holds."""
_IFLAG, _CFLAG = 0, 2


def wait_until(moment: float) -> None:
    """Wait for a moment of `time.perf_counter`, within about 0.1 ms: sleep most of it, then watch the clock."""
    while (left := moment - time.perf_counter()) > 0:
        if left > 0.0003:
            time.sleep(left - 0.0002)


class SimulatedPort:
    """A pseudo-terminal. The host opens `path`; the simulated device receives and sends here.

    The host's side is raw, and stays so that any client can open it with any parity: the kernel knows no
    parity on a pseudo-terminal, and refuses a client that changes nothing else. So one harmless flag
    (PARODD without PARENB) is kept set for the client to clear.
    """

    def __init__(self, link: Path | None = None) -> None:
        self._link = link
        self._master, self._slave = os.openpty()
        self._bell, self._rope = os.pipe()
        try:
            tty.setraw(self._slave)
            os.set_blocking(self._master, False)
            self.path = os.ttyname(self._slave)
            self._welcome_any_parity()
            self._place_link()
        except BaseException:
            self.close()
            raise

    def receive(self, timeout: float) -> bytes:
        """Return what the host sent; nothing after *timeout* seconds or `wake`."""
        ready, _, _ = select.select([self._master, self._bell], [], [], timeout)
        if self._bell in ready:
            os.read(self._bell, 64)
        if self._master not in ready:
            self._welcome_any_parity()
            return b""
        return os.read(self._master, 4096)

    def wake(self) -> None:
        """Make `receive` return; from any thread."""
        os.write(self._rope, b"!")

    def send(self, frame: bytes, seconds_per_byte: float = 0.0, chunk: int = 0) -> float:
        """Deliver *frame*: at once, in pieces of *chunk*, or each byte no sooner than a wire would.

        Returns the moment of `time.perf_counter` the last byte went out.
        """
        begin = ended = time.perf_counter()
        step = chunk or (SLICE if seconds_per_byte else len(frame))
        for at in range(0, len(frame), max(1, step)):
            piece = frame[at : at + step]
            wait_until(begin + (at + len(piece)) * seconds_per_byte)
            ended = time.perf_counter()
            self._write(piece)
        return ended

    def close(self) -> None:
        """Pull the plug: the host's side hangs up."""
        if self._link is not None and self._link.is_symlink() and self._link.readlink() == Path(self.path):
            self._link.unlink()
        for descriptor in (self._master, self._slave, self._bell, self._rope):
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def _write(self, piece: bytes) -> None:
        """Write to a host that may not be reading: what its side cannot hold any more is lost, as on a wire."""
        with contextlib.suppress(BlockingIOError):
            while piece:
                piece = piece[os.write(self._master, piece) :]

    def _welcome_any_parity(self) -> None:
        attributes = termios.tcgetattr(self._slave)
        if not attributes[_CFLAG] & termios.PARODD and not attributes[_CFLAG] & termios.PARENB:
            attributes[_CFLAG] |= termios.PARODD
            termios.tcsetattr(self._slave, termios.TCSANOW, attributes)

    def _place_link(self) -> None:
        if self._link is None:
            return
        if self._link.is_symlink():
            self._link.unlink()
        self._link.symlink_to(self.path)
