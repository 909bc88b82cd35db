"""The demo before a library system of somebody else's: borrowed there, borrowed while it is silent, told afterwards."""

import pytest
from playwright.sync_api import Browser, expect

from kiosk.bootstrap.demo_system import systems
from kiosk.cli.demo import LIBRARIES
from tests.browsers import silent_page
from tests.demo.conftest import SOON
from tests.demo.running import demo_running
from tests.demo.test_two_stations import on_loan_at_centre, screen, station


def test_every_system_that_can_be_asked_and_can_answer_is_offered() -> None:
    assert systems() == LIBRARIES


@pytest.mark.browser
def test_a_loan_is_made_by_the_system_and_one_while_it_is_silent_is_told(chromium: Browser) -> None:
    with demo_running("--library", "koha") as demo, silent_page(chromium, 1600, 950) as page:
        page.goto(f"{demo.address}?lang=en")
        page.wait_for_selector("#shelf [data-book]")
        expect(page.locator(".zone--centre h2")).to_have_text("What Koha 18.12 knows")
        expect(screen(page, 0).locator("#screen[data-kind=welcome]")).to_be_visible(timeout=SOON)
        hall, before = station(page, 0), on_loan_at_centre(page)
        page.locator("#cards [data-card=olena]").drag_to(hall.locator(".slot"))
        expect(screen(page, 0).locator("#screen[data-kind=session]")).to_be_visible(timeout=SOON)

        page.fill("#find", "Захар Беркут")
        page.locator("#shelf [data-book]").first.drag_to(hall.locator(".pad"))
        expect(screen(page, 0).locator(".row--good")).to_have_count(1, timeout=SOON)
        expect(page.locator("#centre h3").last).to_have_text(f"Loans: {before + 1}", timeout=SOON)

        hall.locator("[data-plug=library]").click()
        page.fill("#find", "Лісова пісня")
        page.locator("#shelf [data-book]").first.drag_to(hall.locator(".pad"))
        expect(screen(page, 0).locator(".row--good")).to_have_count(2, timeout=2 * SOON)
        expect(hall.locator("[data-line]")).to_have_text("the library system has not heard: 1", timeout=SOON)
        assert on_loan_at_centre(page) == before + 1

        hall.locator("[data-plug=library]").click()
        expect(page.locator("#centre h3").last).to_have_text(f"Loans: {before + 2}", timeout=2 * SOON)
        expect(hall.locator("[data-line]")).to_have_text("in touch", timeout=SOON)
        expect(page.locator("#ledger h3").first).to_have_text("Debts: none")
