"""Cards that proved themselves, told by stations; and how many are left to replace."""

import json

from sqlalchemy import select

from kiosk.central.card_count import CardCount, count_cards
from kiosk.central.centre import Centre
from kiosk.central.metrics import Metrics
from kiosk.central.privacy import erase
from kiosk.central.tables import card_proofs, events
from tests.central.ingest.stand import Teller, furnish

UID, OTHER = "04A1B2C3D4E5F6", "04112233445566"


def counted(centre: Centre) -> CardCount:
    return centre.look(lambda work: count_cards(work, centre.network))


def tell(centre: Centre, branch: str = "a", minute: int = 0, **facts: object) -> None:
    teller = Teller(centre, branch)
    teller.tell("card-proven", minute, **facts)
    teller.upload()


def test_a_card_is_counted_once_whoever_tells_of_it(centre: Centre) -> None:
    furnish(centre)
    before = counted(centre)

    tell(centre, uid=UID, number="20001")
    tell(centre, "b", 5, uid=UID, number="20001")

    assert before.proven == 0
    assert counted(centre) == CardCount(before.known, 1)
    assert counted(centre).to_replace == before.known - 1


def test_a_number_that_is_learnt_later_is_kept(centre: Centre) -> None:
    furnish(centre)
    tell(centre, uid=UID, number=None)
    before = counted(centre)

    tell(centre, "b", 5, uid=UID, number="20001")
    tell(centre, "c", 9, uid=UID, number=None)

    assert (before.proven, counted(centre).proven) == (0, 1)


def test_what_is_no_card_counts_nothing(centre: Centre) -> None:
    furnish(centre)

    tell(centre, uid=None, number="20001")
    tell(centre, "b", uid=OTHER, number="nobody")

    assert counted(centre).proven == 0


def test_prometheus_is_told(centre: Centre) -> None:
    furnish(centre)
    tell(centre, uid=UID, number="20001")

    lines = Metrics().text(centre).decode().splitlines()

    assert 'littera_cards{state="proven"} 1.0' in lines


def test_with_the_person_goes_the_memory_of_the_card(centre: Centre) -> None:
    furnish(centre)
    tell(centre, uid=UID, number="20001")

    erase(centre, "20001", "director")

    def left(work: object) -> list[object]:
        told = work.execute(select(events.c.payload).where(events.c.type == "card-proven")).scalars()  # type: ignore[attr-defined]
        return [*work.execute(select(card_proofs)), *(json.loads(one) for one in told)]  # type: ignore[attr-defined]

    assert centre.look(left) == [{}]
