"""The line to a pad, whatever it speaks: one request, one reply, and what to do when the reply does not come.

A reply belongs to its request. When one is missing or garbled, the next exchange begins with a ping: a pad answers
in order, so once the ping is answered every earlier reply is out and has been thrown away.
"""

import logging
import time
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from drivers import wire_taps
from drivers.serial_port import SerialPort
from kiosk.devices import DeviceLost

TRIES = 3
GARBLED_AFTER = 0.05
"""Seconds of silence in the middle of a frame after which its rest will not come."""

R = TypeVar("R")


class NoReplyError(Exception):
    """A request was not answered, or not with a whole frame. Whether the pad did it is unknown."""


class Splitter(Protocol):
    """Cuts what a port delivers into frames, however it was chopped."""

    @property
    def pending(self) -> int:
        """How many bytes wait for the rest of their frame."""
        ...

    def feed(self, chunk: bytes) -> list[bytes]:
        """Take the next bytes; return the frames that became whole."""
        ...

    def pause(self) -> list[bytes]:
        """The line fell silent: return the frame that noise hid, if there is one. Half a frame is kept."""
        ...

    def forget(self) -> None:
        """Drop what waits: its other half will not come."""
        ...


class PadLine(Generic[R]):
    """Exchanges frames with a pad. *parse* makes a reply of a frame, or None of one that is none.

    *pause* is the silence in seconds that ends a frame. *name* is what the pad is called in an error: `FEIG pad`.
    """

    def __init__(
        self,
        port: SerialPort,
        name: str,
        splitter: Splitter,
        parse: Callable[[bytes], R | None],
        *,
        pause: float,
        log: logging.Logger,
    ) -> None:
        self.port = port
        self.heard = 0.0
        """Moment of `time.perf_counter` the last byte came in."""
        self._name = name
        self._splitter = splitter
        self._parse = parse
        self._pause = pause
        self._log = log
        self._frames: list[bytes] = []
        self._in_doubt = False

    def persist(self, exchange: Callable[[], R]) -> R:
        """Do an exchange that may be repeated without harm, up to three times. Raises: DeviceLost."""
        for _ in range(TRIES):
            try:
                return exchange()
            except NoReplyError as missing:
                self._log.warning("%s: %s", self.port.path, missing)
        raise self.lost()

    def settle(self, ping: Callable[[], object]) -> None:
        """After a missing reply: *ping* until the pad answers in step again. Raises: DeviceLost."""
        if not self._in_doubt:
            return
        for _ in range(TRIES):
            try:
                ping()
            except NoReplyError:
                continue
            self._in_doubt = False
            return
        raise self.lost()

    def exchange(self, frame: bytes, belongs: Callable[[R], bool], within: float) -> R:
        """Send one request and return the reply that *belongs* to it. Raises: NoReplyError; DeviceLost."""
        self._throw_away()
        self.port.send(frame)
        wire_taps.hear(self.port.path, frame, outgoing=True)
        self._log.debug("> %s", frame.hex(" "))
        deadline = time.perf_counter() + within
        while (raw := self._next_frame(deadline)) is not None:
            wire_taps.hear(self.port.path, raw, outgoing=False)
            self._log.debug("< %s", raw.hex(" "))
            if (reply := self._parse(raw)) is not None and belongs(reply):
                return reply
            self._log.info("%s: threw away a reply to an earlier request", self.port.path)
        self._in_doubt = True
        raise NoReplyError(f"no whole reply to {frame[:8].hex(' ')}, {self._splitter.pending} stray bytes")

    def lost(self) -> DeviceLost:
        """Make the error for a pad that stopped answering."""
        return DeviceLost(f"{self._name} on {self.port.path} stopped answering: check its power and cable")

    def close(self) -> None:
        self.port.close()

    def _throw_away(self) -> None:
        self._splitter.forget()
        self._frames.clear()
        if stray := self.port.drain():
            self._log.debug("< %s (nobody asked)", stray.hex(" "))

    def _next_frame(self, deadline: float) -> bytes | None:
        while not self._frames:
            left = deadline - time.perf_counter()
            if left <= 0:
                return None
            if chunk := self.port.receive(min(left, self._pause) if self._splitter.pending else left):
                self.heard = time.perf_counter()
                self._frames += self._splitter.feed(chunk)
            elif self._splitter.pending:
                self._frames += self._splitter.pause()
                if not self._frames and time.perf_counter() - self.heard > GARBLED_AFTER:
                    return None
        return self._frames.pop(0)
