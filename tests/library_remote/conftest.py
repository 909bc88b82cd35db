from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.library_remote.stand import RemoteStand


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[RemoteStand]:
    made = RemoteStand(tmp_path / "station.db")
    yield made
    made.store.close()
