"""What the welcome screen says of the house, and the catalogue over it: in a real Chromium, by glass and by keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from kiosk.station.view import Frame, Look, Touch, WelcomeView
from tests.web_ui.fake_house import KOBZAR, NEWS, NOW, FakeHouse
from tests.web_ui.serving import Desk, served
from web_ui.touchscreen.house import Hours, Today

PORTRAIT, LANDSCAPE = {"width": 1080, "height": 1920}, {"width": 1920, "height": 1080}
FRAME = Frame(visit=0, language="uk")
FINDING = WelcomeView(replace(FRAME, finding=True))
PIXEL = b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00/\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"


@pytest.fixture
def desk() -> Desk:
    return Desk(house=FakeHouse())


@contextmanager
def shown(chromium: Browser, desk: Desk, shape: dict[str, int] = PORTRAIT, **how: object) -> Iterator[Page]:
    with served(desk.app()) as url:
        page = chromium.new_page(viewport=shape, **how)
        page.goto(url)
        yield page
        page.close()


def asked_of(desk: Desk) -> list[str]:
    assert isinstance(desk.house, FakeHouse)
    return [query.text for query in desk.house.asked]


# --- what the fragments say ------------------------------------------------------------------------------


def words(desk: Desk, address: str) -> str:
    return desk.app().test_client().get(address).get_data(as_text=True)


def test_the_door_is_open_until(desk: Desk) -> None:
    assert "Сьогодні відчинено до 20:00" in words(desk, "/house?lang=uk")


def test_a_closed_door_says_when_it_opens(desk: Desk) -> None:
    opens = NOW.replace(hour=9, minute=0) + timedelta(days=1)
    house = FakeHouse(news=Today(Hours(NOW, opens=opens)))

    said = words(Desk(house=house), "/house?lang=uk")

    assert "Зачинено. Чекаємо на вас: середа, 25 листопада, 09:00" in said


def test_what_was_written_in_one_language_only_is_said_in_that_one(desk: Desk) -> None:
    house = FakeHouse(news=replace(NEWS, notices=({"uk": "Тільки українською"},)))

    assert "Тільки українською" in words(Desk(house=house), "/house?lang=en")


def test_one_letter_is_no_question_yet(desk: Desk) -> None:
    words(desk, "/find?q=к")

    assert asked_of(desk) == []


def test_what_is_free_here_is_said_with_its_shelf(desk: Desk) -> None:
    said = words(desk, "/find?q=кобзар&lang=uk")

    assert "Можна взяти тут · полиця 821.161.2-1" in said


def test_a_word_mistyped_is_offered_as_it_was_meant(desk: Desk) -> None:
    assert 'data-words="кобзар"' in words(desk, "/find?q=кобзра&lang=uk")


def test_the_page_of_a_title_names_other_branches_with_their_addresses(desk: Desk) -> None:
    said = words(desk, "/find/t2?lang=uk")

    assert "вул. Пушкінська, 5" in said
    assert "1 вільна" in said


def test_a_title_nobody_knows_and_a_cover_that_is_not_here_are_not_found(desk: Desk) -> None:
    client = desk.app().test_client()

    assert client.get("/find/nothing").status_code == 404
    assert client.get(f"/cover/{'0' * 64}").status_code == 404
    assert client.get("/cover/..%2Fstation.db").status_code == 404


def test_a_cover_that_is_here_is_shown_and_named_by_what_is_in_it(desk: Desk) -> None:
    name = "a" * 64
    house = FakeHouse(hits=(replace(KOBZAR, cover=name),), pictures={name: PIXEL})
    client = Desk(house=house).app().test_client()

    assert f"/cover/{name}" in client.get("/find?q=коб").get_data(as_text=True)
    assert client.get(f"/cover/{name}").mimetype == "image/webp"


# --- in a browser --------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
def test_both_ways_in_stand_whole_above_the_news(chromium: Browser, desk: Desk, shape: dict[str, int]) -> None:
    with shown(chromium, desk, shape) as page:
        expect(page.locator(".slide:visible")).to_have_count(1)

        hidden = page.evaluate(
            "[...document.querySelectorAll('.way, #touch-return')].filter((el) => {"
            " const box = el.getBoundingClientRect(); const at = document.elementFromPoint(box.x + box.width / 2,"
            " box.bottom - 6); return box.top < 0 || !el.contains(at) && at !== el; }).length"
        )

    assert hidden == 0


def test_the_news_turn_when_asked_and_stand_still_when_told(chromium: Browser, desk: Desk) -> None:
    with shown(chromium, desk) as page:
        expect(page.locator(".slide:visible h2")).to_have_text("Оголошення")

        page.click("[data-turn=next]")

        expect(page.locator(".slide:visible h2")).to_have_text("Події в бібліотеці")
        page.click("[data-turn=pause]")
        expect(page.locator("[data-turn=pause]")).to_have_text("Гортати далі")


def test_nothing_turns_by_itself_for_who_wants_no_motion(chromium: Browser, desk: Desk) -> None:
    with shown(chromium, desk, reduced_motion="reduce") as page:
        page.clock.install()
        expect(page.locator(".slide:visible h2")).to_have_text("Оголошення")

        page.clock.run_for(60_000)

        expect(page.locator(".slide:visible h2")).to_have_text("Оголошення")


def test_the_source_of_the_page_names_no_title(desk: Desk) -> None:
    assert "Тигролови" not in words(desk, "/")


def test_letters_on_the_glass_and_keys_write_the_same_field(chromium: Browser, desk: Desk) -> None:
    desk.board.show(FINDING)
    with shown(chromium, desk) as page:
        page.click("[data-letter=к]:visible")
        page.keyboard.type("о")
        page.click("[data-letter=б]:visible")

        expect(page.locator("#find-words")).to_have_value("коб")
        expect(page.locator(".hit")).to_have_count(1)


def test_screens_that_stream_leave_what_is_typed_and_found_alone(chromium: Browser, desk: Desk) -> None:
    desk.board.show(FINDING)
    with shown(chromium, desk) as page:
        page.fill("#find-words", "енеї")
        page.click(".hit")
        expect(page.locator(".book-page h3")).to_have_text("Енеїда")

        desk.board.show(WelcomeView(replace(FRAME, finding=True, look=Look(text=125))))

        expect(page.locator("#screen")).to_have_attribute("data-text", "125")
        expect(page.locator(".book-page h3")).to_have_text("Енеїда")
        expect(page.locator("#find-words")).to_have_value("енеї")
        page.click("[data-results]")
        expect(page.locator(".hit")).to_have_count(1)


def test_a_closed_catalogue_forgets_what_was_looked_for(chromium: Browser, desk: Desk) -> None:
    desk.board.show(FINDING)
    with shown(chromium, desk) as page:
        page.fill("#find-words", "кобзар")
        expect(page.locator(".hit")).to_have_count(1)

        page.click("#touch-find-close")
        desk.board.show(WelcomeView(FRAME))
        expect(page.locator("#finding")).to_have_count(0)
        desk.board.show(FINDING)

        expect(page.locator("#find-words")).to_have_value("")
        assert [one.touch for one in desk.touches] == [Touch.FIND_CLOSE]


@pytest.mark.parametrize("view", [WelcomeView(FRAME), FINDING], ids=["news", "catalogue"])
@pytest.mark.parametrize("shape", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
def test_axe_finds_nothing(chromium: Browser, desk: Desk, view: WelcomeView, shape: dict[str, int]) -> None:
    desk.board.show(view)
    with shown(chromium, desk, shape, reduced_motion="reduce") as page:
        if view is FINDING:
            page.fill("#find-words", "ко")
            expect(page.locator(".hit")).to_have_count(2)
        else:
            expect(page.locator(".slide:visible")).to_have_count(1)
        found = Axe().run(page).response["violations"]

    assert found == []


@pytest.mark.parametrize("shape", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
def test_every_letter_is_large_enough_for_a_finger(chromium: Browser, desk: Desk, shape: dict[str, int]) -> None:
    desk.board.show(FINDING)
    with shown(chromium, desk, shape) as page:
        sizes = page.evaluate(
            "[...document.querySelectorAll('.letter')].map((el) => el.getBoundingClientRect())"
            ".filter((box) => box.width).map((box) => Math.min(box.width, box.height))"
        )

    assert min(sizes) >= 48
