"""Every station a test made lets go of its line."""

from collections.abc import Iterator

import pytest

from tests.library.sip2 import scripted


@pytest.fixture(autouse=True)
def closed_lines() -> Iterator[None]:
    yield
    while scripted.STATIONS:
        scripted.STATIONS.pop().close()
