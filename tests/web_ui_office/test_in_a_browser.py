"""What only a real browser can tell: who can use the office, on a phone and at a desk, in both languages."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.web_ui_catalogue.city import served
from tests.web_ui_office.stand import PASSWORD

pytestmark = pytest.mark.browser
SHAPES = {"phone": (390, 844), "desktop": (1280, 900)}
PATHS = (
    "/", "/debts", "/tags?branch=", "/desk", "/figures?from=2026-11-01&until=2026-11-30", "/patrons", "/settings",
    "/settings/branch:music", "/audit",
)  # fmt: skip
SMALL = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary')]
    .filter(el => el.offsetParent && !el.closest('.heard, .skip'))
    .map(el => [(el.innerText || el.name || el.className).slice(0, 40), el.getBoundingClientRect()])
    .filter(([, box]) => box.width && Math.min(box.width, box.height) < 47.5)
    .map(([name, box]) => `${name} ${Math.round(box.width)}x${Math.round(box.height)}`)"""
TOO_WIDE = "() => Math.max(0, document.documentElement.scrollWidth - innerWidth)"


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    app.config["SESSION_COOKIE_SECURE"] = False
    with served(app) as address:
        yield f"{address}/office"


def enter(page: Page, address: str, lang: str) -> None:
    page.goto(f"{address}/sign-in?lang={lang}")
    page.fill("#login", "director")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url("**/office/")


@pytest.mark.parametrize(("shape", "lang", "scheme"), [("phone", "uk", "light"), ("desktop", "en", "dark")])
def test_every_page_can_be_used_by_everybody(
    chromium: Browser, address: str, shape: str, lang: str, scheme: str
) -> None:
    width, height = SHAPES[shape]
    context = chromium.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True
    )  # type: ignore[arg-type]
    page, wrong = context.new_page(), {}
    enter(page, address, lang)
    for path in PATHS:
        page.goto(f"{address}{path}")
        broken = Axe().run(page).response["violations"]
        found: dict[str, object] = {v["id"]: [node["html"][:160] for node in v["nodes"]][:3] for v in broken}
        found["targets under 48 px"] = page.evaluate(SMALL)
        found["px too wide"] = page.evaluate(TOO_WIDE)
        wrong |= {(path, what): which for what, which in found.items() if which}
    context.close()

    assert wrong == {}
