"""Ears on the wires: whoever looks after a station may hear the bytes its drivers send and get, port by port.

Costs a look into an empty table while nobody listens. What is heard may name people; the listener masks it.
"""

from collections.abc import Callable

Ear = Callable[[bytes, bool], None]
"""Gets the bytes and whether they went out to the device. Called on the device's own thread: it must be quick."""

_ears: dict[str, tuple[Ear, ...]] = {}


def listen(port: str, ear: Ear) -> Callable[[], None]:
    """Let *ear* hear what passes on *port*; the answer ends it."""
    _ears[port] = (*_ears.get(port, ()), ear)

    def stop() -> None:
        _ears[port] = tuple(one for one in _ears.get(port, ()) if one is not ear)

    return stop


def hear(port: str, frame: bytes, *, outgoing: bool) -> None:
    """Say that *frame* passes on *port*. For drivers."""
    for ear in _ears.get(port, ()):
        ear(frame, outgoing)
