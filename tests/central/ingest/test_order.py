"""Once, in order, whole: whatever the wire does to uploads."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from kiosk.central.centre import Centre, open_centre
from kiosk.central.incarnations import check_fingerprint, present
from kiosk.central.ingest import Inconsistent, heard, set_aside
from kiosk.central.schema import bring_up_to_date
from kiosk.central.tables import epochs, loans
from kiosk.wire.messages import Unreadable, Verdict
from tests.central.ingest.stand import Teller, everything, furnish, open_debts, open_loans
from tests.central_bench import NETWORK


def test_the_same_upload_again_changes_nothing(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    lent = a.lent(0, "i1", "p1")
    a.returned(5, "i1", lent, "p1", fee="3.00")
    a.upload()
    before = everything(centre)

    answer = a.upload(a.rows)

    assert {verdict for _, verdict in answer.verdicts} == {Verdict.KNOWN}
    assert everything(centre) == before


def test_a_gap_stores_nothing_and_says_from_where_to_send(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    for n in range(3):
        a.lent(n, f"i{n + 1}", "p1")
    a.upload(a.rows[:1])

    answer = a.upload(a.rows[2:])

    assert (answer.have, answer.verdicts) == (1, ())
    assert len(open_loans(centre)) == 1


def test_a_cloned_station_is_noticed_and_nothing_is_stored(centre: Centre) -> None:
    furnish(centre)
    a, clone = Teller(centre), Teller(centre)
    a.lent(0, "i1", "p1")
    clone.lent(0, "i2", "p2")
    a.upload()

    with pytest.raises(Inconsistent, match="copied to a second computer"):
        clone.upload()

    assert open_loans(centre) == {"i1": "p1"}


def test_a_row_somebody_changed_is_kept_as_unreadable_and_the_rest_goes_on(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    a.lent(0, "i1", "p1")
    a.lent(1, "i2", "p1")
    forged = a.rows[0].model_copy(update={"payload": a.rows[0].payload.replace("p1", "p2")})

    answer = a.upload([forged, a.rows[1]])

    assert answer.have == 2
    assert open_loans(centre) == {"i2": "p1"}
    assert open_debts(centre) == ["unreadable-event"]


def test_a_journal_with_a_row_taken_out_is_named(centre: Centre) -> None:
    furnish(centre)
    a, other = Teller(centre), Teller(centre)
    a.lent(0, "i1", "p1")
    other.lent(0, "i3", "p3")
    other.lent(1, "i2", "p2")
    a.upload()

    a.upload([other.rows[1]])

    assert open_debts(centre) == ["journal-broken"]


def test_one_event_alone_can_be_set_aside(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    a.lent(0, "i1", "p1")
    a.lent(1, "i2", "p1")

    set_aside(centre, a.identity, Unreadable(epoch=a.epoch, event=a.rows[0], why="the centre fell over"))
    a.upload(a.rows[1:])

    assert centre.look(lambda work: heard(work, NETWORK, "a.hall")) == {"epoch-a": 2}
    assert open_debts(centre) == ["unreadable-event"]


def test_a_centre_that_has_less_than_it_acknowledged_begins_a_new_life_once(centre: Centre) -> None:
    furnish(centre)
    a, b = Teller(centre), Teller(centre, "b")
    for station in (a, b):
        station.lent(0, "i1", "p1")
        station.lent(1, "i2", "p1")
        station.upload()
    first = centre.look(lambda work: present(work, NETWORK))
    centre.carry_out(lambda work: work.execute(update(epochs).values(have=0)))  # as an older backup would have it
    a.lent(2, "i3", "p1")
    b.lent(2, "i3", "p1")

    answers = [station.upload(station.rows[2:], incarnation=first) for station in (a, b)]

    assert [answer.have for answer in answers] == [0, 0]
    assert answers[0].incarnation == answers[1].incarnation != first


step = st.tuples(st.sampled_from("abc"), st.sampled_from(["lent", "returned"]), st.integers(1, 3), st.integers(1, 3))


@given(history=st.lists(step, min_size=1, max_size=14), delivery=st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_any_order_of_delivery_ends_with_who_really_has_the_copies(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[str, str, int, int]], delivery: object
) -> None:
    """Each station's own order is kept; between stations anything goes, and uploads are repeated."""
    url = f"sqlite:///{tmp_path_factory.mktemp('order')}/central.db"
    centre = open_centre(url, NETWORK)
    bring_up_to_date(centre.engine)
    check_fingerprint(centre)
    furnish(centre)
    stations = {name: Teller(centre, name) for name in "abc"}
    truth: dict[str, str] = {}
    told = 0
    for minute, (name, what, item, patron) in enumerate(history):
        if what == "lent":
            stations[name].lent(minute, f"i{item}", f"p{patron}")
            truth[f"i{item}"] = f"p{patron}"
            told += 1
        else:
            stations[name].returned(minute, f"i{item}")
            truth.pop(f"i{item}", None)

    left = [name for name, station in stations.items() for _ in station.rows]
    delivery.shuffle(left)  # type: ignore[attr-defined]
    sent = dict.fromkeys(stations, 0)
    for name in left:
        station = stations[name]
        first = max(0, sent[name] - 1)  # the last one again, as after a lost answer
        sent[name] += 1
        station.upload(station.rows[first : sent[name]])

    assert open_loans(centre) == truth
    assert centre.look(lambda work: work.execute(select(func.count()).select_from(loans)).scalar()) == told
    centre.close()
