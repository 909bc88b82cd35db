"""Copies with more than one tag: sets of several parts, whole or not, and books somebody tagged twice."""

from drivers.tag_pads.feig_frames import TagCode
from drivers.tag_pads.simulated_tags import SimulatedTag
from kiosk.circulation.model import Part, PartKind
from kiosk.station.view import ReturnsView, RowState, SessionView, StackFirstView, Touch
from tests.stand import ARMED, CLEARED, Shelf, Station, make_tag


def parts_of_a_set(shelf: Shelf, number: int = 3) -> list[SimulatedTag]:
    game = shelf.item("0012000001", title="Гра", parts=number)
    return [make_tag(game, part=part) for part in range(1, number + 1)]


def test_a_whole_set_is_one_loan_with_every_bit_cleared(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    parts = parts_of_a_set(shelf)

    with station() as stand:
        stand.begin(olena)
        stand.lay(*parts)
        view = stand.sees_rows(SessionView, RowState.LENT)

        assert (view.rows[0].parts_seen, view.rows[0].parts) == (3, 3)
        assert {tag.afi for tag in parts} == {CLEARED}
        assert stand.on_loan() == {"0012000001": "Олена"}


def test_a_set_with_a_missing_part_stays_until_the_part_is_laid_beside_it(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    first, second, third = parts_of_a_set(shelf)

    with station() as stand:
        stand.begin(olena)
        stand.lay(first, third)
        view = stand.sees_rows(SessionView, RowState.REFUSED)

        assert [(reason.refusal, reason.number) for reason in view.rows[0].reasons] == [("parts-missing", 1)]
        assert stand.on_loan() == {}
        assert {first.afi, third.afi} == {ARMED}

        stand.lay(second)
        stand.sees_rows(SessionView, RowState.LENT)

        assert {first.afi, second.afi, third.afi} == {CLEARED}


def test_a_set_with_a_locked_part_stays_here_with_every_part_armed_again(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    parts = parts_of_a_set(shelf)
    parts[1].lock("afi")

    with station() as stand:
        stand.begin(olena)
        stand.lay(*parts)
        stand.sees_rows(SessionView, RowState.STAFF)
        stand.owes()

        assert stand.on_loan() == {}
        assert {tag.afi for tag in parts} == {ARMED}


def test_a_part_snatched_from_a_voided_set_is_a_debt_until_it_is_seen_again(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    first, locked = parts_of_a_set(shelf, 2)
    locked.lock("afi")

    with station() as stand:
        stand.begin(olena)
        stand.when(locked, TagCode.WRITE_AFI, lambda: stand.lift(first))
        stand.lay(first, locked)
        stand.sees_rows(SessionView, RowState.STAFF)
        stand.end()

        assert first.afi == CLEARED
        stand.owes(("gate-not-armed", "0012000001"))

        stand.take_away(locked)
        stand.lay(first)
        stand.sees(StackFirstView)
        stand.owes()

        assert first.afi == ARMED


def test_both_tags_of_a_doubly_tagged_book_are_cleared(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    item = shelf.item("0012000001")
    old, new = make_tag(item, uid="E00401000000000A"), make_tag(item, uid="E00401000000000B")

    with station() as stand:
        stand.begin(olena)
        stand.lay(old, new)
        stand.sees_rows(SessionView, RowState.LENT)

        assert {old.afi, new.afi} == {CLEARED}
        assert stand.ask("SELECT count(*) FROM loans") == [(1,)]


def test_a_second_tag_noticed_later_is_cleared_before_the_row_is_green(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    item = shelf.item("0012000001")
    old, new = make_tag(item, uid="E00401000000000A"), make_tag(item, uid="E00401000000000B")
    shown: list[SessionView] = []

    def holds_back(view: SessionView) -> bool:
        return [row.state for row in view.rows] == [RowState.OPENING]

    with station() as stand:
        stand.begin(olena)
        stand.lay(old)
        stand.sees_rows(SessionView, RowState.LENT)
        stand.when(new, TagCode.WRITE_AFI, lambda: shown.append(stand.sees(SessionView, holds_back, timeout=1.0)))
        stand.lay(new)
        stand.sees(SessionView, lambda view: bool(shown) and view.lent == 1)

        assert shown[0].lent == 0
        assert {old.afi, new.afi} == {CLEARED}
        assert stand.ask("SELECT count(*) FROM loans") == [(1,)]
        assert stand.open_intents() == []


def test_a_second_tag_that_will_not_obey_sends_the_book_to_staff(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    item = shelf.item("0012000001")
    old, new = make_tag(item, uid="E00401000000000A"), make_tag(item, uid="E00401000000000B")
    new.lock("afi")

    with station() as stand:
        stand.begin(olena)
        stand.lay(old)
        stand.sees_rows(SessionView, RowState.LENT)
        stand.lay(new)
        stand.sees_rows(SessionView, RowState.STAFF)
        done = stand.end()

        assert [row.state for row in done.trouble] == [RowState.STAFF]
        stand.owes(("gate-not-cleared", "0012000001"))
        assert stand.on_loan() == {"0012000001": "Олена"}
        assert (old.afi, new.afi) == (CLEARED, ARMED)


def test_a_set_comes_back_only_with_every_part(station: Station, shelf: Shelf) -> None:
    game = shelf.item("0012000001", title="Гра", parts=2)
    shelf.lend(game, shelf.patron("Олена"))
    board, dice = (make_tag(game, part=part, lent=True) for part in (1, 2))

    with station() as stand:
        stand.opens()
        stand.touch(Touch.RETURN)
        stand.lay(board)
        stand.sees_rows(ReturnsView, RowState.REFUSED)

        assert stand.on_loan() == {"0012000001": "Олена"}
        assert board.afi == CLEARED

        stand.lay(dice)
        stand.sees_rows(ReturnsView, RowState.RETURNED)

        assert stand.on_loan() == {}
        assert {board.afi, dice.afi} == {ARMED}


def test_both_tags_of_a_doubly_tagged_book_are_armed_when_it_comes_back(station: Station, shelf: Shelf) -> None:
    item = shelf.item("0012000001")
    shelf.lend(item, shelf.patron("Олена"), due_in=-14)
    old, new = (make_tag(item, uid=f"E00401000000000{letter}", lent=True) for letter in "AB")

    with station() as stand:
        stand.opens()
        stand.touch(Touch.RETURN)
        stand.lay(old)
        first = stand.sees_rows(ReturnsView, RowState.RETURNED)
        stand.lay(new)
        second = stand.sees(ReturnsView, lambda view: new.afi == ARMED and view.returned == 1 and not view.busy)

        assert old.afi == ARMED
        assert first.rows[0].fee == second.rows[0].fee > 0
        assert stand.on_loan() == {}
        stand.owes()


def test_a_box_comes_back_without_a_disc_and_the_disc_comes_later(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    contents = tuple(Part(name, PartKind.DISC) for name in ("Диск 1", "Диск 2", "Диск 3"))
    box = shelf.item("0012000001", title="Опери", parts=3, contents=contents)
    first, second, third = (make_tag(box, part=part) for part in (1, 2, 3))

    with station(station={"partial_returns": True}) as stand:
        stand.begin(olena)
        stand.lay(first, second, third)
        stand.sees_rows(SessionView, RowState.LENT)
        stand.take_away(first, second, third)
        stand.end()

        stand.touch(Touch.RETURN)
        stand.lay(first, third)
        view = stand.sees(ReturnsView, lambda view: [row.state for row in view.rows] == [RowState.RETURNED])
        stand.take_away(first, third)

        assert view.rows[0].notes == ("incomplete",)
        assert [(part.name, part.here) for part in view.rows[0].set] == [
            ("Диск 1", True), ("Диск 2", False), ("Диск 3", True),
        ]  # fmt: skip
        assert (first.afi, second.afi, third.afi) == (ARMED, CLEARED, ARMED)
        assert stand.on_loan() == {}
        stand.owes(("set-incomplete", "0012000001"), ("gate-not-armed", "0012000001"))

        stand.touch(Touch.DONE)
        stand.touch(Touch.RETURN)
        stand.lay(second)
        view = stand.sees(ReturnsView, lambda view: [row.state for row in view.rows] == [RowState.RETURNED])

        assert view.rows[0].notes == ("completed",)
        assert second.afi == ARMED
        stand.owes()


def test_a_station_that_takes_whole_sets_only_takes_no_part(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    first, second = parts_of_a_set(shelf, 2)

    with station() as stand:
        stand.begin(olena)
        stand.lay(first, second)
        stand.sees_rows(SessionView, RowState.LENT)
        stand.take_away(first, second)
        stand.end()

        stand.touch(Touch.RETURN)
        stand.lay(first)
        stand.sees(ReturnsView, lambda view: [row.state for row in view.rows] == [RowState.REFUSED])

        assert stand.on_loan() == {"0012000001": "Олена"}
        assert first.afi == CLEARED


def test_a_patron_may_give_back_a_box_that_lacks_a_part_from_within_a_visit(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    first, second = parts_of_a_set(shelf, 2)

    with station(station={"partial_returns": True}) as stand:
        stand.begin(olena).remove()
        stand.lay(first, second)
        stand.sees_rows(SessionView, RowState.LENT)
        stand.take_away(first, second)
        stand.end()
        stand.touch(Touch.DONE)

        stand.begin(olena)
        stand.lay(first)
        view = stand.sees(SessionView, lambda view: any(row.can_return for row in view.rows))
        stand.touch(Touch.RETURN_ROW, view.rows[0].key)
        view = stand.sees(SessionView, lambda view: [row.state for row in view.rows] == [RowState.RETURNED])

        assert view.rows[0].notes == ("incomplete",)
        assert stand.on_loan() == {}
