"""A technician hands a version in at a real station: proven at once, read about, agreed to, watched."""

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Browser, Page, expect

from kiosk.console.door import Door
from kiosk.releases.counter import Counter, Outcome
from tests.releases.trees import KEY, files_of, package_at, trusted
from tests.stand import Stand, Station

PASSWORD = "135790"
AT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)


@pytest.fixture
def stand(station: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    monkeypatch.setattr("kiosk.bootstrap.console_version.KEY", trusted(tmp_path / "release.pub"))
    with station() as stand:
        Door(Path(stand.settings.store.path + ".console")).set_password(PASSWORD)
        yield stand


@pytest.fixture
def counter(stand: Stand, tmp_path: Path) -> Counter:
    """The other side of the counter: what the system's unit works with."""
    folder = Path(stand.settings.store.path).parent / "update"
    return Counter(folder, tmp_path / "release.pub", version("littera-kiosk"))


@pytest.fixture
def page(chromium: Browser, stand: Stand) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 360, "height": 640}, reduced_motion="reduce", bypass_csp=True)
    page = context.new_page()
    page.goto(stand.kiosk.web.url + "console/")
    page.fill("input[name=password]", PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/console/")
    page.goto(stand.kiosk.web.url + "console/version?lang=en")
    yield page
    context.close()


def hand_in(page: Page, path: Path) -> None:
    page.set_input_files("input[name=package]", path)
    page.get_by_role("button", name="Check it").click()


@pytest.mark.browser
def test_a_version_is_handed_in_agreed_to_and_watched(page: Page, counter: Counter, tmp_path: Path) -> None:
    hand_in(page, package_at(tmp_path / "new.littera", files_of("9.1.0"), "9.1.0"))

    expect(page.get_by_role("heading", name="Ready to install: 9.1.0")).to_be_visible()
    expect(page.get_by_text("Новий екран.")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    assert not counter.under_way

    page.get_by_role("button", name="Install").click()
    expect(page.get_by_role("status")).to_contain_text("being installed")
    assert counter.under_way
    assert Axe().run(page).response["violations"] == []
    with counter.own_copy(counter.folder / "wanted.littera") as package:
        assert package.facts.version == "9.1.0"

    counter.note(Outcome(AT, "9.1.0", done=False, words="it did not come up"))
    expect(page.get_by_text("Version 9.1.0 was not installed")).to_be_visible()
    assert not counter.under_way


@pytest.mark.browser
def test_a_stranger_s_version_goes_no_further(page: Page, counter: Counter, tmp_path: Path) -> None:
    stranger = Ed25519PrivateKey.generate()
    hand_in(page, package_at(tmp_path / "new.littera", files_of("9.1.0"), "9.1.0", stranger))

    expect(page.get_by_text("Do not install this file")).to_be_visible()
    assert list(counter.folder.iterdir()) == []


@pytest.mark.browser
def test_a_version_can_be_left(page: Page, counter: Counter, tmp_path: Path) -> None:
    hand_in(page, package_at(tmp_path / "new.littera", files_of("9.1.0"), "9.1.0", KEY))
    page.get_by_role("button", name="Leave it").click()

    expect(page.get_by_role("button", name="Check it")).to_be_visible()
    assert list(counter.folder.iterdir()) == []


def test_a_large_package_passes_the_door_and_nobody_else_s_does(
    page: Page, stand: Stand, counter: Counter, tmp_path: Path
) -> None:
    """Everything else a station is sent has kilobytes; this form alone takes more."""
    package = package_at(
        tmp_path / "new.littera", files_of("9.1.0") | {"program": "x" * 5 + str(list(range(40000)))}, "9.1.0"
    )
    assert package.stat().st_size > 32_768
    hand_in(page, package)
    expect(page.get_by_role("heading", name="Ready to install: 9.1.0")).to_be_visible()

    page.context.clear_cookies()
    origin = {"Origin": stand.kiosk.web.url.rstrip("/")}
    answer = page.request.post(stand.kiosk.web.url + "console/version/package", data=b"x" * 100_000, headers=origin)
    assert answer.status == 401
