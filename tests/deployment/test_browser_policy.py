"""The browser of the touchscreen, locked down: the shipped policy in the real Chromium, and each door it must shut.

Chromium runs in a mount namespace of its own with the policy in `/etc/chromium`. What drives it here is itself
forbidden by the policy, so those lines are left out for the driven browser, and tested in one that nobody drives.
"""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import Error as Refused

from kiosk.bootstrap.screen import address_of
from kiosk.settings import branches_in, load_settings, stations_of
from tests.browsers import CHROMIUM, FLAGS
from tests.deployment.projects import ROOT
from tests.web_ui.serving import served

POLICY: dict[str, Any] = json.loads((ROOT / "config/deploy/chromium/littera.json").read_text())
TO_DRIVE = {"RemoteDebuggingAllowed", "DeveloperToolsAvailability", "IncognitoModeAvailability"}
"""A driven browser listens to its driver, who looks into pages, and opens some beside the incognito window."""
OUTSIDE = """#!/bin/sh
exec unshare -rm sh -c '
    mount -t tmpfs none /etc/chromium && mkdir -p /etc/chromium/policies/managed &&
    cp "$0" /etc/chromium/policies/managed/littera.json && exec "$@"' {policy} {chromium} "$@"
"""
ROWS = """() => {
    const found = {};
    const walk = (node) => {
        if (node.policy?.name) found[node.policy.name] = node.policy;
        for (const child of [...node.children, ...(node.shadowRoot?.children ?? [])]) walk(child);
    };
    walk(document.documentElement);
    return Object.fromEntries(Object.entries(found).map(([name, row]) => [name, row.error ?? ""]));
}"""


def locked(folder: Path, policy: dict[str, Any]) -> Path:
    """Make a Chromium that finds *policy* where Debian's looks for it."""
    file, program = folder / "policy.json", folder / "chromium"
    file.write_text(json.dumps(policy))
    program.write_text(OUTSIDE.format(policy=file, chromium=CHROMIUM))
    program.chmod(0o755)
    if subprocess.run([program, "--version"], capture_output=True, check=False).returncode:
        pytest.skip("this account may not mount a folder of its own over /etc/chromium")
    return program


def the_station_and_others() -> Flask:
    """A station's address with what a hostile page could try."""
    app = Flask(__name__)

    @app.get("/")
    def page() -> str:
        return '<title>station</title><a id="file" href="/file">file</a>'

    @app.get("/file")
    def file() -> Response:
        return Response("booty", headers={"Content-Disposition": "attachment; filename=booty.txt"})

    @app.get("/away")
    def away() -> Response:
        return Response(status=302, headers={"Location": "http://localhost:9/"})

    return app


@pytest.fixture(scope="module")
def station() -> Iterator[str]:
    with served(the_station_and_others()) as address:
        yield address


@pytest.fixture(scope="module")
def window(chromium: Browser, station: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    folder = tmp_path_factory.mktemp("locked")
    policy = {key: value for key, value in POLICY.items() if key not in TO_DRIVE} | {"URLAllowlist": [station]}
    with driven(chromium, locked(folder, policy), folder) as window:
        yield window


@contextmanager
def driven(chromium: Browser, program: Path, folder: Path) -> Iterator[BrowserContext]:
    window = chromium.browser_type.launch_persistent_context(folder / "profile", executable_path=program, args=FLAGS)
    yield window
    window.close()


@pytest.fixture
def page(window: BrowserContext, station: str) -> Iterator[Page]:
    page = window.new_page()
    page.goto(station)
    yield page
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.org/",
        "http://127.0.0.1:9/",
        "http://localhost:{port}/",
        "file:///etc/passwd",
        "view-source:{station}/",
        "chrome://settings/",
        "chrome://flags/",
        "devtools://devtools/bundled/inspector.html",
        "data:text/html,elsewhere",
    ],
)
def test_no_address_but_the_station_s_is_opened(page: Page, station: str, elsewhere: str) -> None:
    with pytest.raises(Refused, match="ERR_BLOCKED_BY_ADMINISTRATOR"):
        page.goto(elsewhere.format(station=station, port=station.rpartition(":")[2]))


@pytest.mark.browser
def test_the_station_itself_is_shown(page: Page) -> None:
    assert page.title() == "station"


@pytest.mark.browser
def test_a_redirect_leads_nowhere_else(page: Page, station: str) -> None:
    with pytest.raises(Refused, match="ERR_BLOCKED_BY_ADMINISTRATOR"):
        page.goto(f"{station}/away")


@pytest.mark.browser
def test_nothing_is_downloaded(window: BrowserContext, page: Page) -> None:
    driver, ends = window.new_cdp_session(page), []
    driver.on("Browser.downloadProgress", lambda now: ends.append(now["state"]))
    driver.send("Browser.setDownloadBehavior", {"behavior": "default", "eventsEnabled": True})  # as nobody drives it

    page.click("#file")
    while not set(ends) & {"completed", "canceled"}:
        page.wait_for_timeout(20)

    assert ends[-1] == "canceled"


@pytest.mark.browser
@pytest.mark.parametrize("name", ["camera", "microphone", "geolocation", "notifications", "clipboard-read"])
def test_no_page_is_allowed_what_a_screen_does_not_need(page: Page, name: str) -> None:
    state = page.evaluate("async (name) => (await navigator.permissions.query({name})).state", name)

    assert state == "denied"


@pytest.mark.browser
def test_chromium_knows_every_line_of_the_policy(chromium: Browser, tmp_path: Path) -> None:
    policy = {key: value for key, value in POLICY.items() if key not in TO_DRIVE | {"URLBlocklist"}}
    policy["NoSuchPolicy"] = True
    with driven(chromium, locked(tmp_path, policy), tmp_path) as window:
        page = window.new_page()
        page.goto("chrome://policy")
        page.wait_for_function(f"Object.keys(({ROWS})()).length >= {len(policy)}")
        rows: dict[str, str] = page.evaluate(ROWS)

    assert set(policy) <= set(rows)
    assert {name: rows[name] for name in policy if rows[name]} == {"NoSuchPolicy": "Unknown policy."}


@pytest.mark.browser
def test_nobody_drives_the_browser_from_outside(tmp_path: Path) -> None:
    """With the whole policy, as it is shipped."""
    program = locked(tmp_path, POLICY)
    command = [program, "--headless", *FLAGS, "--incognito", "--remote-debugging-port=0", "about:blank"]
    asked = subprocess.Popen(
        [*command, f"--user-data-dir={tmp_path / 'profile'}"], stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert asked.stderr is not None
    try:
        said = next(line for line in asked.stderr if "DevTools" in line or "debugging" in line)
    finally:
        asked.kill()
        asked.stderr.close()
        asked.wait()

    assert "disallowed" in said


def test_the_policy_lets_in_every_station_s_screen_and_nothing_else() -> None:
    config = ROOT / "config"
    screens = {
        address_of(load_settings(config, branch, station)).rstrip("/")
        for branch in branches_in(config)
        for station in (stations_of(config, branch) or (None,))
    }

    assert POLICY["URLBlocklist"][0] == "*"
    assert set(POLICY["URLAllowlist"]) == screens
