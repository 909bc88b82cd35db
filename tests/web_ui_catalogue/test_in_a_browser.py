"""What only a real browser can tell: who can use the pages, on a phone, with large type, without a mouse or scripts."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from kiosk.central.tables import holds, loans
from tests.browsers import silent_page
from tests.web_ui_catalogue.city import OLENA_CARD, OLENA_PIN, app_of, served

pytestmark = pytest.mark.browser
SHAPES = {"phone": (390, 844), "desktop": (1280, 900)}
OWN = ("/account", "/titles/t0144/hold")
PATHS = (
    "/sign-in",
    "/",
    "/search?q=",
    "/search?q=qwxqwx&branch=central",
    "/search?q=rj,pfh",
    "/titles/t0009",
    "/titles/t0144",
    "/branches",
    *OWN,
)
SMALL = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary, label.pick')]
    .filter(el => el.offsetParent && !el.closest('.heard, .skip, .pick') && !el.matches('.hit h2 a'))
    .map(el => [(el.innerText || el.name || el.className).slice(0, 40), el.getBoundingClientRect()])
    .filter(([, box]) => box.width && Math.min(box.width, box.height) < 47.5)
    .map(([name, box]) => `${name} ${Math.round(box.width)}x${Math.round(box.height)}`)"""
TOO_WIDE = "() => Math.max(0, document.documentElement.scrollWidth - innerWidth)"
LARGE_TYPE = "document.documentElement.style.fontSize = '34px'"


@pytest.fixture
def address(city) -> Iterator[str]:
    with served(app_of(city)) as address:
        yield address


def enter(page: Page, address: str, lang: str = "uk") -> None:
    page.goto(f"{address}/sign-in?lang={lang}&ended=1")
    page.fill("#card", OLENA_CARD)
    page.fill("#pin", OLENA_PIN)
    page.press("#pin", "Enter")
    page.wait_for_url("**/account")


@pytest.mark.parametrize(("shape", "lang", "scheme"), [("phone", "uk", "light"), ("desktop", "en", "dark")])
def test_every_page_can_be_used_by_everybody(chromium: Browser, address, shape, lang, scheme):
    width, height = SHAPES[shape]
    context = chromium.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True
    )
    page, wrong = context.new_page(), {}
    for path in PATHS:
        if path in OWN:
            enter(page, address, lang)
        page.goto(f"{address}{path}{'&' if '?' in path else '?'}lang={lang}")
        broken = Axe().run(page).response["violations"]
        found = {v["id"]: [node["html"][:160] for node in v["nodes"]][:3] for v in broken}
        found["targets under 48 px"] = page.evaluate(SMALL)
        page.evaluate(LARGE_TYPE)
        found["px too wide with large type"] = page.evaluate(TOO_WIDE)
        wrong |= {(path, what): which for what, which in found.items() if which}
    context.close()

    assert wrong == {}


def test_a_book_is_found_and_held_with_the_keyboard_alone(chromium, city, address):
    with silent_page(chromium, 1280, 900, reduced_motion="reduce") as page:
        page.goto(address)
        page.keyboard.press("/")
        page.keyboard.type("Дюна")
        page.keyboard.press("Enter")
        page.locator(".hit a").first.press("Enter")
        page.get_by_role("link", name="Забронювати").press("Enter")
        page.locator("#card").press_sequentially(OLENA_CARD)
        page.keyboard.press("Tab")
        page.keyboard.type(OLENA_PIN)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Забронювати").press("Enter")

        expect(page.locator(".note--good")).to_contain_text("Ваше місце в черзі: 2")
        page.close()

    assert len(city.rows(holds, patron="olena", title="t0144", closed_at=None)) == 1


def test_a_condition_narrows_at_once_and_leaves_an_address_one_can_send_to_a_friend(chromium, address):
    with silent_page(chromium, 1280, 900) as page:
        page.goto(f"{address}/search?q=франко")
        page.get_by_label("Центральна").first.check()
        page.wait_for_url("**&branch=central")

        page.locator(".active a").first.click()

        page.wait_for_url("**/search?q=*")
        expect(page.locator(".active")).to_have_count(0)
        page.close()


def test_everything_works_without_scripts(chromium, city, address):
    with silent_page(chromium, 390, 844, java_script_enabled=False) as page:
        enter(page, address)
        page.get_by_role("button", name="Продовжити все").click()
        expect(page.locator(".note--good")).to_contain_text("Продовжили 2 книжки")

        page.fill("#q", "Франко")
        page.press("#q", "Enter")
        page.get_by_label("Є на полиці зараз").check()
        page.get_by_role("button", name="Показати").click()
        expect(page.locator(".hit").first).to_contain_text("Є зараз")
        page.close()

    assert {row["renewals"] for row in city.rows(loans, patron="olena")} == {1}


def test_an_account_left_open_asks_and_then_closes(chromium, address):
    with silent_page(chromium, 390, 844) as page:
        page.clock.install()
        enter(page, address)
        page.clock.fast_forward("14:01")
        with page.expect_response("**/account/here"):
            page.get_by_role("button", name="Я тут").click()
        expect(page.locator("#idle")).to_be_hidden()

        page.clock.fast_forward("14:01")
        expect(page.locator("#idle")).to_be_visible()
        page.clock.fast_forward("01:00")

        page.wait_for_url("**/sign-in?ended=1")
        page.close()
