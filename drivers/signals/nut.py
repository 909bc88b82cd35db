"""A UPS watched by Network UPS Tools, over its own protocol.

Source: RFC 9271: the command GET VAR, whose answer is one line, `VAR <ups> <name> "<value>"` or `ERR <what>`; the
variables ups.status (OL on line, OB on battery, LB low battery), battery.charge (percent), battery.runtime (seconds).
"""

import socket
from dataclasses import dataclass
from typing import Self

from kiosk.devices import DeviceLost, HouseSignals

PORT = 3493
PATIENCE = 3.0
"""Seconds one answer may take."""
LONGEST = 4096


@dataclass(frozen=True, slots=True)
class NutUps:
    """One UPS of one server."""

    ups: str
    host: str = "127.0.0.1"
    port: int = PORT

    @classmethod
    def named(cls, name: str) -> Self:
        """Read `ups@host:port`; host and port may be left out. Raises: ValueError."""
        ups, _, place = name.partition("@")
        host, _, port = place.partition(":")
        if not ups or (port and not port.isdecimal()):
            raise ValueError(f"{name!r} names no UPS: write ups@host:{PORT}")
        return cls(ups, host or "127.0.0.1", int(port or PORT))

    def poll(self) -> HouseSignals:
        """Raises: DeviceLost - no server, no such UPS, or an answer nothing can be made of."""
        try:
            with socket.create_connection((self.host, self.port), PATIENCE) as line:
                line.settimeout(PATIENCE)
                status = self._ask(line, "ups.status")
                if status is None or "OB" not in status.split():
                    return HouseSignals()
                charge, runtime = self._ask(line, "battery.charge"), self._ask(line, "battery.runtime")
        except OSError as error:
            raise DeviceLost(f"the UPS {self.ups} at {self.host}:{self.port} cannot be asked: {error}") from error
        low = "LB" in status.split()
        return HouseSignals(on_battery=True, percent=0 if low else _whole(charge, 1), minutes=_whole(runtime, 60))

    def _ask(self, line: socket.socket, name: str) -> str | None:
        """Ask one variable; None where this UPS has none of that name."""
        line.sendall(f"GET VAR {self.ups} {name}\n".encode())
        answer = _line(line)
        if answer == "ERR VAR-NOT-SUPPORTED":
            return None
        words = answer.split(" ", 3)
        if words[:1] != ["VAR"] or len(words) != len(("VAR", "ups", "name", "value")):
            raise DeviceLost(f"the UPS server at {self.host}:{self.port} says {answer[:80]!r} about {self.ups}")
        return words[3].strip().strip('"')


def _line(line: socket.socket) -> str:
    heard = b""
    while not heard.endswith(b"\n"):
        more = line.recv(LONGEST)
        if not more or len(heard) > LONGEST:
            raise ConnectionError("the server hung up in the middle of an answer")
        heard += more
    return heard.decode("utf-8", "replace").strip()


def _whole(said: str | None, unit: int) -> int | None:
    try:
        return None if said is None else int(float(said)) // unit
    except ValueError:
        return None
