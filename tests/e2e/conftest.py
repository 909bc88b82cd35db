"""A real Chromium in front of a real station: cards on a real PC/SC service, books on a simulated pad's real port."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browsers import silent_page
from tests.pcsc_bench import PcscBench, pcsc_bench
from tests.stand import Shelf, Stand, stand


@pytest.fixture(params=[(1080, 1920), (1920, 1080)], ids=["portrait", "landscape"])
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A touchscreen. Whatever its console complains of fails the test."""
    width, height = request.param
    with silent_page(chromium, width, height, has_touch=True) as page:
        yield page


@pytest.fixture(scope="session")
def cards() -> Iterator[PcscBench]:
    with pcsc_bench(card_readers=2) as bench:
        yield bench


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def station(tmp_path: Path, cards: PcscBench, shelf: Shelf) -> Iterator[Callable[..., AbstractContextManager[Stand]]]:
    """Build the station once the shelf is filled: `with station(printer=True) as s:`."""
    yield partial(stand, tmp_path, cards, shelf)
    cards.clear()
