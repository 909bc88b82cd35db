"""Stacks of every size and at every moment: one copy, forty, one more, one less, the same one again."""

from drivers.tag_pads.feig_frames import Code, Reply, TagCode
from drivers.tag_pads.feig_status import Status
from drivers.tag_pads.simulated_pad import Direction
from kiosk.station.view import DoneView, RowState, SessionView, StackFirstView
from tests.stand import ARMED, CLEARED, Shelf, Station, make_tag


def test_one_book_goes_home_with_a_receipt_and_a_restart_knows_it(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001", title="Тигролови"))

    with station(printer=True) as stand:
        card = stand.begin(olena)
        stand.lay(tag)
        view = stand.sees_rows(SessionView, RowState.LENT)
        due = view.rows[0].due
        card.remove()
        stand.end()
        slip = stand.receipt()

        assert tag.afi == CLEARED
        assert due is not None
        assert "Тигролови" in slip
        assert f"до {due.day}" in slip
        assert "Олена" not in slip

        stand.lift(tag)
        stand.switch_off()
        stand.switch_on()
        stand.opens()
        stand.lay(tag)
        known = stand.sees_rows(StackFirstView, RowState.ASKING)

        assert known.on_loan == 1
        assert stand.on_loan() == {"0012000001": "Олена"}
        assert stand.debts() == []
        assert tag.afi == CLEARED


def test_ten_books_are_lent_up_to_the_last_one_allowed(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tags = [make_tag(shelf.item(f"00120000{number:02}")) for number in range(10)]

    with station() as stand:
        stand.begin(olena)
        stand.lay(*tags)
        view = stand.sees_rows(SessionView, *[RowState.LENT] * 10)

        assert view.lent == 10
        assert len({row.due for row in view.rows}) == 1
        assert len(stand.on_loan()) == 10
        assert {tag.afi for tag in tags} == {CLEARED}
        assert stand.open_intents() == []


def test_forty_books_come_in_several_frames_and_all_go_home(station: Station, shelf: Shelf) -> None:
    teacher = shelf.patron("Марія", category="teacher")
    tags = [make_tag(shelf.item(f"00120000{number:02}")) for number in range(40)]
    forty = {"max_loans": 40, "rules": {"book": {"max_loans": 40}}}
    statuses: list[int] = []

    def watch(direction: Direction, frame: bytes) -> None:
        if direction is Direction.FROM_PAD and (reply := Reply.from_bytes(frame)).code == Code.TAG:
            statuses.append(reply.status)

    with station(lending={"categories": {"teacher": forty}}) as stand:
        stand.pad.observe(watch)
        stand.begin(teacher)
        stand.lay(*tags)
        view = stand.sees_rows(SessionView, *[RowState.LENT] * 40)

        assert Status.MORE in statuses
        assert view.lent == 40
        assert set(stand.on_loan().values()) == {"Марія"}
        assert {tag.afi for tag in tags} == {CLEARED}
        assert stand.open_intents() == []


def test_a_book_added_in_mid_commit_is_lent_too(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    first, second = (make_tag(shelf.item(number)) for number in ("0012000001", "0012000002"))

    with station() as stand:
        stand.begin(olena)
        with stand.busy_ledger():
            stand.lay(first)
            stand.sees(SessionView, lambda view: [row.state for row in view.rows] == [RowState.WAITING])
            stand.lay(second)
            stand.sees(SessionView, lambda view: [row.state for row in view.rows] == [RowState.WAITING] * 2)
        stand.sees_rows(SessionView, RowState.LENT, RowState.LENT)

        assert stand.on_loan() == {"0012000001": "Олена", "0012000002": "Олена"}
        assert {first.afi, second.afi} == {CLEARED}
        assert stand.open_intents() == []


def test_a_book_lifted_before_it_was_read_is_nobodys_wish(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    taken, kept = (make_tag(shelf.item(number)) for number in ("0012000001", "0012000002"))

    with station() as stand:
        stand.begin(olena)
        stand.snatch(taken, TagCode.READ_BLOCKS)
        stand.lay(taken, kept)
        stand.sees_rows(SessionView, RowState.LENT)

        assert stand.on_loan() == {"0012000002": "Олена"}
        assert (taken.afi, kept.afi) == (ARMED, CLEARED)
        assert stand.open_intents() == []


def test_a_book_lifted_in_mid_commit_is_asked_back(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station() as stand:
        stand.begin(olena)
        with stand.busy_ledger():
            stand.lay(tag)
            stand.sees(SessionView, lambda view: [row.state for row in view.rows] == [RowState.WAITING])
            stand.lift(tag)
        stand.sees_rows(SessionView, RowState.PUT_BACK)

        assert stand.on_loan() == {"0012000001": "Олена"}
        assert tag.afi == ARMED

        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.LENT)

        assert tag.afi == CLEARED
        assert stand.debts() == []


def test_a_lent_book_laid_down_again_is_not_lent_twice(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station() as stand:
        stand.begin(olena)
        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.LENT)
        stand.take_away(tag)
        stand.lay(tag)
        view = stand.sees(SessionView, lambda view: view.rows[0].can_return)

        assert [row.state for row in view.rows] == [RowState.LENT]
        assert stand.ask("SELECT count(*) FROM loans") == [(1,)]
        assert tag.afi == CLEARED


def test_a_stack_taken_away_without_a_card_lying_there_ends_the_visit(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tags = [make_tag(shelf.item(f"001200000{number}")) for number in range(3)]

    with station() as stand:
        stand.begin(olena).remove()
        stand.lay(*tags)
        stand.sees_rows(SessionView, *[RowState.LENT] * 3)
        stand.lift(*tags)
        done = stand.sees(DoneView)

        assert done.lent == 3
        assert done.trouble == ()
        assert stand.debts() == []
