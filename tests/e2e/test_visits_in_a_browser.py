"""Whole visits as a person sees them: from the card and the books to the painted screen, the ledger and the slip."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Page, expect

from kiosk.station.view import DoneView, ReceiptState
from tests.stand import ARMED, CLEARED, Shelf, Stand, make_tag

pytestmark = pytest.mark.browser
Station = Callable[..., AbstractContextManager[Stand]]
SOON = 10_000.0
"""Milliseconds; far more than anything takes."""


def shows(page: Page, kind: str) -> None:
    page.wait_for_selector(f"#screen[data-kind={kind}]", timeout=SOON)


def tap(page: Page, touch: str, value: str = "") -> None:
    """Put a finger on a button. A finger still on its way to the last screen does not count: wait a moment."""
    page.wait_for_timeout(450)
    named = f"[data-touch={touch}]" + (f"[data-value='{value}']" if value else "")
    page.locator(f"#screen {named}").first.tap()


def test_a_stack_goes_home_and_the_slip_says_so(station: Station, shelf: Shelf, page: Page) -> None:
    olena = shelf.patron("Олена")
    items = [shelf.item(f"00120000{number:02}", title=f"Казка {number}") for number in range(3)]
    tags = [make_tag(item) for item in items]

    with station(printer=True) as stand:
        page.goto(stand.kiosk.web.url)
        shows(page, "welcome")
        card = stand.tap(olena)
        shows(page, "session")
        expect(page.locator(".greeting")).to_contain_text("Олена К.")
        stand.lay(*tags)
        expect(page.locator(".tally__number")).to_have_text("3", timeout=SOON)
        expect(page.locator(".row--good")).to_have_count(3)
        expect(page.locator("#screen")).to_contain_text("Казка 2")

        assert set(stand.on_loan()) == {item.id for item in items}
        assert {tag.afi for tag in tags} == {CLEARED}

        stand.lift(*tags)
        card.remove()
        shows(page, "done")
        expect(page.locator("#screen")).to_contain_text("3")
        expect(page.locator("#screen")).not_to_contain_text("Олена")
        tap(page, "print")
        stand.sees(DoneView, lambda view: view.receipt is ReceiptState.PRINTED)
        (slip,) = stand.slips()

        assert "Казка 0" in slip
        assert "Олена" not in slip
        shows(page, "welcome")
        expect(page.locator("#screen")).not_to_contain_text("Казка")


def test_books_come_back_without_a_card(station: Station, shelf: Shelf, page: Page) -> None:
    olena = shelf.patron("Олена")
    items = [shelf.item("0012000001", title="Захар Беркут"), shelf.item("0012000002", title="Земля")]
    for item in items:
        shelf.lend(item, olena)
    tags = [make_tag(item, lent=True) for item in items]

    with station() as stand:
        page.goto(stand.kiosk.web.url)
        shows(page, "welcome")
        stand.lay(*tags)
        shows(page, "stack-first")
        expect(page.locator("#screen")).to_contain_text("Захар Беркут")
        tap(page, "return")
        shows(page, "returns")
        expect(page.locator(".tally__number")).to_have_text("2", timeout=SOON)
        expect(page.locator("#screen")).not_to_contain_text("Олена")

        assert stand.on_loan() == {}
        assert {tag.afi for tag in tags} == {ARMED}

        stand.lift(*tags)
        shows(page, "welcome")


def test_a_pin_is_typed_with_a_finger_and_never_seen(station: Station, shelf: Shelf, page: Page) -> None:
    petro = shelf.patron("Петро", pin="2580")

    with station(timing={"idle_s": 20.0}) as stand:
        page.goto(stand.kiosk.web.url)
        shows(page, "welcome")
        stand.tap(petro)
        shows(page, "pin")
        for digit in "258":
            tap(page, "digit", digit)
        told = page.content()

        assert "258" not in told
        assert "2580" not in told

        tap(page, "digit", "0")
        shows(page, "session")


def tab_to(page: Page, button: str) -> None:
    """Press Tab until the focus is there, as somebody without a finger does."""
    for _ in range(40):
        if page.evaluate("document.activeElement.id") == button:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {button}")


def test_a_whole_visit_needs_no_finger(station: Station, shelf: Shelf, page: Page) -> None:
    petro = shelf.patron("Петро", pin="2580")
    item = shelf.item("0012000001", title="Земля")
    tag = make_tag(item)

    with station(printer=True, timing={"idle_s": 30.0}) as stand:
        page.goto(stand.kiosk.web.url)
        shows(page, "welcome")
        stand.tap(petro)
        shows(page, "pin")
        page.keyboard.type("29")
        page.keyboard.press("Backspace")
        page.keyboard.type("580")
        shows(page, "session")
        stand.lay(tag)
        expect(page.locator(".tally__number")).to_have_text("1", timeout=SOON)
        tab_to(page, "look-contrast")
        page.keyboard.press("Enter")
        expect(page.locator("#screen")).to_have_attribute("data-scheme", "contrast", timeout=SOON)
        tab_to(page, "touch-help")
        page.keyboard.press("Enter")
        expect(page.locator("#help-close")).to_be_focused(timeout=SOON)
        page.keyboard.press("Escape")
        expect(page.locator("#touch-help")).to_be_focused(timeout=SOON)
        tab_to(page, "tab-account")
        page.keyboard.press("Enter")
        expect(page.locator("#account")).to_contain_text("Земля", timeout=SOON)
        tab_to(page, "touch-done")
        page.keyboard.press("Enter")
        shows(page, "done")
        page.keyboard.press("Enter")  # the main thing here: print
        stand.sees(DoneView, lambda view: view.receipt is ReceiptState.PRINTED)

        assert set(stand.on_loan()) == {item.id}


def test_reloading_and_a_second_window_show_the_same_truth(station: Station, shelf: Shelf, page: Page) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001", title="Земля"))

    with station(timing={"idle_s": 20.0}) as stand:
        page.goto(stand.kiosk.web.url)
        shows(page, "welcome")
        stand.tap(olena)
        stand.lay(tag)
        expect(page.locator(".tally__number")).to_have_text("1", timeout=SOON)
        page.reload()
        expect(page.locator(".tally__number")).to_have_text("1", timeout=SOON)
        second = page.context.new_page()
        second.goto(stand.kiosk.web.url)
        expect(second.locator(".tally__number")).to_have_text("1", timeout=SOON)
        tap(second, "language", "en")

        for window in (page, second):
            expect(window.locator("#screen")).to_have_attribute("lang", "en", timeout=SOON)


def test_a_refused_book_says_why_and_what_to_do(station: Station, shelf: Shelf, page: Page) -> None:
    child = shelf.patron("Софія", category="child", born=None)
    tag = make_tag(shelf.item("0012000001", title="Тільки для дорослих", age_from=18))

    with station(timing={"idle_s": 20.0}) as stand:
        page.goto(stand.kiosk.web.url)
        shows(page, "welcome")
        stand.tap(child)
        stand.lay(tag)
        row = page.locator(".row--stop")
        expect(row).to_be_visible(timeout=SOON)
        expect(row.locator(".why").first).not_to_be_empty()
        expect(row.locator(".do").first).not_to_be_empty()

        assert stand.on_loan() == {}
        assert tag.afi == ARMED
