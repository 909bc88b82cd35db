"""The audit log cannot be changed unseen."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, update

from kiosk.central import audit
from kiosk.central.centre import Centre, open_centre
from kiosk.central.tables import audit as rows
from tests.central_bench import NETWORK


def record(centre: Centre, subject: str) -> None:
    centre.carry_out(
        lambda work: audit.record(
            work, NETWORK, who="iryna", action="settle", subject=subject, details={"n": 1}, now=centre.now()
        )
    )


@pytest.mark.parametrize(
    "tampering",
    [update(rows).where(rows.c.number == 2).values(who="someone else"), delete(rows).where(rows.c.number == 2)],
)
def test_a_row_that_was_changed_or_taken_out_is_found(centre: Centre, tampering: object) -> None:
    for subject in "abc":
        record(centre, subject)
    whole = centre.look(lambda work: audit.first_break(work, NETWORK))
    centre.carry_out(lambda work: work.execute(tampering))  # type: ignore[call-overload]

    assert whole is None
    assert centre.look(lambda work: audit.first_break(work, NETWORK)) == 2


def test_many_at_once_are_numbered_without_gaps(postgres_url: str) -> None:
    centre = open_centre(postgres_url, NETWORK)
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda n: record(centre, str(n)), range(30)))

    assert centre.look(lambda work: audit.first_break(work, NETWORK)) is None
    assert centre.look(lambda work: audit.latest(work, NETWORK, 1))[0].number == 30
    centre.close()
