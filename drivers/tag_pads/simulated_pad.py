"""A pad that is not there: the thread, the wire and the knobs every simulated pad has, whatever it speaks.

For tests, the demo and anybody writing a client. What a protocol's bytes are and do is its firmware's business
(`PadFirmware`); here they arrive, are answered and go wrong. With `realtime` a pad takes the time a real wire, a
real field and real tags take (`air_time.py`).
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Generic, Self, TypeVar

from drivers.tag_pads.pad_firmware import PadFirmware
from drivers.tag_pads.simulated_port import SimulatedPort, wait_until
from drivers.tag_pads.simulated_tags import SimulatedTag

_IDLE = 0.05
_LOOK_AGAIN = 0.012


class Direction(StrEnum):
    TO_PAD = "to-pad"
    FROM_PAD = "from-pad"


FrameObserver = Callable[[Direction, bytes], None]
"""Told every whole frame, on the pad's thread: return quickly."""


@dataclass(slots=True)
class Troubles:
    """What is wrong with the simulated pad right now; all of it can be changed while it runs."""

    silent: bool = False
    chunk: int = 0  # answer in pieces of so many bytes; 0 = whole
    corrupt: int = 0  # replies still to be damaged
    noise: bytes = b""  # sent before every reply
    delay: float = 0.0  # seconds before every reply
    stubborn_gap: float = 0.0  # in real time: seconds of silence it wants, whatever its configuration says


F = TypeVar("F", bound=PadFirmware)


class SimulatedPad(Generic[F]):
    """The pad and its thread. Use as a context manager; every method may be called from any thread."""

    def __init__(
        self,
        firmware: F,
        *,
        realtime: int | None = None,
        link: Path | None = None,
        on_frame: FrameObserver | None = None,
    ) -> None:
        self.troubles = Troubles()
        self.firmware = firmware
        self._byte_time = firmware.bits_per_byte / realtime if realtime else 0.0
        self._observers = [on_frame] if on_frame else []
        self._lock = threading.RLock()
        self._stirred = threading.Condition(self._lock)  # a tag was laid, or the plug is pulled
        self._link = link
        self._tears: dict[str, int] = {}
        self._port: SimulatedPort | None = None
        self._thread: threading.Thread | None = None
        self._leaving = threading.Event()
        self.plug()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.unplug()

    close = __exit__

    @property
    def port(self) -> str:
        """The path a host opens. It may change when the pad is plugged in again; a *link* does not."""
        if self._link is not None:
            return str(self._link)
        with self._lock:
            return self._port.path if self._port is not None else ""

    def plug(self) -> None:
        """Plug the pad in: it starts as it was set up by its maker or its owner."""
        with self._lock:
            if self._port is not None:
                return
            self.firmware.restart()
            self._leaving = threading.Event()
            self._port = SimulatedPort(self._link)
            serve = _Service(self, self._port, self._leaving)
            self._thread = threading.Thread(target=serve.run, name=f"simulated {self.firmware.name}", daemon=True)
            self._thread.start()

    def unplug(self) -> None:
        """Pull the pad's plug; the host's port hangs up. May be called twice."""
        with self._lock:
            port, thread = self._port, self._thread
            self._port = self._thread = None
        if port is None or thread is None:
            return
        with self._stirred:
            self._leaving.set()
            self._stirred.notify_all()
        port.wake()
        thread.join()
        port.close()

    def lay(self, *tags: SimulatedTag) -> None:
        """Lay tags on the pad, all in the same moment."""
        with self._stirred:
            for tag in tags:
                self.firmware.tags.lay(tag)
            self._stirred.notify_all()

    def lift(self, uid: str) -> SimulatedTag | None:
        """Take a tag off; return it, or None when it was not there."""
        with self._lock:
            return self.firmware.tags.lift(uid)

    def lift_all(self) -> tuple[SimulatedTag, ...]:
        with self._lock:
            return tuple(tag for tag in self.firmware.tags.laid() if self.firmware.tags.lift(tag.uid))

    def laid(self) -> tuple[SimulatedTag, ...]:
        with self._lock:
            return self.firmware.tags.laid()

    def tear(self, uid: str, *, at_request: int = 1) -> None:
        """Let a tag leave just as the pad begins its *at_request*-th request from now."""
        with self._lock:
            self._tears[uid] = at_request

    def observe(self, on_frame: FrameObserver) -> None:
        with self._lock:
            self._observers.append(on_frame)

    @property
    def byte_time(self) -> float:
        """Seconds one byte needs on the wire; 0 when no time is kept."""
        return self._byte_time

    @property
    def gap(self) -> float:
        """Seconds of silence the pad wants after its reply; none when no time is kept."""
        return max(self.firmware.gap, self.troubles.stubborn_gap) if self._byte_time else 0.0

    def patience(self, frame: bytes) -> float:
        """Seconds this request lets the pad wait for a tag to come."""
        return 0.0 if self.troubles.silent else self.firmware.patience(frame)

    def sees_newcomer(self) -> bool:
        """Whether a tag lies in the field that has not been told to keep quiet."""
        with self._lock:
            return next(self.firmware.tags.answering(), None) is not None

    def await_newcomer(self, seconds: float, leaving: threading.Event) -> None:
        """Wait, without looking at the field over and over, until a tag is laid or the plug is pulled."""
        with self._stirred:
            self._stirred.wait_for(lambda: leaving.is_set() or self.sees_newcomer(), seconds)

    def answer(self, frame: bytes) -> tuple[bytes, float] | None:
        """Do one request; return the reply as it leaves the pad and the seconds it took, or None for silence."""
        with self._lock:
            self._tear_off()
            answered = self.firmware.respond(frame)
            if answered is None or self.troubles.silent:
                return None
            reply, spent = answered
            if self.troubles.corrupt:
                self.troubles.corrupt -= 1
                reply = reply[:-1] + bytes([reply[-1] ^ 0x10])
            return reply, spent / 1000 if self._byte_time else 0.0

    def report(self, direction: Direction, frame: bytes) -> None:
        for observer in self._observers:
            observer(direction, frame)

    def _tear_off(self) -> None:
        for uid in list(self._tears):
            self._tears[uid] -= 1
            if self._tears[uid] <= 0:
                del self._tears[uid]
                self.firmware.tags.lift(uid)


class _Service:
    """One plugged-in time of a pad: its thread, from plugging to unplugging."""

    def __init__(self, pad: SimulatedPad[F], port: SimulatedPort, leaving: threading.Event) -> None:
        self._pad = pad
        self._port = port
        self._leaving = leaving
        self._splitter = pad.firmware.splitter()
        self._arrived = 0.0  # when the last byte from the host was through the wire
        self._deaf_until = 0.0
        self._heard = 0.0

    def run(self) -> None:
        while not self._leaving.is_set():
            with suppress(OSError):
                self._hear()

    def _hear(self) -> None:
        chunk = self._port.receive(_LOOK_AGAIN if self._splitter.pending else _IDLE)
        now = time.perf_counter()
        if chunk and now < self._deaf_until:
            return  # sent into the gap: the pad was not listening yet
        if chunk:
            self._heard = now
            self._arrived = max(now, self._arrived) + len(chunk) * self._pad.byte_time
            frames = self._splitter.feed(chunk)
        else:
            frames = self._splitter.pause()
            if now - self._heard > self._pad.firmware.half_kept:
                self._splitter.forget()
        for frame in frames:
            self._serve(frame)
            if self._pad.firmware.deaf_while_busy:
                break  # what came with it came while the pad was busy

    def _serve(self, frame: bytes) -> None:
        wait_until(self._arrived)
        self._pad.report(Direction.TO_PAD, frame)
        self._wait_for_tag(self._pad.patience(frame))
        answered = self._pad.answer(frame)
        if answered is not None:
            wait_until(self._arrived + answered[1])
            if self._pad.troubles.delay and self._leaving.wait(self._pad.troubles.delay):
                return
        if self._pad.firmware.deaf_while_busy:
            self._close_ears()
        if answered is not None:
            self._send(answered[0])

    def _close_ears(self) -> None:
        """Forget what arrived while the request was worked on: before the reply goes out, never after it."""
        self._splitter.forget()
        while self._port.receive(0.0):
            pass

    def _send(self, reply: bytes) -> None:
        troubles = self._pad.troubles
        ended = self._port.send(troubles.noise + reply, self._pad.byte_time, troubles.chunk)
        self._deaf_until = ended + self._pad.gap
        self._pad.report(Direction.FROM_PAD, reply)

    def _wait_for_tag(self, seconds: float) -> None:
        """Look again and again until a tag comes, each look as long as an empty field takes."""
        if not seconds:
            return
        if not self._pad.byte_time:
            self._pad.await_newcomer(seconds, self._leaving)
            return
        until = self._arrived + seconds
        look = self._pad.firmware.look_ms() / 1000
        while self._arrived + look <= until and not self._leaving.is_set() and not self._pad.sees_newcomer():
            self._arrived += look
            wait_until(self._arrived)
