"""What only a real browser can tell of sounds: each event is heard once, files play, captions stand on the screen."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from kiosk.station.view import RowState
from tests.browsers import silent_page
from tests.web_ui.serving import Desk, served
from web_ui.design.samples import row, session

pytestmark = pytest.mark.browser
LISTEN = """
globalThis.played = [];
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  played.push(new URL(this.src).pathname.replace("/static/", ""));
  return play.call(this);
};
"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with silent_page(chromium, 1080, 1920, reduced_motion="reduce") as page:
        page.add_init_script(LISTEN)
        yield page


def show(page: Page, desk: Desk, view) -> None:
    desk.board.show(view)
    page.wait_for_function("v => document.body.dataset.version === String(v)", arg=desk.board.latest()[0])


def test_each_event_is_heard_once_and_the_worst_of_several(page):
    desk = Desk()
    with served(desk.app()) as address:
        page.goto(address)
        show(page, desk, session(row(1, RowState.OPENING)))
        show(page, desk, session(row(1, RowState.LENT)))
        show(page, desk, session(row(1, RowState.LENT), row(2, RowState.READING)))
        show(page, desk, session(row(1, RowState.LENT), row(2, RowState.LENT), row(3, RowState.REFUSED)))
        show(page, desk, session(row(1, RowState.LENT), row(2, RowState.LENT), row(3, RowState.PUT_BACK)))

        assert page.evaluate("played") == ["sounds/done.wav", "sounds/stop.wav", "sounds/look.wav"]
        page.close()


def test_a_page_that_has_just_come_is_silent(page):
    desk = Desk()
    desk.board.show(session(row(1, RowState.LENT)))
    with served(desk.app()) as address:
        page.goto(address)
        show(page, desk, session(row(1, RowState.LENT), row(2, RowState.READING)))

        assert page.evaluate("played") == []
        page.close()


def test_who_asks_for_it_is_spoken_to_and_reads_what_is_said(page):
    desk = Desk()
    view = replace(session(row(1, RowState.LENT)), lent=1, busy=False, blocks=())
    spoken = replace(view, frame=replace(view.frame, look=replace(view.frame.look, spoken=True)))
    with served(desk.app()) as address:
        page.goto(address)
        show(page, desk, view)
        show(page, desk, spoken)

        expect(page.locator("#caption")).to_contain_text("Видано 1 книжку. Можна забирати.")
        assert page.evaluate("played") == ["sounds/done.wav", "spoken/uk/lent-1.ogg"]
        page.close()


def test_the_browser_can_play_what_is_shipped(page):
    desk = Desk()
    with served(desk.app()) as address:
        page.goto(address)
        seconds = page.evaluate(
            """async (names) => Promise.all(names.map((name) => new Promise((found, failed) => {
                const audio = new Audio("/static/" + name);
                audio.onloadedmetadata = () => found(audio.duration);
                audio.onerror = () => failed(name);
            })))""",
            [
                "sounds/done.wav",
                "sounds/look.wav",
                "sounds/stop.wav",
                *(f"spoken/{x}/lent-5.ogg" for x in ("uk", "en", "pl")),
            ],
        )

        assert all(0.2 < one < 6 for one in seconds)
        page.close()
