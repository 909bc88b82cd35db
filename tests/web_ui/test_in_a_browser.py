"""What only a real browser can tell: morphing, reconnecting, touches, and the bench."""

import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from kiosk.station.events import Touched
from kiosk.station.view import PinView, RowState, Touch
from tests.browsers import silent_page
from tests.web_ui.fake_bench import FakeBench
from tests.web_ui.serving import Desk, served
from web_ui.design.samples import FRAME, mixed_session, row, session

pytestmark = pytest.mark.browser
WAITED_FOR_GHOSTS = 400


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with silent_page(chromium, 1080, 1920, reduced_motion="reduce", has_touch=True) as page:
        yield page


def show(page: Page, desk: Desk, view) -> None:
    desk.board.show(view)
    page.wait_for_function("v => document.body.dataset.version === String(v)", arg=desk.board.latest()[0])


def test_a_row_that_turns_green_stays_the_same_element_and_keeps_its_place(page):
    desk = Desk()
    with served(desk.app()) as address:
        page.goto(address)
        many = [row(n, RowState.LENT) for n in range(30)]
        show(page, desk, session(row(99, RowState.OPENING), *many))
        page.evaluate("document.getElementById('row-b99').kept = true; document.getElementById('rows').scrollTop = 300")

        show(page, desk, session(row(99, RowState.LENT), *many))

        assert page.evaluate("document.getElementById('row-b99').kept") is True
        assert page.evaluate("document.getElementById('rows').scrollTop") == 300
        expect(page.locator("#row-b99")).to_contain_text("Видано, можна брати")
        page.close()


def test_fingers_reach_the_station_with_the_visit_they_meant(page):
    desk = Desk()
    with served(desk.app()) as address:
        page.goto(address)
        show(page, desk, mixed_session())
        page.wait_for_timeout(WAITED_FOR_GHOSTS)

        page.tap("#tab-account")
        page.tap("#language-en")
        page.locator("#row-b5 [data-touch=return-row]").tap()
        page.wait_for_load_state("networkidle")
        page.close()

    assert desk.touches == [
        Touched(Touch.ACCOUNT, "", 7),
        Touched(Touch.LANGUAGE, "en", 7),
        Touched(Touch.RETURN_ROW, "b5", 7),
    ]


def test_a_finger_meant_for_the_last_screen_does_not_touch_the_new_one(page):
    desk = Desk()
    with served(desk.app()) as address:
        page.goto(address)
        before = page.evaluate("changedAt")
        show(page, desk, mixed_session())
        assert page.evaluate("changedAt") > before

        page.evaluate("changedAt = performance.now() + 60000")  # the screen has just changed, however slow we are
        page.tap("#touch-done")
        page.evaluate("changedAt = performance.now() - GHOST_MS")
        page.tap("#touch-done")
        page.wait_for_load_state("networkidle")
        page.close()

    assert desk.touches == [Touched(Touch.DONE, "", 7)]


def test_a_finger_pressed_while_the_screen_changes_under_it_still_counts(page):
    desk = Desk()
    pin = PinView(FRAME, typed=0, length=4, tries_left=None, checking=False)
    with served(desk.app()) as address:
        page.goto(address)
        show(page, desk, pin)
        page.wait_for_timeout(WAITED_FOR_GHOSTS)
        page.hover("#digit-5")
        page.mouse.down()

        show(page, desk, replace(pin, books=3))
        with page.expect_response("**/touch"):
            page.mouse.up()
        page.close()

    assert desk.touches == [Touched(Touch.DIGIT, "5", 7)]


def test_a_station_that_starts_again_is_shown_without_a_hand(page):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    first, second = Desk(), Desk()
    with served(first.app(), port) as address:
        page.goto(address)
        show(page, first, mixed_session())
    expect(page.locator("#veil")).to_be_visible()

    with served(second.app(), port):
        expect(page.locator("[data-kind=welcome]")).to_be_visible(timeout=15_000)
        expect(page.locator("#veil")).to_be_hidden()
        page.wait_for_timeout(WAITED_FOR_GHOSTS)
        page.tap("#touch-return")
        page.wait_for_load_state("networkidle")
        page.close()

    assert [touched.touch for touched in second.touches] == [Touch.RETURN]


def test_the_question_are_you_still_there_counts_down_and_has_the_focus(page):
    desk = Desk()
    with served(desk.app()) as address:
        page.goto(address)
        show(page, desk, mixed_session())

        show(page, desk, replace(mixed_session(), frame=replace(FRAME, leaving_in=9.0)))

        expect(page.locator("#touch-here")).to_be_focused()
        expect(page.locator(".leaving .seconds")).to_have_text("7", timeout=4000)
        page.close()


def test_a_book_is_dragged_onto_the_pad_and_a_card_is_tapped_on_the_bench(page):
    bench = FakeBench(books=12)
    page.set_viewport_size({"width": 1600, "height": 950})
    with served(Desk(bench=bench).app()) as address:
        page.goto(f"{address}/bench/?lang=en")
        hall, children = (page.locator(f"[data-station={one}]") for one in ("hall", "children"))
        page.locator("#shelf [data-book=b003]").drag_to(hall.locator(".pad"))
        expect(hall.locator(".pad [data-book=b003]")).to_be_visible()
        page.locator("#shelf [data-book=b004]").click()
        expect(hall.locator(".pad [data-book=b004]")).to_be_visible()
        hall.locator(".pad [data-book=b004]").drag_to(children.locator(".pad"))
        expect(children.locator(".pad [data-book=b004]")).to_be_visible()
        hall.locator(".pad [data-book=b003]").drag_to(page.locator("#shelf"))
        expect(page.locator("#shelf [data-book=b003]")).to_be_visible()

        page.locator("[data-card=olenka]").drag_to(children.locator(".slot"))
        expect(children.locator(".slot [data-card=olenka]")).to_be_visible()
        hall.locator("[data-here]").click()
        page.locator("[data-card=marko]").press("Enter")
        expect(hall.locator(".slot [data-card=marko]")).to_be_visible()
        expect(page.locator("#cards [data-card=marko]")).to_be_visible()
        page.close()

    assert {(book.id, book.at) for book in bench.latest()[1].books if book.on_pad} == {("b004", "children")}
    assert [(card.id, card.at) for card in bench.latest()[1].cards if card.slot] == [("olenka", "children")]


@pytest.mark.parametrize("lang", ["uk", "en"])
def test_the_bench_can_be_used_by_everybody(chromium, lang):
    bench = FakeBench()
    bench.lay(("b000", "b001"))
    with served(Desk(bench=bench).app()) as address:
        context = chromium.new_context(
            viewport={"width": 1600, "height": 950}, reduced_motion="reduce", bypass_csp=True
        )
        page = context.new_page()
        page.goto(f"{address}/bench/?lang={lang}")
        page.wait_for_selector(".pad .lying")
        found = Axe().run(page).response["violations"]
        context.close()

    assert {v["id"]: [node["html"][:160] for node in v["nodes"]][:3] for v in found} == {}
