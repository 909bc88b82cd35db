from collections.abc import Iterator

import pytest

from tests.pcsc_bench import PcscBench, pcsc_bench


@pytest.fixture
def bench() -> Iterator[PcscBench]:
    """One virtual card reader on a pcscd of its own."""
    with pcsc_bench() as bench:
        yield bench


@pytest.fixture
def wide_bench() -> Iterator[PcscBench]:
    """Four virtual card readers."""
    with pcsc_bench(4) as bench:
        yield bench
