"""Every look a screen can have: themes and schemes, large letters, low reach, a keyboard instead of a finger."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from kiosk.settings.sections import Theme
from kiosk.station.events import Touched
from kiosk.station.view import TEXT_SIZES, Look, PinView, StationView, Touch
from tests.browsers import silent_page
from tests.web_ui.gallery import SHAPES
from tests.web_ui.serving import FACTS, TEXTS, Desk, served
from web_ui.design.samples import FRAME, mixed_session, screens

VIEWS = dict(screens())
SCHEMES = {
    "light": Look(),
    "dark": Look(dark=True),
    "contrast": Look(contrast=True),
    "contrast-dark": Look(contrast=True, dark=True),
}
LOOKS = [(theme, scheme) for theme in Theme for scheme in SCHEMES]
LOST = """() => [...document.querySelectorAll('#screen *')].filter(el => {
    const style = getComputedStyle(el);
    if (el.closest('.heard, .sprite, svg, .around__key span') || !el.offsetParent) return false;
    const cut = style.overflowX === 'hidden' || style.overflowY === 'hidden';
    const box = el.getBoundingClientRect();
    return (cut && el.scrollWidth > el.clientWidth + 2) || box.right > innerWidth + 1 || box.left < -1;
  }).map(el => el.className || el.tagName)"""
UNREACHABLE = """() => [...document.querySelectorAll('#screen button:not(:disabled)')]
  .filter(el => !el.closest('[inert]')).filter(el => {
    el.scrollIntoView({ block: 'center' });
    const box = el.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return !(top && (el === top || el.contains(top)));
  }).map(el => el.id)"""
HIGH = """least => document.querySelectorAll('*').forEach(el => { el.scrollTop = 0; })
  || [...document.querySelectorAll('#screen button:not(:disabled)')]
  .filter(el => !el.closest('[inert], .rows, .account') && el.getBoundingClientRect().top < least * innerHeight)
  .map(el => el.id)"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with silent_page(chromium, 1080, 1920, reduced_motion="reduce", has_touch=True) as page:
        yield page


def show(page: Page, desk: Desk, view: StationView) -> None:
    desk.board.show(view)
    page.wait_for_function("v => document.body.dataset.version === String(v)", arg=desk.board.latest()[0])


@pytest.mark.browser
@pytest.mark.parametrize(("theme", "scheme"), LOOKS)
def test_every_screen_is_for_everybody_in_every_look(chromium: Browser, theme: str, scheme: str) -> None:
    """Full rules for every screen in every theme and scheme; languages and shapes go round so that each meets each."""
    desk, wrong = Desk(facts=replace(FACTS, theme=theme)), {}
    settings = list(product(SHAPES, TEXTS.languages))
    start = LOOKS.index((Theme(theme), scheme))
    with served(desk.app()) as address:
        pages = {}
        for shape, (width, height) in SHAPES.items():
            size = {"width": width, "height": height}
            context = chromium.new_context(viewport=size, reduced_motion="reduce", bypass_csp=True)
            pages[shape] = context.new_page()
            pages[shape].goto(address)
        for number, (name, view) in enumerate(VIEWS.items()):
            shape, lang = settings[(start + number) % len(settings)]
            frame = replace(view.frame, language=lang, look=SCHEMES[scheme])
            show(pages[shape], desk, replace(view, frame=frame))
            found = Axe().run(pages[shape]).response["violations"]
            wrong |= {(name, shape, lang, v["id"]): [n["html"][:120] for n in v["nodes"]][:3] for v in found}
        for page in pages.values():
            page.context.close()

    assert wrong == {}


@pytest.mark.browser
@pytest.mark.parametrize(("shape", "text"), list(product(SHAPES, TEXT_SIZES[1:])))
def test_letters_grow_and_nothing_is_lost(chromium: Browser, shape: str, text: int) -> None:
    width, height = SHAPES[shape]
    desk, wrong = Desk(), {}
    with served(desk.app()) as address:
        page = chromium.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
        page.goto(address)
        for number, (name, view) in enumerate(VIEWS.items()):
            lang = TEXTS.languages[number % len(TEXTS.languages)]
            show(page, desk, replace(view, frame=replace(view.frame, language=lang, look=Look(text=text))))
            found = {"lost": page.evaluate(LOST), "out of reach": page.evaluate(UNREACHABLE)}
            wrong |= {(name, lang, what): which for what, which in found.items() if which}
        page.close()

    assert wrong == {}


@pytest.mark.browser
@pytest.mark.parametrize(("shape", "least"), [("portrait", 0.5), ("landscape", 0.3)])
def test_in_low_reach_everything_to_be_touched_stands_low(chromium: Browser, shape: str, least: float) -> None:
    width, height = SHAPES[shape]
    desk, wrong = Desk(), {}
    with served(desk.app()) as address:
        page = chromium.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
        page.goto(address)
        for name, view in VIEWS.items():
            show(page, desk, replace(view, frame=replace(view.frame, look=Look(reach=True))))
            found = {"high": page.evaluate(HIGH, least), "out of reach": page.evaluate(UNREACHABLE)}
            wrong |= {(name, what): which for what, which in found.items() if which}
        page.close()

    assert wrong == {}


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
