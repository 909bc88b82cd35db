"""Many stations at once about the same copies: nothing is lost, nothing stands still for ever."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from kiosk.central.centre import open_centre
from kiosk.central.tables import events, loans
from tests.central.ingest.stand import Teller, furnish, open_loans
from tests.central_bench import NETWORK

ROUNDS = 12
COPIES = 5


def test_six_stations_with_the_same_five_books_lose_nothing(postgres_url: str) -> None:
    centre = open_centre(postgres_url, NETWORK)
    furnish(centre, copies=COPIES)
    stations = [Teller(centre, name, epoch=f"epoch-{n}") for n, name in enumerate("abcabc")]
    for n, station in enumerate(stations):
        station.identity = type(station.identity)(f"{station.branch}.{n}", station.branch, str(n))
        for turn in range(ROUNDS):
            station.lent(turn * 10 + n, f"i{1 + (turn * (n + 1)) % COPIES}", f"p{1 + n % 3}")

    def send(station: Teller) -> None:
        for first in range(0, ROUNDS, 4):
            station.upload(station.rows[first : first + 4])

    with ThreadPoolExecutor(len(stations)) as threads:
        list(threads.map(send, stations))

    told = ROUNDS * len(stations)
    assert centre.look(lambda work: work.execute(select(func.count()).select_from(events)).scalar()) == told
    assert centre.look(lambda work: work.execute(select(func.count()).select_from(loans)).scalar()) == told
    assert len(open_loans(centre)) == COPIES
    centre.close()
