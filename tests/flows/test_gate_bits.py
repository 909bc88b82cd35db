"""A loan and its gate bit, when a hand, a tag or a power cut comes between: ledger and tag agree, or a debt says so."""

from drivers.tag_pads.feig_frames import TagCode
from drivers.tag_pads.feig_status import Status
from kiosk.station.view import ReturnsView, RowState, SessionView, StackFirstView, Touch
from tests.stand import ARMED, CLEARED, Shelf, Stand, Station, make_tag


def lose_writes(stand: Stand, number: int) -> None:
    """Let the pad say "written" so often and write nothing."""
    for _ in range(number):
        stand.pad.fail_next_write(Status.OK)


def test_a_book_lifted_before_its_bit_is_asked_back_and_then_opens(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station() as stand:
        stand.begin(olena)
        stand.snatch(tag, TagCode.WRITE_AFI)
        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.PUT_BACK)

        assert stand.on_loan() == {"0012000001": "Олена"}
        assert tag.afi == ARMED

        stand.lay(tag)
        view = stand.sees_rows(SessionView, RowState.LENT)

        assert view.lent == 1
        assert tag.afi == CLEARED
        assert stand.open_intents() == []


def test_a_bit_written_but_not_read_back_is_not_green(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station() as stand:
        stand.begin(olena)
        stand.snatch(tag, TagCode.SYSTEM_DESCRIPTION)
        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.PUT_BACK)

        assert tag.afi == CLEARED
        assert stand.open_intents() == [("checkout", "0012000001")]

        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.LENT)

        assert tag.afi == CLEARED
        assert stand.open_intents() == []


def test_a_book_never_put_back_is_a_debt_that_the_next_sight_of_it_settles(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    gone, kept = (make_tag(shelf.item(number, title=f"Том {number}")) for number in ("0012000001", "0012000002"))

    with station(printer=True) as stand:
        stand.begin(olena).remove()
        stand.snatch(gone, TagCode.WRITE_AFI)
        stand.lay(gone, kept)
        stand.sees_rows(SessionView, RowState.LENT, RowState.PUT_BACK)
        stand.lift(kept)
        done = stand.end()
        slip = stand.receipt()

        assert [row.state for row in done.trouble] == [RowState.PUT_BACK]
        assert done.lent == 1
        assert slip.index("Том 0012000002") < slip.index("Том 0012000001")
        stand.owes(("gate-not-cleared", "0012000001"))
        assert set(stand.on_loan()) == {"0012000001", "0012000002"}

        stand.switch_off()
        stand.switch_on()
        stand.opens()
        stand.lay(gone)
        stand.sees_rows(StackFirstView, RowState.ASKING)
        stand.owes()

        assert gone.afi == CLEARED
        assert set(stand.on_loan()) == {"0012000001", "0012000002"}


def test_a_power_cut_between_loan_and_bit_is_made_good_by_the_next_visit(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station() as stand:
        card = stand.begin(olena)
        stand.snatch(tag, TagCode.WRITE_AFI)
        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.PUT_BACK)
        stand.switch_off()
        card.remove()
        stand.switch_on()

        stand.owes(("gate-not-cleared", "0012000001"))
        assert tag.afi == ARMED

        stand.begin(olena)
        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.YOURS)

        assert tag.afi == CLEARED
        assert stand.ask("SELECT count(*) FROM loans") == [(1,)]


def test_two_lost_writes_are_made_good_by_the_third(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station() as stand:
        stand.begin(olena)
        lose_writes(stand, 2)
        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.LENT)

        assert tag.afi == CLEARED


def test_a_bit_that_reads_back_as_something_else_takes_the_loan_back(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001", title="Тигролови"))

    with station() as stand:
        stand.begin(olena)
        lose_writes(stand, 3)
        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.STAFF)
        stand.owes()

        assert stand.on_loan() == {}
        assert tag.afi == ARMED

        done = stand.end()

        assert [(row.state, row.title) for row in done.trouble] == [(RowState.STAFF, "Тигролови")]
        assert done.lent == 0


def test_a_locked_tag_gives_the_hold_back_to_who_waited_for_it(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    item = shelf.item("0012000001")
    shelf.hold(item, olena, set_aside=True)
    tag = make_tag(item)
    tag.lock("afi")

    with station() as stand:
        stand.begin(olena)
        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.STAFF)
        stand.owes()

        assert stand.on_loan() == {}
        assert stand.holds() == [("Олена", "ready", "0012000001")]
        assert tag.afi == ARMED


def test_a_tag_that_will_not_be_armed_is_taken_back_and_left_to_staff(station: Station, shelf: Shelf) -> None:
    item = shelf.item("0012000001", title="Тигролови")
    shelf.lend(item, shelf.patron("Олена"))
    tag = make_tag(item, lent=True)
    tag.lock("afi")

    with station(printer=True) as stand:
        stand.opens()
        stand.lay(tag)
        stand.sees_rows(StackFirstView, RowState.ASKING)
        stand.touch(Touch.RETURN)
        view = stand.sees_rows(ReturnsView, RowState.RETURNED)
        stand.end()
        slip = stand.receipt()

        assert view.rows[0].notes == ("gate-owed",)
        assert "Захист перевірить бібліотекар" in slip
        assert stand.on_loan() == {}
        stand.owes(("gate-not-armed", "0012000001"))
        assert tag.afi == CLEARED


def test_a_bit_owed_by_a_return_is_armed_when_the_copy_is_next_laid_down(station: Station, shelf: Shelf) -> None:
    item = shelf.item("0012000001")
    shelf.lend(item, shelf.patron("Олена"))
    tag = make_tag(item, lent=True)

    with station() as stand:
        stand.opens()
        stand.lay(tag)
        stand.sees_rows(StackFirstView, RowState.ASKING)
        lose_writes(stand, 3)
        stand.touch(Touch.RETURN)
        stand.sees_rows(ReturnsView, RowState.RETURNED)

        stand.owes(("gate-not-armed", "0012000001"))

        stand.end()
        stand.take_away(tag)
        stand.lay(tag)
        stand.sees_rows(StackFirstView, RowState.ASKING)
        stand.owes()

        assert tag.afi == ARMED
