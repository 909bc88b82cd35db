"""What a technician reads at a real station, on a phone: nothing of it names whoever borrowed."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from kiosk.circulation.model import ItemId
from kiosk.console.door import Door
from kiosk.devices import TagUid
from kiosk.library.port import TagReading
from kiosk.station.view import SessionView, ShelterView, WelcomeView
from kiosk.tags.health import TagCounts
from tests.stand import Shelf, Stand, Station, make_tag

PASSWORD = "135790"
ROOMS = (
    "journal",
    "debts",
    "worn",
    "logs",
    "charts?hours=24",
    "charts?hours=168",
    "slips?width=58",
    "box",
    "settings",
    "siren",
    "version",
)
BIG_ENOUGH = """() => [...document.querySelectorAll('main a.button, main button, main select, main input')]
  .filter(el => el.type !== 'hidden').map(el => [el.id || el.innerText, el.closest('label') ?? el])
  .map(([name, el]) => [name, el.getBoundingClientRect()])
  .filter(([, box]) => box.height < 48).map(([name]) => name)"""


@pytest.fixture
def stand(station: Station, shelf: Shelf) -> Iterator[Stand]:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001", title="Тигролови"))
    with station() as stand:
        Door(Path(stand.settings.store.path + ".console")).set_password(PASSWORD)
        stand.begin(olena).remove()
        stand.lay(tag)
        stand.sees(SessionView, lambda view: view.lent == 1)
        stand.take_away(tag)
        yield stand


@pytest.fixture
def page(chromium: Browser, stand: Stand) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 360, "height": 640}, reduced_motion="reduce", bypass_csp=True)
    page = context.new_page()
    page.goto(stand.kiosk.web.url + "console/")
    page.fill("input[name=password]", PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/console/")
    yield page
    context.close()


@pytest.mark.browser
def test_every_record_is_for_everybody_and_fits_a_hand(page: Page, stand: Stand) -> None:
    wrong = {}
    for room in ROOMS:
        page.goto(f"{stand.kiosk.web.url}console/{room}")
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
        found = [v["id"] for v in Axe().run(page).response["violations"]]
        small = page.evaluate(BIG_ENOUGH)
        if wide or found or small:
            wrong[room] = (wide, found, small)

    assert wrong == {}


@pytest.mark.browser
def test_the_journal_tells_of_a_loan_and_of_nobody(page: Page, stand: Stand) -> None:
    page.goto(stand.kiosk.web.url + "console/journal?kind=lent&item=0012000001")
    told = page.locator("main").inner_text()

    assert "видано" in told
    assert "0012000001" in told
    assert "Олена" not in told
    page.goto(stand.kiosk.web.url + "console/journal?kind=returned")
    assert "Такого не було" in page.locator("main").inner_text()


@pytest.mark.browser
def test_charts_count_the_loan_and_slips_are_pictures(page: Page, stand: Stand) -> None:
    page.goto(stand.kiosk.web.url + "console/charts")
    assert page.locator("figure").first.locator("svg").count() == 1
    counted = page.locator("figure").first.locator("td").all_text_contents()
    assert counted.count("1") == 1

    page.goto(stand.kiosk.web.url + "console/slips?width=80")
    sizes = page.evaluate("() => [...document.images].map(one => one.decode().then(() => one.naturalWidth))")
    assert len(sizes) > 5


@pytest.mark.browser
def test_the_black_box_holds_the_station_and_no_person(page: Page, stand: Stand) -> None:
    page.goto(stand.kiosk.web.url + "console/box")
    with page.expect_download() as waiting:
        page.locator("main form button").click()
    box = zipfile.ZipFile(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    whole = "".join(box.read(name).decode() for name in box.namelist())

    assert {"READ-ME.txt", "devices.json", "settings.json", "journal.json", "logs.txt"} <= set(box.namelist())
    assert "feig" in whole
    assert '"ledger_check": "ok"' in whole
    assert not [word for word in ("Олена", "Тигролови", "0012000001", PASSWORD) if word in whole]


@pytest.mark.browser
def test_a_station_without_a_place_for_choices_shows_its_settings_and_hides_its_secrets(
    page: Page, stand: Stand
) -> None:
    page.goto(stand.kiosk.web.url + "console/settings?search=receipt")
    told = page.locator("main").inner_text()

    assert "station.receipt" in told
    assert "лише у файлах" in told
    assert page.locator("form[action$=settings] input:not([type=hidden])").count() == 0


@pytest.mark.browser
def test_the_staffs_own_siren_sends_people_to_the_shelter_and_back(page: Page, stand: Stand) -> None:
    page.goto(stand.kiosk.web.url + "console/siren")
    page.locator("main form button").click()
    stand.sees(ShelterView)

    page.locator("main form button").click()
    stand.sees(WelcomeView)


@pytest.mark.browser
def test_a_technician_sees_which_tags_to_replace(page: Page, stand: Stand) -> None:
    counts = TagCounts(reads=9, retries=2, unread=3)
    reading = TagReading(TagUid("E0040100AABBCC01"), ItemId("0012000001"), counts)
    stand.kiosk.library.note_tags((reading,))

    page.goto(stand.kiosk.web.url + "console/worn")

    words = page.locator("main").inner_text()
    assert "Тигролови" in words
    assert "E0040100AABBCC01" in words
