import pytest

from kiosk.central.centre import Centre
from tests.central.circulation.stand import Network
from tests.library.desk_stand import OLENA, SOFIIA, TARAS, patron


@pytest.fixture
def network(centre: Centre) -> Network:
    """A centre with three people and nothing to read yet, on each kind of database."""
    stand = Network(centre)
    stand.know(people=(patron(OLENA), patron(TARAS), patron(SOFIIA)))
    return stand
