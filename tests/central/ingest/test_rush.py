"""Many stations at once about the same copies: nothing is lost, nothing stands still for ever."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select, update

from kiosk.central.centre import open_centre
from kiosk.central.tables import events, holds, items, loans
from tests.central.ingest.stand import Teller, fees, furnish, open_loans, place_hold
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


def test_eight_copies_that_come_back_at_once_serve_eight_people_and_charge_every_fee(postgres_url: str) -> None:
    centre = open_centre(postgres_url, NETWORK)
    furnish(centre, copies=8, people=8)
    centre.carry_out(lambda work: work.execute(update(items).values(title="t1")) and None)
    stations = [Teller(centre, "a", epoch=f"epoch-{n}") for n in range(8)]
    for n, station in enumerate(stations):
        station.identity = type(station.identity)(f"a.{n}", "a", str(n))
        loan = station.lent(n, f"i{n + 1}", "p1")
        station.upload()
        station.returned(100 + n, f"i{n + 1}", loan, "p1", fee="5.00")
    for n in range(8):
        place_hold(centre, f"h{n}", f"p{n + 1}", "t1")

    with ThreadPoolExecutor(len(stations)) as threads:
        list(threads.map(Teller.upload, stations))

    served = select(holds.c.item).where(holds.c.network == NETWORK, holds.c.status == "ready")
    assert sorted(centre.look(lambda work: list(work.execute(served).scalars()))) == [f"i{n + 1}" for n in range(8)]
    assert fees(centre, "p1") == 40
    centre.close()
