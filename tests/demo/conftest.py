"""One demo per test process; a page of the bench per test, which leaves the table as it found it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsers import silent_page
from tests.demo.running import RunningDemo, demo_running

SOON = 10_000.0


@pytest.fixture(scope="session")
def demo() -> Iterator[RunningDemo]:
    with demo_running() as running:
        yield running


@pytest.fixture
def page(demo: RunningDemo, chromium: Browser) -> Iterator[Page]:
    """The bench in English with two stations that wait for somebody."""
    with silent_page(chromium, 1600, 950) as page:
        page.goto(f"{demo.address}?lang=en")
        for at in range(2):
            screen = page.frame_locator(f"[data-station] >> nth={at} >> iframe")
            expect(screen.locator("#screen[data-kind=welcome]")).to_be_visible(timeout=2 * SOON)  # a goodbye lasts 12 s
        page.wait_for_selector("#shelf [data-book]")
        yield page
