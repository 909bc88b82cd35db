"""A loan forgets its patron in time; a person sees, and takes away, what is kept of them."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from kiosk.central import audit, privacy
from kiosk.central.centre import Centre
from kiosk.central.errors import PatronError
from kiosk.central.feed import page
from kiosk.central.tables import changes, events, loans, metadata, patrons
from kiosk.wire.messages import Kind, Verdict
from tests.central.feed.test_pages import STATION, touch_all
from tests.central.ingest.stand import NOON, POLICIES, Teller, furnish, loan, open_loans, place_hold
from tests.central_bench import NETWORK


def everywhere(centre: Centre, *leave_out: str) -> str:
    """Everything the database holds, as text."""
    tables = [table for table in metadata.sorted_tables if table.name not in leave_out]
    return centre.look(lambda work: "\n".join(str(row) for table in tables for row in work.execute(select(table))))


def with_history(centre: Centre) -> tuple[Teller, str, str]:
    """A loan that ended, and one that runs."""
    furnish(centre)
    centre.now = lambda: NOON + timedelta(hours=2)
    a = Teller(centre)
    ended, running = a.lent(0, "i1", "p1"), a.lent(1, "i2", "p2")
    a.returned(60, "i1", ended, "p1")
    a.upload()
    return a, ended, running


def test_what_closed_long_ago_forgets_whose_it_was_and_what_runs_does_not(centre: Centre) -> None:
    _, ended, running = with_history(centre)
    centre.now = lambda: NOON + timedelta(days=31)

    night = privacy.nightly(centre, POLICIES)

    assert (night.loans, night.events) == (1, 2)
    assert (loan(centre, ended).patron, loan(centre, running).patron) == (None, "p2")
    payloads = centre.look(lambda work: list(work.execute(select(events.c.payload)).scalars()))
    assert not any("p1" in payload for payload in payloads)
    assert any("p2" in payload for payload in payloads)


def test_a_night_before_the_time_and_a_second_night_forget_nothing(centre: Centre) -> None:
    with_history(centre)

    assert privacy.nightly(centre, POLICIES).loans == 0
    centre.now = lambda: NOON + timedelta(days=31)
    privacy.nightly(centre, POLICIES)
    assert privacy.nightly(centre, POLICIES).loans == 0
    assert len(centre.look(lambda work: audit.latest(work, NETWORK))) == 3


def test_an_event_that_was_forgotten_is_still_known_when_it_comes_again(centre: Centre) -> None:
    a, _, _ = with_history(centre)
    centre.now = lambda: NOON + timedelta(days=31)
    privacy.nightly(centre, POLICIES)

    assert {verdict for _, verdict in a.upload(a.rows).verdicts} == {Verdict.KNOWN}


def test_a_person_is_told_everything_and_no_secret(centre: Centre) -> None:
    with_history(centre)

    told: dict[str, Any] = privacy.export(centre, "20001", "iryna")

    assert told["patron"]["family_name"] == "Прізвище"
    assert [one["item"] for one in told["loans"]] == ["i1"]
    assert json.dumps(told)
    with pytest.raises(PatronError, match="nobody has the card"):
        privacy.export(centre, "99999", "iryna")


def test_who_has_books_or_owes_money_is_not_erased(centre: Centre) -> None:
    with_history(centre)
    centre.carry_out(lambda work: work.execute(update(patrons).where(patrons.c.id == "p3").values(fees=5)))

    with pytest.raises(PatronError, match="come back first"):
        privacy.erase(centre, "20002", "iryna")
    with pytest.raises(PatronError, match="paid or waived"):
        privacy.erase(centre, "20003", "iryna")


def test_nothing_is_left_of_a_person_who_was_erased_and_stations_hear_it(centre: Centre) -> None:
    with_history(centre)
    place_hold(centre, "h1", "p1", "t3")
    touch_all(centre)
    cursor = page(centre, STATION, "").cursor

    privacy.erase(centre, "20001", "iryna")

    left = everywhere(centre, "changes", "audit", "patrons", "items")
    assert "'p1'" not in left
    assert '"p1"' not in left
    assert "20001" not in everywhere(centre)
    told = {(kind, key): row for kind, key, row in page(centre, STATION, cursor).changes}
    assert told[Kind.PATRON, "p1"] is None
    assert told[Kind.HOLD, "h1"] is None


def test_two_patrons_who_are_one_person_become_one(centre: Centre) -> None:
    with_history(centre)
    place_hold(centre, "h1", "p2", "t3")

    privacy.merge(centre, "20002", "20003", "iryna")

    assert open_loans(centre) == {"i2": "p3"}
    merged = centre.look(lambda work: work.execute(select(patrons.c.merged_into).where(patrons.c.id == "p2")).scalar())
    assert merged == "p3"
    touched = centre.look(lambda work: {tuple(row) for row in work.execute(select(changes.c.kind, changes.c.key))})
    assert {("patron", "p2"), ("patron", "p3"), ("hold", "h1")} <= touched
    with pytest.raises(PatronError):
        privacy.merge(centre, "20003", "20003", "iryna")


def test_no_loan_lost_its_facts_with_its_patron(centre: Centre) -> None:
    _, ended, _ = with_history(centre)
    centre.now = lambda: NOON + timedelta(days=31)
    privacy.nightly(centre, POLICIES)

    row = centre.look(lambda work: work.execute(select(loans).where(loans.c.id == ended)).one())
    assert (row.item, row.state, row.branch) == ("i1", "returned", "a")
