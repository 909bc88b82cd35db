from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.library.desk_stand import DeskStand


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskStand]:
    stand = DeskStand(tmp_path / "station.db")
    yield stand
    stand.store.close()
