"""Every screen, in every dress, can be used by everybody: axe, large fingers, old eyes, low reach, keys alone."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from kiosk.station.view import Look, StationView
from tests.web_ui.gallery import SHAPES
from tests.web_ui.serving import FACTS, TEXTS, Desk, served
from web_ui.design import SCHEMES, THEMES
from web_ui.design.pages import dressed
from web_ui.design.samples import screens

pytestmark = pytest.mark.browser
VIEWS = dict(screens())
LANGUAGES = TEXTS.languages
LONG = frozenset({"session-forty", "session-every-refusal", "session-child-every-refusal"})
"""Screens of many rows like those of other screens: their colours are looked at there, in a tenth of the time."""
DRESSES = [*product(THEMES, SCHEMES)]
Shown = Callable[[str, StationView], Page]

WEAK_COLOURS = """() => axe.run(document, {runOnly: ['color-contrast'], resultTypes: ['violations']})
    .then(found => found.violations.flatMap(v => v.nodes.map(node => node.html.slice(0, 120))))"""
SMALL_THINGS = """least => [...document.querySelectorAll('#screen button, #screen a, #screen input')]
    .map(el => [el.innerText || el.ariaLabel, el.getBoundingClientRect()])
    .filter(([, box]) => box.width && Math.min(box.width, box.height) < least).map(([name]) => name)"""
SMALL_MAIN_BUTTONS = """() => [...document.querySelectorAll('.acts .button, .key, .dialog .button')]
    .map(el => [el.innerText, el.getBoundingClientRect()])
    .filter(([, box]) => Math.min(box.width, box.height) < 88).map(([name]) => name)"""
SMALL_TEXT = """() => [...document.querySelectorAll('#screen *')]
    .filter(el => [...el.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .filter(el => parseFloat(getComputedStyle(el).fontSize) < 22).map(el => el.textContent.trim())"""
OUTSIDE = """() => [...document.querySelectorAll(
    'h1, .top, .banner, .way, .tab, .tally, .keypad, .acts .button, .dialog, .pick')]
    .map(el => [el.className || el.tagName, el.getBoundingClientRect()])
    .filter(([, b]) => b.width && (b.left < 0 || b.top < 0 || b.right > innerWidth + 1 || b.bottom > innerHeight + 1))
    .map(([name]) => name)"""
CUT_OFF = """() => {
  const found = [], box = el => el.getBoundingClientRect();
  const scrolls = el => ['auto', 'scroll'].includes(getComputedStyle(el).overflowY);
  for (const el of document.querySelectorAll('#screen *:not(svg, svg *, .heard)')) {
    const b = box(el);
    if (b.width && (b.left < -1 || b.right > innerWidth + 1)) found.push('beside the screen: ' + el.className);
    if (el.scrollWidth > el.clientWidth + 1 && el.clientWidth && getComputedStyle(el).overflowX !== 'visible')
      found.push('wider than its place: ' + el.className);
    if (!scrolls(el) && el.clientHeight && el.scrollHeight > el.clientHeight + 1
        && getComputedStyle(el).overflowY === 'hidden') found.push('higher than its place: ' + el.className);
  }
  const parts = [...document.querySelectorAll('.top, .show, .act, .acts, .around')].map(el => [el, box(el)]);
  for (const [a, p] of parts) for (const [b, q] of parts)
    if (a !== b && Math.min(p.right, q.right) - Math.max(p.left, q.left) > 1
        && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 1) found.push(a.className + ' over ' + b.className);
  for (const el of document.querySelectorAll('.around, .acts, .keypad'))
    if (box(el).bottom > innerHeight + 1) found.push('below the screen: ' + el.className);
  for (const el of document.querySelectorAll('.show, .list'))
    if (el.children.length && el.clientHeight < Math.min(120, el.scrollHeight - 1))
      found.push(el.clientHeight + ' px left for ' + el.className);
  return [...new Set(found)];
}"""
COVERED = """() => [...document.querySelectorAll('#screen button:not(:disabled)')]
  .filter(el => !el.closest('[inert]')).filter(el => {
    el.scrollIntoView({ block: 'center' });
    const box = el.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return !(top && (el === top || el.contains(top)));
  }).map(el => el.id)"""
OUT_OF_REACH = """() => {
  const line = innerHeight * (innerHeight > innerWidth ? 2 / 3 : 1 / 2) - 1;
  const within = document.querySelector('#screen > [aria-modal=true]') ?? document.getElementById('screen');
  return [...within.querySelectorAll('button')].filter(el => {
    const b = el.getBoundingClientRect(), list = el.closest('.list')?.getBoundingClientRect();
    return b.width && b.top < line && (!list || b.bottom > list.top);
  }).map(el => el.id);
}"""


class Stage:
    """A station of each theme, each with its page; a view is shown on whichever is asked for."""

    def __init__(self, chromium: Browser, open_until: ExitStack) -> None:
        self._desks: dict[str, tuple[Desk, Page]] = {}
        self._chromium, self._open_until = chromium, open_until

    def show(self, view: StationView, theme: str = "adult", shape: str = "portrait") -> Page:
        desk, page = self._desks.get(theme) or self._build(theme)
        width, height = SHAPES[shape]
        if page.viewport_size != {"width": width, "height": height}:
            page.set_viewport_size({"width": width, "height": height})
        desk.board.show(view)
        page.wait_for_function("v => document.body.dataset.version === String(v)", arg=desk.board.latest()[0])
        return page

    def _build(self, theme: str) -> tuple[Desk, Page]:
        desk = Desk(facts=replace(FACTS, theme=theme))
        address = self._open_until.enter_context(served(desk.app()))
        context = self._chromium.new_context(reduced_motion="reduce", bypass_csp=True)
        self._open_until.callback(context.close)
        page = context.new_page()
        page.goto(address)
        self._desks[theme] = desk, page
        return desk, page


@pytest.fixture(scope="module")
def stage(chromium: Browser) -> Iterator[Stage]:
    with ExitStack() as open_until:
        yield Stage(chromium, open_until)


def look_of(scheme: str) -> Look:
    return Look(dark=scheme.endswith("dark"), contrast=scheme.startswith("contrast"))


@pytest.mark.parametrize("shape", SHAPES)
def test_no_screen_breaks_a_rule_of_access(stage, shape):
    """Each screen in each shape, in languages and dresses that go round: each of them meets many screens."""
    wrong, turn = {}, 5 * (shape == "landscape")
    for at, (name, view) in enumerate(VIEWS.items()):
        theme, scheme = DRESSES[(at + turn) % len(DRESSES)]
        lang = LANGUAGES[(at + at // len(DRESSES) + turn) % len(LANGUAGES)]
        page = stage.show(dressed(view, lang, look_of(scheme)), theme, shape)
        found = Axe().run(page).response["violations"]
        wrong |= {(name, theme, scheme, lang, v["id"]): [node["html"][:160] for node in v["nodes"]][:3] for v in found}

    assert wrong == {}


@pytest.mark.parametrize("theme", THEMES)
def test_no_colour_of_any_screen_is_weak_in_any_scheme(stage, theme):
    page = stage.show(VIEWS["starting"], theme)
    Axe().run(page)  # brings axe into the page
    wrong = {}
    for name, view in VIEWS.items():
        if name in LONG:
            continue
        stage.show(view, theme)
        for scheme in SCHEMES:
            page.evaluate("scheme => { document.getElementById('screen').dataset.scheme = scheme }", scheme)
            if found := page.evaluate(WEAK_COLOURS):
                wrong[name, scheme] = found[:3]

    assert wrong == {}


@pytest.mark.parametrize("theme", ["adult", "children"])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_screen_suits_old_eyes_and_large_fingers(stage, shape, theme):
    wrong = {}
    for (name, view), lang in product(VIEWS.items(), LANGUAGES if theme == "adult" else LANGUAGES[:1]):
        page = stage.show(replace(view, frame=replace(view.frame, language=lang)), theme, shape)
        found = {
            "targets under 48 px": page.evaluate(SMALL_THINGS, 48),
            "main buttons under 88 px": page.evaluate(SMALL_MAIN_BUTTONS),
            "text under 22 px": page.evaluate(SMALL_TEXT),
            "the page itself scrolls": page.evaluate("document.documentElement.scrollHeight > innerHeight"),
            "outside the screen": page.evaluate(OUTSIDE) if view.frame.look == Look() else [],
        }
        wrong |= {(name, lang, what): which for what, which in found.items() if which}

    assert wrong == {}


@pytest.mark.parametrize("text", [125, 150, 200])
@pytest.mark.parametrize("shape", SHAPES)
def test_text_grows_without_loss(stage, shape, text):
    wrong = {}
    for at, (name, view) in enumerate(VIEWS.items()):
        lang = LANGUAGES[at % len(LANGUAGES)]
        page = stage.show(replace(view, frame=replace(view.frame, language=lang, look=Look(text=text))), shape=shape)
        found = [
            *page.evaluate(CUT_OFF),
            *page.evaluate(COVERED),
            *page.evaluate(SMALL_THINGS, 48),
            *page.evaluate(SMALL_MAIN_BUTTONS),
        ]
        if found:
            wrong[name] = found

    assert wrong == {}


def test_large_text_is_as_large_as_it_says(stage):
    sizes, view = {}, VIEWS["session"]
    for text in (100, 200):
        page = stage.show(replace(view, frame=replace(view.frame, look=Look(text=text))))
        sizes[text] = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.row__verdict')).fontSize)")

    assert sizes[200] == pytest.approx(2 * sizes[100])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("theme", ["adult", "children"])
def test_with_low_reach_everything_to_be_touched_stands_low(stage, shape, theme):
    wrong = {}
    for name, view in VIEWS.items():
        page = stage.show(replace(view, frame=replace(view.frame, look=Look(reach=True))), theme, shape)
        if found := [*page.evaluate(OUT_OF_REACH), *page.evaluate(SMALL_THINGS, 48), *page.evaluate(COVERED)]:
            wrong[name] = found

    assert wrong == {}


@pytest.mark.parametrize(("motion", "moving"), [("reduce", False), ("no-preference", True)])
def test_nothing_moves_for_whoever_asked_for_stillness(chromium, motion, moving):
    desk = Desk()
    with served(desk.app()) as address:
        page = chromium.new_page(reduced_motion=motion)
        page.goto(address)
        page.wait_for_selector(".art__moves")
        found = page.evaluate("document.getAnimations().length > 0")
        page.close()

    assert found is moving
