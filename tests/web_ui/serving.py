"""What the tests of the screens stand on: a board one can write on, and a real server around the application."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from kiosk.station.events import Touched
from kiosk.station.view import Frame, StationView, WelcomeView
from web_ui.bench.port import Bench
from web_ui.station import StationFacts, create_app
from web_ui.texts import Texts
from web_ui.touchscreen.house import House

TEXTS = Texts.load()
FACTS = StationFacts(branch="Центральна бібліотека", station="1")


class BlackBoard:
    """A board as the station keeps it, written on by the test."""

    def __init__(self, view: StationView | None = None) -> None:
        self._changed = threading.Condition()
        self._version, self._view = 1, view or WelcomeView(Frame(visit=0, language="uk"))

    def show(self, view: StationView) -> None:
        with self._changed:
            self._version, self._view = self._version + 1, view
            self._changed.notify_all()

    def latest(self) -> tuple[int, StationView]:
        with self._changed:
            return self._version, self._view

    def newer_than(self, version: int, timeout: float) -> tuple[int, StationView] | None:
        with self._changed:
            if not self._changed.wait_for(lambda: self._version > version, timeout):
                return None
            return self._version, self._view


@dataclass
class Desk:
    """An application with its board, and every touch it heard."""

    board: BlackBoard = field(default_factory=BlackBoard)
    touches: list[Touched] = field(default_factory=list)
    bench: Bench | None = None
    facts: StationFacts = FACTS
    house: House | None = None

    def app(self) -> Flask:
        return create_app(
            self.board, self.touches.append, TEXTS, self.facts, self.bench, living_design=True, house=self.house
        )


@contextmanager
def served(app: Flask, port: int = 0) -> Iterator[str]:
    """Serve *app* as the station does and give its address; everything is closed afterwards."""
    connections: dict[int, object] = {}
    server = create_server(
        app,
        map=connections,
        host="127.0.0.1",
        port=port,
        threads=16,
        channel_request_lookahead=1,
        clear_untrusted_proxy_headers=True,
    )
    thread = threading.Thread(target=server.run, name="web-under-test")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        _shut(server, connections, thread)


def _shut(server: Any, connections: dict[int, object], thread: threading.Thread) -> None:
    """Let the server's own thread close its sockets: closed under it, they would be polled once more."""
    server.trigger.pull_trigger(lambda: wasyncore.close_all(connections))
    thread.join(5)
    server.task_dispatcher.shutdown(timeout=5)
