"""A whole library system that is not there: a library, its door, and the faults one can switch on.

with SimulatedSystem(holdings, manner("koha")) as system:
    system.fault("lost-after on 11")        # the next checkout is made and its reply lost
    ... a client borrows over system.port ...
    assert [deed.what for deed in system.library.deeds] == ["lend"]
"""

import ssl
from collections.abc import Callable, Mapping
from datetime import datetime
from types import TracebackType
from typing import Self

from kiosk.sip2_simulator.conversation import Account
from kiosk.sip2_simulator.door import Door, Told
from kiosk.sip2_simulator.faults import Fault, FaultPlan, read_rule
from kiosk.sip2_simulator.holdings import Holdings
from kiosk.sip2_simulator.library import SimulatedLibrary
from kiosk.sip2_simulator.manner import Manner


class SimulatedSystem:
    """Listens from `start` (or `with`) on. Every method may be called from any thread."""

    def __init__(  # noqa: PLR0913 - everything but the first two has a default
        self,
        holdings: Holdings,
        manner: Manner,
        *,
        accounts: Mapping[str, Account] | None = None,
        address: tuple[str, int] = ("127.0.0.1", 0),
        tls: ssl.SSLContext | None = None,
        seed: int = 0,
        clock: Callable[[], datetime] = datetime.now,
        told: Told = lambda _came, _went, _rule: None,
    ) -> None:
        """Make a library of *holdings*; without *accounts* every login is welcome. Port 0 takes a free one."""
        self.library = SimulatedLibrary(holdings, clock)
        self.plan = FaultPlan(seed)
        self._door = Door(
            self.library, manner, accounts=accounts or {}, plan=self.plan, address=address, tls=tls, told=told
        )

    @property
    def port(self) -> int:
        return self._door.address[1]

    def start(self) -> None:
        """Begin to listen. Raises: OSError, the port is taken."""
        self._door.open()

    def stop(self) -> None:
        self._door.close()

    def restart(self) -> None:
        """Close every connection and listen again on the same port, as a server that was started anew."""
        self._door.restart()

    def fault(self, words: str) -> str:
        """Switch a fault on, as `faults.read_rule` reads it; return what was understood. Raises: FaultError."""
        rule = read_rule(words)
        understood = str(rule)
        self.plan.add(rule)
        if rule.fault is Fault.REFUSED:
            self._door.close()
        return understood

    def mend(self, fault: Fault | None = None) -> None:
        """Switch a fault off, or all of them."""
        self.plan.clear(fault)
        if fault in {None, Fault.REFUSED}:
            self._door.open()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
