"""What holds in every test: one Chromium per test process, started only when asked for, and no law about speed."""

from collections.abc import Iterator

import hypothesis
import pytest
from playwright.sync_api import Browser

from tests.browsers import chromium_running

hypothesis.settings.register_profile("unhurried", deadline=None)  # a computer shared with others is no judge of time
hypothesis.settings.load_profile("unhurried")

pytest_plugins = ["tests.central_bench"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with chromium_running() as browser:
        yield browser
