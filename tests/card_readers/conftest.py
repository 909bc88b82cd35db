import subprocess
from collections.abc import Iterator
from pathlib import Path

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


@pytest.fixture(scope="session")
def event_driver(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A card reader driver that tells cards by event, and breaks while a flag file is there."""
    built = tmp_path_factory.mktemp("ifdtest") / "ifdtest.so"
    source = Path(__file__).with_name("ifdtest.c")
    subprocess.run(
        ["cc", "-Wall", "-Werror", "-shared", "-fPIC", "-O2", "-I/usr/include/PCSC", "-o", built, source], check=True
    )
    return built


@pytest.fixture
def event_bench(event_driver: Path) -> Iterator[PcscBench]:
    """Two USB-like card readers of two slots each: cards by event, and each may break."""
    with pcsc_bench(4, event_driver) as bench:
        yield bench
