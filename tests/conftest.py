"""One Chromium per test process, started only when a test asks for it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browsers import chromium_running

pytest_plugins = ["tests.central_bench"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with chromium_running() as browser:
        yield browser
