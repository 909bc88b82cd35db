"""The stream of screens over the server the station runs: every browser gets the truth, at once and in one message."""

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from kiosk.station.view import StartingView, WelcomeView
from tests.web_ui.serving import FACTS, TEXTS, BlackBoard, Desk, served
from web_ui.design.samples import FRAME, done, mixed_session
from web_ui.sse import frame, messages
from web_ui.station import MAX_STREAMS
from web_ui.touchscreen.canvas import Canvas, Picture
from web_ui.touchscreen.screens import Screens


class Listener:
    """A browser's end of a stream, read event by event."""

    def __init__(self, address: str, path: str = "/events") -> None:
        self._line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
        self._line.request("GET", path)
        self.answer = self._line.getresponse()

    def event(self) -> dict[str, str]:
        """Read the next event; comments are no events."""
        heard: dict[str, list[str]] = {}
        while (line := self.answer.readline()) != b"\n" or not heard.get("data"):
            assert line, "the stream has ended"
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name in {"id", "event", "data"}:
                heard.setdefault(name, []).append(value)
        return {name: "\n".join(values) for name, values in heard.items()}

    def screen(self) -> dict[str, str]:
        """Read on to the next screen."""
        while "event" in (heard := self.event()):
            pass
        return heard

    def close(self) -> None:
        self.answer.close()
        self._line.close()


@contextmanager
def listening(address: str, path: str = "/events") -> Iterator[Listener]:
    listener = Listener(address, path)
    try:
        yield listener
    finally:
        listener.close()


def test_a_browser_hears_what_is_true_now_and_then_what_changes():
    desk = Desk()
    with served(desk.app()) as address, listening(address) as browser:
        assert browser.event()["event"] == "boot"
        first = browser.event()

        desk.board.show(mixed_session())
        second = browser.event()

    assert 'data-kind="welcome"' in first["data"]
    assert 'data-kind="session"' in second["data"]
    assert int(second["id"]) == int(first["id"]) + 1


def test_a_browser_that_was_away_gets_the_latest_screen_only():
    desk = Desk()
    with served(desk.app()) as address:
        for number in range(50):
            desk.board.show(replace(mixed_session(), name=f"Читач {number}"))
        with listening(address) as browser:
            heard = browser.screen()

    assert "Читач 49" in heard["data"]
    assert heard["id"] == "51"


def test_two_browsers_get_the_same_screens():
    desk = Desk()
    with served(desk.app()) as address, listening(address) as one, listening(address) as other:
        one.screen(), other.screen()
        desk.board.show(mixed_session())

        assert one.screen() == other.screen()


def test_a_silent_stream_beats_so_that_the_browser_knows_it_lives(monkeypatch):
    monkeypatch.setattr("web_ui.sse.HEARTBEAT", 0.1)
    desk = Desk()
    with served(desk.app()) as address, listening(address) as browser:
        browser.screen()

        assert [browser.event()["event"] for _ in range(3)] == ["beat"] * 3


def test_a_browser_that_hung_up_gives_its_place_back(monkeypatch):
    monkeypatch.setattr("web_ui.sse.HEARTBEAT", 0.1)
    desk = Desk()
    with served(desk.app()) as address:
        for _ in range(3 * MAX_STREAMS):
            _wait_until(lambda: _hears_a_screen(address))


def test_too_many_browsers_are_told_so_and_touches_are_still_heard(monkeypatch):
    monkeypatch.setattr("web_ui.sse.HEARTBEAT", 0.1)
    desk = Desk()
    with served(desk.app()) as address:
        crowd = [Listener(address) for _ in range(MAX_STREAMS)]
        try:
            refused = _status(address, "/events")
            page = _status(address, "/")
        finally:
            for browser in crowd:
                browser.close()

    assert refused == 503
    assert page == 200


def test_a_closed_board_ends_its_streams_instead_of_beating_at_full_speed():
    told = messages(Picture(1, "<main>", "uk"), lambda _seen, _within: None, lambda: False, "boot")

    assert len(list(told)) == 2


@pytest.mark.parametrize("text", ["one\ntwo", "one\rtwo", "one\r\ntwo"])
def test_no_line_end_in_a_title_can_end_an_event(text):
    written = frame(text, number=3)

    assert written == "id: 3\ndata: one\ndata: two\n\n"


def test_one_view_is_drawn_once_for_everybody():
    drawn: list[object] = []

    class CountingScreens(Screens):
        def draw(self, view, age=0.0):
            drawn.append(view)
            return super().draw(view, age)

    board = BlackBoard()
    canvas = Canvas(board, CountingScreens(TEXTS, FACTS))
    board.show(mixed_session())

    threads = [threading.Thread(target=canvas.newer_than, args=(1, 1.0)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(drawn) == 1


def test_a_reloaded_goodbye_counts_on_from_where_it_was():
    now = [100.0]
    board = BlackBoard(done(ends_in=8.0))
    canvas = Canvas(board, Screens(TEXTS, FACTS), clock=lambda: now[0])
    assert 'data-left="8"' in canvas.now().text

    now[0] += 5.0

    assert 'data-left="3"' in canvas.now().text


def test_the_page_shows_the_present_screen_before_any_script_runs():
    desk = Desk()
    desk.board.show(StartingView(replace(FRAME, language="en")))

    page = desk.app().test_client().get("/", base_url="http://localhost").get_data(as_text=True)

    assert "The station is waking up" in page
    assert '<html lang="en"' in page


def test_the_page_of_the_welcome_screen_has_no_name_and_no_title():
    desk = Desk()
    desk.board.show(mixed_session())
    client = desk.app().test_client()
    client.get("/", base_url="http://localhost")

    desk.board.show(WelcomeView(FRAME))
    page = client.get("/", base_url="http://localhost").get_data(as_text=True)

    assert "Оленка" not in page
    assert "предків" not in page


def _hears_a_screen(address: str) -> bool:
    with listening(address) as browser:
        return browser.answer.status == 200 and "data-kind" in browser.screen()["data"]


def _status(address: str, path: str) -> int:
    with listening(address, path) as browser:
        return browser.answer.status


def _wait_until(true, within: float = 10.0) -> None:
    end = time.monotonic() + within
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)
