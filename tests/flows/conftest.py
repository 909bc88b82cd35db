"""One PC/SC service per test process, one station per test."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest

from tests.pcsc_bench import PcscBench, pcsc_bench
from tests.stand import Shelf, Stand, stand


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
