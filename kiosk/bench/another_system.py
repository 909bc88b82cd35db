"""What a stack costs at a library system over SIP2: the system's own time, and what the station adds to it.

The system is simulated and answers *pause* late, every time; line, codec, ledger and the order of questions are the
station's own.
"""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from kiosk.circulation.model import BranchId, CardNumber, ItemId, LendingPolicy, OpeningHours, TitleId
from kiosk.devices import CardIdentity, TagUid
from kiosk.library.local import BranchRules, PinNeed, PinRules
from kiosk.library.port import Copy, GateFact, GateOutcome, Identified, Lent, RequestKey
from kiosk.library.remote import RemoteLibrary, Terms
from kiosk.library.sip2.connection import Endpoint
from kiosk.library.sip2.profile import load_profile
from kiosk.library.sip2.requests import Names
from kiosk.library.sip2.signing_in import Login
from kiosk.library.sip2.system import Sip2System
from kiosk.sip2_simulator.holdings import Holdings, Member, Volume
from kiosk.sip2_simulator.manner import manner
from kiosk.sip2_simulator.system import SimulatedSystem
from kiosk.store import open_store

ZONE = ZoneInfo("Europe/Kyiv")
EVERY_DAY = OpeningHours(week=((datetime.min.time(), datetime.max.time()),) * 7)


@dataclass(frozen=True, slots=True)
class Result:
    """Milliseconds. `messages` is what was asked for one stack; `ratio` is the median over the system's own time."""

    system: str
    items: int
    runs: int
    pause_ms: float
    messages: int
    median_ms: float
    worst_ms: float
    system_ms: float
    ratio: float


def measure_another_system(
    name: str, items: int, pause_ms: float, runs: int, step: Callable[[int], None] = lambda _done: None
) -> Result:
    """Lend and settle a stack *runs* times: another patron and other copies every time, as in a library.

    Raises: RuntimeError - a copy was not lent.
    """
    cards = [CardNumber(f"2{run:07}") for run in range(runs)]
    copies = [[_copy(run, place) for place in range(items)] for run in range(runs)]
    heard: list[bytes] = []
    holdings = _holdings(cards, (copy.item for stack in copies for copy in stack))
    with (
        TemporaryDirectory() as folder,
        SimulatedSystem(holdings, manner(name), told=lambda came, _went, _rule: heard.append(came)) as system,
    ):
        library = _library(Path(folder), name, system.port)
        system.fault(f"slow {pause_ms / 1000} always")
        times, counts = [], []
        for card, stack in zip(cards, copies, strict=True):
            patron = _identified(library, card)
            before, began = len(heard), time.perf_counter()
            _lend(library, patron, tuple(stack))
            times.append((time.perf_counter() - began) * 1000)
            counts.append(len(heard) - before)
            step(len(times))
        system.mend()
        library.close()
    messages = max(counts)
    own = messages * pause_ms
    median = statistics.median(times)
    return Result(
        system=name,
        items=items,
        runs=runs,
        pause_ms=pause_ms,
        messages=messages,
        median_ms=round(median, 1),
        worst_ms=round(max(times), 1),
        system_ms=round(own, 1),
        ratio=round(median / own, 2),
    )


def _identified(library: RemoteLibrary, card: CardNumber) -> Identified:
    answer = library.identify(CardIdentity("bench", "", card, proven=True))
    if not isinstance(answer, Identified):
        raise RuntimeError(f"the simulated library does not know its own card: {answer}")  # noqa: TRY004 - an answer
    return answer


def _lend(library: RemoteLibrary, patron: Identified, stack: tuple[Copy, ...]) -> None:
    answers = library.checkout(patron.patron, stack)
    if not all(isinstance(answer, Lent) for answer in answers):
        raise RuntimeError("a copy was not lent: the simulated library refused, or did not answer in time")
    orders = [order for answer in answers for order in answer.orders]
    library.settle(tuple(GateFact(order, GateOutcome.DONE) for order in orders))


def _copy(run: int, place: int) -> Copy:
    item = ItemId(f"00{run:04}{place:04}")
    return Copy(RequestKey(f"{run}-{place}"), item, "", (TagUid(f"E00401{run:04X}{place:06X}"),))


def _holdings(cards: Iterable[CardNumber], items: Iterable[ItemId]) -> Holdings:
    volumes = tuple(Volume(item, TitleId(f"t{item}"), f"Книжка {item}") for item in items)
    return Holdings(members=tuple(Member(card, "Олена", "Коваль") for card in cards), volumes=volumes)


def _library(folder: Path, name: str, port: int) -> RemoteLibrary:
    rules = BranchRules(
        branch=BranchId("bench"),
        policy=LendingPolicy(),
        hours=EVERY_DAY,
        owners=frozenset(),
        zone=ZONE,
        pin=PinRules(PinNeed.NEVER),
    )
    login = Login("kiosk", "", "3a40852d-49fd-4df2-a1f9-6e2641a6e91f")  # FOLIO wants the UUID of a service point
    endpoint, profile = Endpoint("127.0.0.1", port), load_profile(name)
    system = Sip2System.at(endpoint, profile, login, Names("bench", "bench"), lambda: datetime.now(ZONE))
    library = RemoteLibrary(open_store(folder / "station.db", ballast_mb=0), rules, system, Terms())
    library.recover()
    return library
