"""Run by power_cuts.py: stations that kill themselves at an arrow of their work, as a power cut would.

One process has everything imported and forks a station per order, so a life costs what the station costs. The pipe
that comes with an order hears everything the station says and ends with it. No web server, and the card is told as
an event; everything else is the station as it ships, on whatever pad the order's folder leads to.
"""

import json
import os
import signal
import socket
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from drivers.tag_pads.feig import FeigPad
from kiosk.bootstrap.library import library_of
from kiosk.bootstrap.station import THREAD_TURN, Extras, open_ledger, shell_of
from kiosk.circulation.model import CardNumber
from kiosk.devices import CardChange, CardIdentity, CardReader, DeviceFacts, DeviceLost
from kiosk.library.sip2.connection import Connection
from kiosk.settings import Settings, load_settings
from kiosk.settings.library import LibrarySection
from kiosk.station.board import Board
from kiosk.station.events import CardPresented
from kiosk.station.setup import ReturnsHabit
from kiosk.station.view import RowState, SessionView, StackFirstView, StationView, WelcomeView
from tests.stand import CONFIG, PATIENCE, QUICK
from web_ui.texts import Texts

PLACES: dict[str, Any] = {
    "pad": {"driver": "feig", "feig": {"port": "pad", "parity": "N"}},
    "printer": {"driver": "none"},
    "store": {"path": "station.db", "ballast_mb": 0},
    "timing": QUICK,
    "pin": {"needed": "never"},
    "log": {"level": "error"},
}
"""Relative: a station lives in the folder of its order."""
LIBRARY_ARROWS = (
    "recover", "identify", "account", "recognise", "checkout", "begin_checkin", "finish_checkin", "settle",
)  # fmt: skip
LINE_ARROWS = ("send", "receive")
PAD_ARROWS = ("read", "read_all", "write_afi", "read_gate")
TOLD = (RowState.LENT, RowState.RETURNED, RowState.STAFF)


@dataclass(frozen=True, slots=True)
class Order:
    """A life: where, whose card is tapped, the rows it is to come to, its habit, and the arrow it dies at."""

    folder: str
    card: str = ""
    ends: tuple[str, ...] = ()
    returns: str = "ask"
    dies_at: str = ""
    sip2_port: int = 0  # where another library's system listens; 0 for a station that decides by itself

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Order":
        said = json.loads(raw)
        return cls(**{**said, "ends": tuple(said["ends"])})


class Arrows:
    """Says each step of a station's work ("arrow after write_afi 3": its third), and dies at the one it was told."""

    def __init__(self, order: Order, say: Callable[[str], None]) -> None:
        self._order = order
        self._say = say
        self._passed: Counter[str] = Counter()
        self._one_at_a_time = threading.Lock()

    def around(self, owner: object, *names: str) -> None:
        """Make an arrow of the moment before and of the moment after each of these methods of *owner*."""
        for name in names:
            setattr(owner, name, self._between(name, getattr(owner, name)))

    def _between(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **more: Any) -> Any:
            self._pass(f"before {name}")
            try:
                return method(*args, **more)
            finally:
                self._pass(f"after {name}")

        return step

    def _pass(self, name: str) -> None:
        with self._one_at_a_time:
            self._passed[name] += 1
            arrow = f"{name} {self._passed[name]}"
            self._say(f"arrow {arrow}")
            if arrow == self._order.dies_at:
                self._say(f"dies {arrow}")
                os.kill(os.getpid(), signal.SIGKILL)


class EmptyCardReader:
    """A card reader nobody lays a card on: the card of a visit is told as an event."""

    def __init__(self) -> None:
        self._closed = threading.Event()

    def facts(self) -> DeviceFacts:
        return DeviceFacts("empty", "", "")

    def wait(self, timeout: float) -> CardChange | None:
        self._closed.wait(timeout)
        return None

    def close(self) -> None:
        self._closed.set()


def no_card_reader() -> CardReader:
    raise DeviceLost("there is no card reader here")


def views(board: Board) -> Iterator[StationView]:
    """Everything the screen shows, until it shows the same for too long."""
    version, view = board.latest()
    yield view
    while (news := board.newer_than(version, PATIENCE)) is not None:
        version, view = news
        yield view


class Witness:
    """Watches the screen and says what a patron may take for true; taps the card when the station is open."""

    def __init__(self, order: Order, tell: Callable[[CardPresented], None], say: Callable[[str], None]) -> None:
        self._order = order
        self._tell = tell
        self._say = say
        self._said: set[str] = set()

    def watch(self, board: Board) -> None:
        """Returns when nothing has happened for too long."""
        for view in views(board):
            self._look(view)

    def _look(self, view: StationView) -> None:
        card = self._order.card
        if isinstance(view, WelcomeView | StackFirstView) and (view.frame.lends if card else view.frame.returns):
            self._once("open", then=self._tap if card else None)
        if isinstance(view, SessionView):
            self._once("session")
        rows = getattr(view, "rows", ())
        for row in rows:
            if row.state in TOLD:
                self._once(f"{row.state.value} {row.title}")
        if rows and sorted(row.state.value for row in rows) == sorted(self._order.ends):
            self._once("came through")

    def _tap(self) -> None:
        self._tell(CardPresented("slot", CardIdentity("number", "", CardNumber(self._order.card))))

    def _once(self, word: str, then: Callable[[], None] | None = None) -> None:
        if word in self._said:
            return
        self._said.add(word)
        self._say(word)
        if then is not None:
            then()


def live(order: Order, settings: Settings, texts: Texts, words: int) -> None:
    """One life of a station, said to *words*. It ends by being killed."""

    def say(word: str) -> None:
        os.write(words, f"{word}\n".encode())

    def mourn(name: str) -> None:
        say(f"dead: {name}")

    say(f"pid {os.getpid()}")
    os.chdir(order.folder)
    station = settings.station.model_copy(update={"returns": ReturnsHabit(order.returns)})
    settings = settings.model_copy(update={"station": station, "library": _library(order)})
    sys.setswitchinterval(THREAD_TURN)
    store = open_ledger(settings)
    library = library_of(settings, store, {})
    arrows = Arrows(order, say)
    arrows.around(store._engine.dialect, "do_commit")
    arrows.around(library, *LIBRARY_ARROWS)
    arrows.around(FeigPad, *PAD_ARROWS)
    arrows.around(Connection, *LINE_ARROWS)
    extras = Extras(open_card_reader=EmptyCardReader if order.card else no_card_reader)
    shell = shell_of(settings, library, texts, extras, mourn)
    library.recover()
    shell.start()
    Witness(order, shell.tell, say).watch(shell.board)


def _library(order: Order) -> LibrarySection:
    if not order.sip2_port:
        return LibrarySection()
    sip2 = {"host": "127.0.0.1", "port": order.sip2_port, "profile": "koha", "user": "kiosk"}
    return LibrarySection.model_validate({"kind": "sip2", "settles_s": 0.1, "sip2": sip2})


def serve(orders: socket.socket) -> None:
    """Fork a station for every order that comes, until nobody gives orders any more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead: their pipe says it
    settings = load_settings(CONFIG, "central", "hall", PLACES)
    texts = Texts.load(only=settings.network.languages)
    while True:
        raw, pipes, _, _ = socket.recv_fds(orders, 4096, 1)
        if not raw:
            return
        if os.fork() == 0:
            os.dup2(pipes[0], sys.stderr.fileno())  # what goes wrong is said, too
            try:
                live(Order.from_bytes(raw), settings, texts, pipes[0])
            except BaseException:
                sys.excepthook(*sys.exc_info())
            finally:
                os._exit(1)
        os.close(pipes[0])


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
