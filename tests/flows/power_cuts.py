"""A bench for power cuts: tags, a pad and a ledger here, and stations in processes of their own that die on them.

How a station dies is said in `kill_child.py`; what must be true after it in `test_kills.py`.
"""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import chdir, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from drivers.tag_pads.feig_simulator import SimulatedFeigPad
from drivers.tag_pads.simulated_tags import SimulatedTag
from kiosk.settings import load_settings
from tests.flows.kill_child import PLACES, Order
from tests.stand import ARMED, CLEARED, CONFIG, PATIENCE, Shelf, fill, make_tag

ROOT = Path(__file__).parents[2]
NOVEL, POEMS, ATLAS = "0012000001", "0012000002", "0012000003"
"""Three copies; the atlas has two parts and so two tags."""
LENT, RETURNED, STAFF = "lent", "returned", "staff"


@dataclass(frozen=True)
class Story:
    """A visit that is cut: the rows it would have ended with, and the copy whose tag is locked."""

    name: str
    ends: tuple[str, str, str]
    locked: str = ""

    @property
    def returns(self) -> bool:
        return RETURNED in self.ends

    @property
    def obeying(self) -> set[str]:
        """The copies whose tags do as they are told."""
        return {NOVEL, POEMS, ATLAS} - {self.locked}


class Life:
    """One life of a station, and everything it said."""

    def __init__(self, orders: socket.socket, order: Order) -> None:
        listen, speak = os.pipe()
        socket.send_fds(orders, [order.to_bytes()], [speak])
        os.close(speak)
        self._pipe = os.fdopen(listen)
        self._pid = int(self._pipe.readline().removeprefix("pid "))
        self.words: list[str] = []

    def says(self, word: str) -> bool:
        """Listen until it says this; False when it died before."""
        for line in self._pipe:
            self.words.append(line.rstrip("\n"))
            if self.words[-1] == word:
                return True
        return False

    def end(self) -> None:
        """Cut the power, and hear its last words."""
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        self.says("the word nobody says")
        self._pipe.close()
        assert not any(word.startswith(("Traceback", "dead")) for word in self.words), "\n".join(self.words)

    @property
    def lives(self) -> bool:
        try:
            os.kill(self._pid, 0)
        except ProcessLookupError:
            return False
        return True

    @property
    def died_at(self) -> str:
        """The arrow it killed itself at; empty when it never came to it."""
        return "".join(self._said("dies"))

    @property
    def arrows(self) -> tuple[str, ...]:
        """Every arrow it passed, in order: `after write_afi 3`."""
        return self._said("arrow")

    def promised(self, green: str) -> set[str]:
        """The copies the screen showed green."""
        return set(self._said(green))

    def _said(self, of: str) -> tuple[str, ...]:
        return tuple(word.removeprefix(f"{of} ") for word in self.words if word.startswith(f"{of} "))


@dataclass
class World:
    """What outlives a power cut: tags on a pad, a ledger on a disk."""

    folder: Path
    story: Story
    orders: socket.socket
    pad: SimulatedFeigPad
    tags: list[SimulatedTag] = field(default_factory=list)
    sip2_port: int = 0

    def __post_init__(self) -> None:
        lent = self.story.returns
        self.tags = [make_tag(NOVEL, lent=lent), make_tag(POEMS, lent=lent)]
        self.tags += [make_tag(ATLAS, parts=2, part=part, lent=lent) for part in (1, 2)]
        for tag in self.tags_of(self.story.locked) if self.story.locked else ():
            tag.lock("afi")

    @property
    def ledger(self) -> Path:
        return self.folder / "station.db"

    def tags_of(self, item: str) -> list[SimulatedTag]:
        return [tag for tag in self.tags if tag.uid.startswith(f"E00401{int(item):08X}")]

    def lay(self) -> None:
        for tag in self.tags:
            self.pad.lay(tag)

    def begin(self, *, card: bool, dies_at: str = "") -> Life:
        """Switch a station on here. Its patron taps as soon as it is open, when there is a *card*."""
        number = "20000001" if card else ""
        habit = "at-once" if self.story.returns else "ask"
        return Life(self.orders, Order(str(self.folder), number, self.story.ends, habit, dies_at, self.sip2_port))

    def visit(self, *, dies_at: str = "", after: float | None = None) -> Life:
        """Live the story of this world until the power goes: at an arrow, or *after* seconds with the books there."""
        borrows = not self.story.returns
        life = self.begin(card=borrows, dies_at=dies_at)
        if life.says("session" if borrows else "open"):
            self.lay()
            if after is None:
                life.says("came through")
            else:
                time.sleep(after)  # chance, not waiting: whatever is done by then is done
        life.end()
        return life

    # --- what the ledger says --------------------------------------------------------------------------

    def ask(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.ledger}?mode=ro", uri=True)) as ledger:
            return ledger.execute(question, values).fetchall()

    def _items(self, question: str) -> set[str]:
        return {item for (item,) in self.ask(question)}

    def on_loan(self) -> set[str]:
        return self._items("SELECT item FROM loans WHERE state = 'open'")

    def owed(self) -> set[str]:
        return self._items("SELECT item FROM debts WHERE closed IS NULL")

    def under_way(self) -> set[str]:
        """Copies with a gate order or a return that is neither done nor taken back."""
        orders = self._items("SELECT item FROM intents WHERE state IN ('pending', 'owed')")
        return orders | self._items("SELECT item FROM returns WHERE state = 'begun'")

    def differing(self) -> set[str]:
        """Copies whose gate bit is not what the ledger says it should be."""
        lent = self.on_loan()
        wanted = {item: CLEARED if item in lent else ARMED for item in (NOVEL, POEMS, ATLAS)}
        return {item for item, afi in wanted.items() if any(tag.afi != afi for tag in self.tags_of(item))}

    def unsettled(self) -> set[str]:
        return self.owed() | self.under_way() | self.differing()

    def agrees_or_owes(self) -> bool:
        """Whether every difference, and everything still to be done, has a name."""
        return (self.under_way() | self.differing()) <= self.owed()

    def journaled(self, event: str) -> Counter[str]:
        """How often the journal says this of each copy."""
        rows = self.ask("SELECT payload FROM journal WHERE type = ?", event)
        return Counter(json.loads(payload)["item"] for (payload,) in rows)

    def comes_to(self, wanted: Callable[[], bool], life: Life, what: str) -> None:
        """Wait until ledger and tags are as *wanted* while *life* goes on. Fails with all it said."""
        until = time.monotonic() + PATIENCE
        while not wanted():
            if time.monotonic() > until:
                life.end()
                raise AssertionError(f"never {what}: {self.account()}\n" + "\n".join(life.words))
            time.sleep(0.01)

    def account(self) -> str:
        bits = {tag.uid: f"{tag.afi:02X}" for tag in self.tags}
        debts = self.ask("SELECT kind, item, tag, evidence FROM debts WHERE closed IS NULL")
        return f"bits {bits}, on loan {self.on_loan()}, debts {debts}, under way {self.under_way()}"


@dataclass(frozen=True)
class Bench:
    """Where worlds come from, and where stations are told how to live and die."""

    folder: Path
    orders: socket.socket

    @contextmanager
    def world(self, story: Story) -> Iterator[World]:
        folder = Path(mkdtemp(dir=self.folder))
        shutil.copy(self.folder / f"{story.returns}.db", folder / "station.db")
        with SimulatedFeigPad(link=folder / "pad") as pad:
            yield World(folder, story, self.orders, pad)
        shutil.rmtree(folder)


@contextmanager
def power_cuts(folder: Path) -> Iterator[Bench]:
    """Make ledgers to begin with, and start the process stations are forked from."""
    settings = load_settings(CONFIG, "central", "hall", PLACES)
    for lent in (False, True):
        with chdir(folder):
            fill(settings, _shelf(lent=lent))
            Path("station.db").rename(f"{lent}.db")
    orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        command = [sys.executable, "-m", "tests.flows.kill_child", str(theirs.fileno())]
        stations = subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno()])
    with stations, orders:
        yield Bench(folder, orders)
        orders.shutdown(socket.SHUT_RDWR)


def _shelf(*, lent: bool) -> Shelf:
    shelf = Shelf()
    olena = shelf.patron("Олена")
    for number, parts in ((NOVEL, 1), (POEMS, 1), (ATLAS, 2)):
        item = shelf.item(number, title=number, parts=parts)
        if lent:
            shelf.lend(item, olena)
    return shelf
