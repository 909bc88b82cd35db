"""What a newcomer does with the demo: borrows at one station, pulls the cable of the other, returns there, plugs in."""

import re
from urllib.request import urlopen

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.demo.conftest import SOON
from tests.demo.running import PATIENCE, RunningDemo

pytestmark = pytest.mark.browser


def station(page: Page, at: int) -> Locator:
    return page.locator("[data-station]").nth(at)


def screen(page: Page, at: int) -> FrameLocator:
    return page.frame_locator(f"[data-station] >> nth={at} >> iframe")


def on_loan(page: Page) -> int:
    """How many loans the ledger of the station in hand has; the centre's are in its own panel."""
    return _number(page.locator("#ledger"))


def on_loan_at_centre(page: Page) -> int:
    return _number(page.locator("#centre"))


def _number(panel: Locator) -> int:
    expect(panel.locator(".facts")).not_to_have_count(0, timeout=SOON)
    heads = panel.locator("h3").all_inner_texts()
    return next(int(found[1]) for head in heads if (found := re.match(r"Loans: (\d+)", head)))


def settled(page: Page, at: int) -> None:
    expect(station(page, at).locator("[data-line]")).to_have_text("in touch", timeout=SOON)


def test_a_book_borrowed_at_one_station_comes_back_at_another_that_is_cut_off(page: Page) -> None:
    hall, children = station(page, 0), station(page, 1)
    before = on_loan_at_centre(page)
    page.fill("#find", "Захар Беркут")
    book = page.locator("#shelf [data-book]").first
    named = f"[data-book={book.get_attribute('data-book')}]"

    page.locator("#cards [data-card=olena]").drag_to(hall.locator(".slot"))
    expect(screen(page, 0).locator("#screen[data-kind=session]")).to_be_visible(timeout=SOON)
    book.drag_to(hall.locator(".pad"))
    expect(screen(page, 0).locator(".row--good")).to_be_visible(timeout=SOON)
    expect(page.locator("#centre h3").last).to_have_text(f"Loans: {before + 1}", timeout=SOON)

    children.locator("[data-here]").click()
    expect(page.locator("#ledger h3").nth(1)).to_have_text(f"Loans: {before + 1}", timeout=SOON)
    children.locator("[data-plug=network]").click()
    hall.locator(named).drag_to(children.locator(".pad"))
    expect(screen(page, 1).locator(".row--good")).to_be_visible(timeout=SOON)
    expect(children.locator("[data-line]")).to_contain_text("has not heard", timeout=SOON)
    assert (on_loan(page), on_loan_at_centre(page)) == (before, before + 1)

    children.locator("[data-plug=network]").click()
    settled(page, 1)
    expect(page.locator("#centre h3").last).to_have_text(f"Loans: {before}", timeout=SOON)
    hall.locator("[data-here]").click()
    expect(page.locator("#ledger h3").nth(1)).to_have_text(f"Loans: {before}", timeout=SOON)
    expect(page.locator("#centre h3").first).to_have_text("Debts: none", timeout=SOON)

    hall.locator(".slot [data-card=olena]").click()
    children.locator(".lift-all").click()


def test_a_dead_tag_is_helped_by_the_barcode_of_its_copy_and_a_card_by_its_own(page: Page) -> None:
    """The number printed on a card may be anybody's copy: it asks for the PIN, which a tap does not here."""
    hall = station(page, 0)
    scan = page.locator("#scan-mode")

    scan.click()
    page.locator("#cards [data-card=olena]").click()
    expect(screen(page, 0).locator("#screen[data-kind=pin]")).to_be_visible(timeout=SOON)
    for typed, digit in enumerate("2580"):
        expect(screen(page, 0).locator(".dot--full")).to_have_count(typed, timeout=SOON)
        screen(page, 0).locator(f"[data-touch=digit][data-value='{digit}']").dispatch_event("click")
    expect(screen(page, 0).locator("#screen[data-kind=session]")).to_be_visible(timeout=SOON)
    scan.click()
    page.fill("#find", "")
    page.locator("[data-filter=odd]").click()
    dead = page.locator("#shelf [data-book=E00401500F0E0D04]")
    dead.drag_to(hall.locator(".pad"))
    expect(screen(page, 0).locator(".row--stop")).to_contain_text("штрихкод", timeout=SOON)
    scan.click()
    hall.locator("[data-book=E00401500F0E0D04]").click()
    expect(screen(page, 0).locator(".row--good")).to_be_visible(timeout=SOON)

    expect(hall.locator(".gate--cleared")).to_be_visible(timeout=SOON)
    scan.click()
    hall.locator(".lift-all").click()
    page.locator("[data-filter=all]").click()


def test_the_bench_leads_to_the_catalogue_and_says_who_may_sign_in(demo: RunningDemo) -> None:
    with urlopen(demo.address, timeout=PATIENCE) as answer:
        bench = answer.read().decode()
    doors = re.findall(r'<a href="(http[^"]+)"', bench)

    with urlopen(doors[0], timeout=PATIENCE) as catalogue:
        assert "ЛітТера" in catalogue.read().decode()
    assert "20000017 · PIN 2580" in bench
