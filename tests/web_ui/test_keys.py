"""A keyboard or a keypad does everything a finger does, and a question keeps the focus until it is answered."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from kiosk.station.events import Touched
from kiosk.station.view import PinView, StationView, Touch, WelcomeView
from tests.browsers import silent_page
from tests.web_ui.serving import Desk, served
from web_ui.design.samples import FRAME, mixed_session


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with silent_page(chromium, 1080, 1920, reduced_motion="reduce", has_touch=True) as page:
        yield page


def show(page: Page, desk: Desk, view: StationView) -> None:
    desk.board.show(view)
    page.wait_for_function("v => document.body.dataset.version === String(v)", arg=desk.board.latest()[0])


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.id")


@pytest.mark.browser
def test_every_button_of_a_screen_is_met_by_tab_in_the_order_it_is_read(page: Page) -> None:
    desk = Desk()
    with served(desk.app()) as address:
        page.goto(address)
        show(page, desk, mixed_session())
        buttons = page.eval_on_selector_all("#screen button:not(:disabled)", "all => all.map(el => el.id)")
        met = []
        while len(met) < len(buttons):
            page.keyboard.press("Tab")
            if focused(page) in buttons:
                met.append(focused(page))
                ring = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
                assert ring >= 3
        page.close()

    assert met == buttons


@pytest.mark.browser
def test_help_is_opened_read_and_closed_by_keys_and_the_focus_comes_back(page: Page) -> None:
    desk = Desk()
    with served(desk.app()) as address:
        page.goto(address)
        page.locator("#touch-help").focus()
        page.keyboard.press("Enter")
        show(page, desk, WelcomeView(replace(FRAME, helping=True)))
        expect(page.locator("#help-close")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.locator("#touch-call")).to_be_focused()
        page.keyboard.press("Shift+Tab")
        expect(page.locator("#help-close")).to_be_focused()
        page.keyboard.press("Escape")
        show(page, desk, WelcomeView(FRAME))
        expect(page.locator("#touch-help")).to_be_focused()
        page.wait_for_load_state("networkidle")
        page.close()

    assert [touched.touch for touched in desk.touches] == [Touch.HELP, Touch.HELP]


@pytest.mark.browser
def test_a_keypad_types_the_pin_and_escape_leaves(page: Page) -> None:
    desk = Desk()
    with served(desk.app()) as address:
        page.goto(address)
        show(page, desk, PinView(FRAME, typed=0, length=4, tries_left=None, checking=False))
        for key in ("4", "Backspace", "7", "Escape"):
            page.keyboard.press(key)
        page.wait_for_load_state("networkidle")
        page.close()

    assert desk.touches == [
        Touched(Touch.DIGIT, "4", 7),
        Touched(Touch.ERASE, "", 7),
        Touched(Touch.DIGIT, "7", 7),
        Touched(Touch.CANCEL, "", 7),
    ]


@pytest.mark.browser
def test_enter_does_the_main_thing_and_arrows_go_through_the_rest(page: Page) -> None:
    desk = Desk()
    with served(desk.app()) as address:
        page.goto(address)
        show(page, desk, mixed_session())
        expect(page.locator("#screen")).to_be_focused()
        page.keyboard.press("Enter")
        page.locator("#touch-help").focus()
        page.keyboard.press("ArrowUp")
        expect(page.locator("#touch-done")).to_be_focused()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_load_state("networkidle")
        page.close()

    assert len(desk.touches) == 2
    assert desk.touches[0].touch is Touch.DONE


@pytest.mark.browser
def test_the_keyboard_stays_in_an_open_question(page: Page) -> None:
    desk = Desk()
    with served(desk.app()) as address:
        page.goto(address)
        show(page, desk, replace(mixed_session(), frame=replace(FRAME, leaving_in=9.0)))
        seen = set()
        for _ in range(6):
            page.keyboard.press("Tab")
            seen.add(page.evaluate("document.activeElement.id"))
        page.keyboard.press("Escape")
        page.wait_for_load_state("networkidle")
        page.close()

    assert seen <= {"touch-here", "leaving-done", "", "screen"}
    assert [touched.touch for touched in desk.touches] == [Touch.HERE]
