"""A technician with a real Chromium in front of a real station on simulated devices."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from drivers.barcode_scanners.scanner_simulator import SimulatedSerialScanner
from drivers.tag_pads.simulated_tags import SimulatedTag
from kiosk.bootstrap.console_door import door_of
from kiosk.circulation.model import Patron
from kiosk.station.events import ServiceCalled
from kiosk.station.view import ServiceView, WelcomeView
from kiosk.tags import iso28560_3
from kiosk.tags.detect import decode
from tests.browsers import silent_page
from tests.pcsc_bench import PcscBench, pcsc_bench
from tests.shelf import ARMED, OWNER, make_tag
from tests.stand import Shelf, Stand, stand
from web_ui.texts import Texts

TEXTS = Texts.load()
PASSWORD = "246810"
SHAPES = {"phone": (360, 640), "portrait": (1080, 1920), "landscape": (1920, 1080)}
ROOMS = (
    "", "more", "devices", "tags", "shelf", "pad-map", "setup", "setup/place", "setup/devices", "setup/tag",
    "setup/card", "setup/print", "setup/gate", "setup/centre", "setup/clock", "setup/password", "power",
)  # fmt: skip
SMALL = """() => [...document.querySelectorAll('a, button, input:not([type=hidden], [type=checkbox]), summary')]
    .filter(el => el.offsetParent && !el.closest('.skip'))
    .map(el => [(el.innerText || el.name || el.className).slice(0, 40), el.getBoundingClientRect()])
    .filter(([, box]) => box.width && Math.min(box.width, box.height) < 47.5)
    .map(([name, box]) => `${name} ${Math.round(box.width)}x${Math.round(box.height)}`)"""
TOO_WIDE = "() => Math.max(0, document.documentElement.scrollWidth - innerWidth)"


def words(key: str, **values: object) -> str:
    return TEXTS.say("uk", key, **values)


@pytest.fixture(scope="module")
def cards() -> Iterator[PcscBench]:
    with pcsc_bench(card_readers=2) as bench:
        yield bench


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def olena(shelf: Shelf) -> Patron:
    return shelf.patron("Олена")


@pytest.fixture
def scanner(tmp_path: Path) -> Iterator[SimulatedSerialScanner]:
    scanner = SimulatedSerialScanner(tmp_path / "scanner")
    yield scanner
    scanner.unplug()


@pytest.fixture
def station(
    tmp_path: Path, cards: PcscBench, shelf: Shelf, olena: Patron, scanner: SimulatedSerialScanner
) -> Iterator[Stand]:
    barcode = {"driver": "serial", "serial": {"port": scanner.path}}
    with stand(tmp_path, cards, shelf, printer=True, timing={"idle_s": 4.0}, barcode=barcode) as one:
        door_of(one.settings).set_password(PASSWORD)
        one.opens()
        yield one
    cards.clear()


@pytest.fixture
def phone(chromium: Browser, station: Stand) -> Iterator[Page]:
    with silent_page(chromium, *SHAPES["phone"], has_touch=True) as page:
        sign_in(page, station)
        yield page


def sign_in(page: Page, station: Stand) -> None:
    page.goto(f"{station.kiosk.web.url}console/")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    expect(page.locator("body.inside")).to_be_attached()


def go(page: Page, station: Stand, room: str) -> None:
    page.goto(f"{station.kiosk.web.url}console/{room}")


def touch(page: Page, key: str) -> None:
    page.get_by_role("button", name=words(key), exact=True).click()


def take_into_service(page: Page, station: Stand, room: str) -> None:
    go(page, station, room)
    touch(page, "console.service.take")
    station.sees(ServiceView)


def test_the_mark_held_for_five_seconds_leads_to_the_door_and_digits_open_it(chromium: Browser, station: Stand) -> None:
    with silent_page(chromium, *SHAPES["portrait"], has_touch=True) as page:
        page.goto(station.kiosk.web.url)
        mark = page.locator(".brand").bounding_box()
        assert mark is not None
        page.mouse.move(mark["x"] + 10, mark["y"] + 10)
        page.mouse.down()
        expect(page).to_have_url(re.compile("/console/sign-in"), timeout=15_000)
        page.mouse.up()
        for digit in PASSWORD:
            page.locator(f"[data-key='{digit}']").click()
        page.locator(".key--main").click()

        expect(page.locator("body.inside")).to_be_attached()


@pytest.mark.parametrize(("shape", "lang"), [("phone", "uk"), ("portrait", "en"), ("landscape", "uk")])
def test_every_page_can_be_used_by_everybody(chromium: Browser, station: Stand, shape: str, lang: str) -> None:
    width, height = SHAPES[shape]
    context = chromium.new_context(viewport={"width": width, "height": height}, bypass_csp=True)
    page, wrong = context.new_page(), {}
    sign_in(page, station)
    station.kiosk.shell.tell(ServiceCalled())
    station.sees(ServiceView)
    station.lay(make_tag("1001"))
    for room in ROOMS:
        go(page, station, f"{room}?lang={lang}")
        broken = Axe().run(page).response["violations"]
        found: dict[str, object] = {v["id"]: [node["html"][:160] for node in v["nodes"]][:3] for v in broken}
        found["targets under 48 px"] = page.evaluate(SMALL)
        found["px too wide"] = page.evaluate(TOO_WIDE)
        wrong |= {(room, what): which for what, which in found.items() if which}
    context.close()

    assert wrong == {}


def test_a_tag_is_written_read_back_and_locked(phone: Page, station: Stand) -> None:
    tag = SimulatedTag.of("E00401003123AA26")
    station.lay(tag)
    take_into_service(phone, station, "tags")
    phone.fill("#item", "1030012345")
    touch(phone, "console.tags.write-now")

    expect(phone.locator(".note--good").first).to_contain_text("1030012345")
    said = decode(bytes(tag.memory), tag.dsfid)
    assert (said.item_id, said.owner, said.crc_ok) == ("1030012345", OWNER, True)
    assert (tag.afi, tag.dsfid) == (ARMED, iso28560_3.DSFID)

    touch(phone, "console.tags.lock")
    assert not tag.locked_blocks
    touch(phone, "console.lock.yes")
    expect(phone.get_by_text(words("console.tags.locked"))).to_be_visible()
    assert tag.locked_blocks == set(range(9))


def test_a_shelf_is_tagged_book_by_book_and_an_error_keeps_its_place(phone: Page, station: Stand) -> None:
    take_into_service(phone, station, "shelf")
    first, second = SimulatedTag.of("E00401003123AA01"), SimulatedTag.of("E00401003123AA02")
    phone.fill("#item", "2001")
    phone.press("#item", "Enter")
    expect(phone.get_by_role("alert")).to_contain_text(words("console.not-written.none"))
    expect(phone.locator("#item")).to_have_value("2001")

    for tag, number, count in ((first, "2001", 1), (second, "2002", 2)):
        station.lay(tag)
        phone.fill("#item", number)
        phone.press("#item", "Enter")
        expect(phone.locator("#done-title")).to_have_text(TEXTS.say("uk", "console.shelf.done", count))
        assert decode(bytes(tag.memory), tag.dsfid).item_id == number
        station.lift(tag)


def test_a_shelf_is_tagged_with_the_stations_own_scanner(
    phone: Page, station: Stand, scanner: SimulatedSerialScanner
) -> None:
    """What was scanned before the technician came is nobody's order now."""
    scanner.scan("1999")
    take_into_service(phone, station, "shelf")
    expect(phone.locator("#item")).to_be_visible()
    tags = SimulatedTag.of("E00401003123AA03"), SimulatedTag.of("E00401003123AA04")
    for tag, number, count in zip(tags, ("2003", "2004"), (1, 2), strict=True):
        station.lay(tag)
        scanner.scan(number)
        expect(phone.locator("#done-title")).to_have_text(TEXTS.say("uk", "console.shelf.done", count))
        assert decode(bytes(tag.memory), tag.dsfid).item_id == number
        station.lift(tag)


def test_a_visit_is_not_cut_by_the_technician(phone: Page, station: Stand, olena: Patron) -> None:
    card = station.begin(olena)
    go(phone, station, "tags")
    touch(phone, "console.service.take")
    expect(phone.get_by_text(words("console.service.waiting"))).to_be_visible()

    card.remove()
    station.sees(ServiceView)
    go(phone, station, "tags")
    touch(phone, "console.service.release")
    station.sees(WelcomeView)


def test_the_pad_is_mapped_place_by_place(phone: Page, station: Stand) -> None:
    station.lay(make_tag("1001"))
    take_into_service(phone, station, "pad-map")
    for place in (0, 4):
        phone.locator(f".heat__place[value='{place}']").click()
        expect(phone.locator(f".heat__place[value='{place}']")).to_contain_text("100 %")


def test_the_bytes_on_the_wire_are_shown_live(phone: Page, station: Stand) -> None:
    go(phone, station, "devices")
    phone.click("#wire-switch")

    expect(phone.locator("#wire .wire__out").first).to_contain_text("pad →")
    expect(phone.locator("#wire .wire__in").first).to_contain_text("pad ←")


def test_the_whole_assistant_ends_with_a_report(phone: Page, station: Stand) -> None:
    tag = make_tag("1001")
    go(phone, station, "setup")
    phone.get_by_role("link", name=words("console.setup.begin")).click()
    touch(phone, "console.step.place.yes")
    touch(phone, "console.step.devices.yes")

    touch(phone, "console.service.take")
    touch(phone, "console.setup.look")
    expect(phone.get_by_text(words("console.not-written.none"))).to_be_visible()
    station.lay(tag)
    touch(phone, "console.setup.look")

    expect(phone.get_by_role("heading", name=words("console.step.card.title"))).to_be_visible()
    card = station.unknown_card()
    card.insert()
    phone.wait_for_timeout(500)
    touch(phone, "console.setup.look")

    expect(phone.get_by_role("heading", name=words("console.step.print.title"))).to_be_visible()
    touch(phone, "console.setup.print-now")
    assert "Ґанок, їжак, єнот" in station.slips()[-1]
    touch(phone, "console.setup.print-seen")

    touch(phone, "console.setup.walk-begin")
    assert tag.afi == ARMED
    touch(phone, "console.setup.sounded")
    assert tag.afi != ARMED
    touch(phone, "console.setup.silent")
    expect(phone.get_by_role("heading", name=words("console.step.centre.title"))).to_be_visible()
    assert tag.afi == ARMED

    phone.locator("summary").last.click()
    phone.fill("#reason", "мережу проведуть у понеділок")
    touch(phone, "console.setup.skip")
    touch(phone, "console.setup.clock-compare")
    phone.fill("#password", "13579246")
    phone.fill("#again", "13579246")
    touch(phone, "console.setup.password-keep")

    phone.fill("#who", "Олена Технік")
    touch(phone, "console.setup.write-report")
    report = phone.locator("main")
    expect(report).to_contain_text("Олена Технік")
    expect(report).to_contain_text("мережу проведуть у понеділок")
    expect(report).to_contain_text("FEIG")
    station.sees(WelcomeView)
    kept = next(Path(station.settings.store.path).parent.glob("station.db.setup-*.txt")).read_text("utf-8")
    assert re.search(r"\[\+\] .*\n", kept)
    assert "мережу проведуть у понеділок" in kept
    assert "DEADBEEF" not in kept
    assert door_of(station.settings).knock("13579246").right


def test_power_is_asked_twice(phone: Page, station: Stand) -> None:
    go(phone, station, "power")
    phone.get_by_role("button", name=words("console.power.restart-station"), exact=True).click()

    expect(phone.get_by_role("button", name=words("console.power.sure"))).to_be_visible()
