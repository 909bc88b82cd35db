"""The station is switched off, dies, hangs or is told to stop: its end is defined, and the next start knows it all."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.tag_pads.feig_frames import TagCode
from drivers.tag_pads.feig_simulator import SimulatedFeigPad
from drivers.tag_pads.simulated_pad import Direction
from drivers.tag_pads.simulated_tags import SimulatedTag
from kiosk.bootstrap.running import DIED, SILENT, STOPPED
from kiosk.station.view import NoticeView, PinView, RowState, SessionView, StackFirstView
from kiosk.store.set_aside import find_set_aside
from tests.flows.station_program import station_program
from tests.stand import ARMED, CLEARED, Shelf, Stand, Station, make_tag

READ_BACK = TagCode.SYSTEM_DESCRIPTION
MISHAP = 1
"""What a person can mend: one message, and systemd's restarts do not hide it."""
TORN = 0x5A
"""What a tag says whose field went while it was writing: neither the old value nor the new one."""


def tear_writes(stand: Stand, tag: SimulatedTag, times: int) -> Callable[[], None]:
    """Let so many writes of the gate bit end torn, unless told to stop: it is garbage when it is read back."""
    written, read_back = (bytes([code, 0x01]) + bytes.fromhex(tag.uid) for code in (TagCode.WRITE_AFI, READ_BACK))
    left, tearing = list(range(times)), []

    def tear(direction: Direction, frame: bytes) -> None:
        if direction is Direction.TO_PAD and written in frame and left:
            tearing.append(left.pop())
        elif direction is Direction.TO_PAD and read_back in frame and tearing:
            tearing.clear()
            tag.afi = TORN

    stand.pad.observe(tear)
    return left.clear


def at_the_first_write(pad: SimulatedFeigPad, act: Callable[[], None]) -> None:
    """Do something just as the pad is told to write the first gate bit."""
    written: list[bytes] = []

    def act_once(direction: Direction, frame: bytes) -> None:
        if direction is Direction.TO_PAD and bytes([TagCode.WRITE_AFI, 0x01]) in frame and not written:
            written.append(frame)
            act()

    pad.observe(act_once)


# --- switched off and on -----------------------------------------------------------------------------------


def test_a_restart_knows_loans_debts_and_the_orders_of_a_visit_that_never_ended(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    kept, lifted = (make_tag(shelf.item(number)) for number in ("0012000001", "0012000002"))

    with station(timing={"put_back_s": 20}) as stand:
        stand.begin(olena)
        stand.snatch(lifted, TagCode.WRITE_AFI)
        stand.lay(kept, lifted)
        stand.sees_rows(SessionView, RowState.LENT, RowState.PUT_BACK)
        stand.switch_off()
        stand.switch_on()

        assert stand.on_loan() == {"0012000001": "Олена", "0012000002": "Олена"}
        assert stand.debts() == [("gate-not-cleared", "0012000002")]
        assert (kept.afi, lifted.afi) == (CLEARED, ARMED)

        stand.opens()
        stand.lay(lifted)
        stand.owes()

        assert lifted.afi == CLEARED
        assert stand.open_intents() == []


def test_a_start_clears_the_books_of_a_patron_who_still_stands_there(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station() as stand:
        stand.begin(olena)
        stand.snatch(tag, TagCode.WRITE_AFI)
        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.PUT_BACK)
        stand.switch_off()
        stand.lay(tag)
        stand.switch_on()
        view = stand.sees_rows(StackFirstView, RowState.ASKING)
        stand.owes()

        assert view.rows[0].on_loan
        assert tag.afi == CLEARED
        assert stand.on_loan() == {"0012000001": "Олена"}


def test_a_wrong_pin_counts_on_after_a_restart(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена", pin="1234")

    with station(pin={"needed": "always"}) as stand:
        stand.opens()
        stand.tap(olena)
        stand.sees(PinView)
        stand.type_pin("0000")
        stand.sees(PinView, lambda view: view.tries_left == 2)
        stand.type_pin("1111")
        stand.sees(PinView, lambda view: view.tries_left == 1)
        stand.switch_off()
        stand.bench.clear()
        stand.switch_on()
        stand.opens()
        stand.tap(olena)
        stand.sees(PinView)
        stand.type_pin("2222")
        locked = stand.sees(NoticeView)

        assert locked.hint == "pin-locked"


def test_a_bit_torn_while_it_was_written_is_written_again_before_the_book_is_green(
    station: Station, shelf: Shelf
) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station() as stand:
        stand.begin(olena)
        tear_writes(stand, tag, 2)
        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.LENT)

        assert tag.afi == CLEARED
        assert stand.open_intents() == []
        assert stand.ask("SELECT type FROM journal ORDER BY position") == [("lent",), ("gate-set",)]


def test_a_bit_that_stays_torn_takes_the_loan_back_and_is_owed_armed_until_it_is(
    station: Station, shelf: Shelf
) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001", title="Тигролови"))

    with station() as stand:
        stand.begin(olena)
        stop_tearing = tear_writes(stand, tag, 100)
        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.STAFF)
        stand.owes(("gate-not-armed", "0012000001"))

        done = stand.end()
        stand.switch_off()

        assert [row.title for row in done.trouble] == ["Тигролови"]
        assert stand.on_loan() == {}
        assert tag.afi == TORN

        stop_tearing()
        stand.switch_on()
        stand.owes()

        assert tag.afi == ARMED
        assert stand.on_loan() == {}


# --- as a program ------------------------------------------------------------------------------------------


@pytest.fixture
def pad(tmp_path: Path) -> Iterator[SimulatedFeigPad]:
    with SimulatedFeigPad(link=tmp_path / "pad") as pad:
        yield pad


def test_told_to_stop_the_station_ends_in_good_order_and_closes_its_ledger(
    tmp_path: Path, pad: SimulatedFeigPad
) -> None:
    with station_program(tmp_path) as program:
        program.is_up()
        program.stop()

        assert program.ends(within=3.0) == STOPPED
        assert program.says()[-1] == "STOPPING=1"
        assert (tmp_path / "station.db").exists()
        assert not (tmp_path / "station.db-wal").exists()


def test_told_to_stop_in_mid_return_it_finishes_what_it_left_at_the_next_start(
    tmp_path: Path, pad: SimulatedFeigPad, shelf: Shelf
) -> None:
    olena = shelf.patron("Олена")
    tags = [make_tag(shelf.item(f"001200000{number}"), lent=True) for number in range(1, 7)]
    for item in shelf.items.values():
        shelf.lend(item, olena)

    with station_program(tmp_path, shelf, station={"returns": "at-once"}) as program:
        program.is_up()
        at_the_first_write(pad, program.stop)
        for tag in tags:
            pad.lay(tag)

        assert program.ends(within=5.0) == STOPPED
        assert any(tag.afi == ARMED for tag in tags)

    with station_program(tmp_path, station={"returns": "at-once"}) as program:
        program.is_up()
        program.comes_to("SELECT count(*) FROM loans WHERE state = 'open'", 0)

        assert {tag.afi for tag in tags} == {ARMED}
        assert program.ask("SELECT count(*) FROM journal WHERE type = 'returned'") == len(tags)
        assert program.ask("SELECT count(*) FROM debts WHERE closed IS NULL") == 0


@pytest.mark.parametrize("fault", ["pad breaks", "library breaks", "station breaks"])
def test_a_thread_that_dies_ends_the_program_so_that_it_is_started_anew(
    tmp_path: Path, pad: SimulatedFeigPad, fault: str
) -> None:
    with station_program(tmp_path, fault=fault) as program:
        code = program.ends(within=20.0)

        assert code == DIED
        assert f"{fault.removesuffix(' breaks')} is dead: ending the program" in program.log
        assert "a fault nobody foresaw" in program.log


def test_a_thread_that_hangs_in_its_device_ends_the_program_within_seconds(
    tmp_path: Path, pad: SimulatedFeigPad
) -> None:
    with station_program(tmp_path, fault="pad hangs") as program:
        program.is_up()
        code = program.ends(within=20.0)

        assert code == SILENT
        assert "no sign of life from pad: ending the program" in program.log
        assert program.says()[-1] == "WATCHDOG=1"


def test_a_damaged_ledger_is_set_aside_and_the_station_stays_shut_until_somebody_decides(
    tmp_path: Path, pad: SimulatedFeigPad, shelf: Shelf
) -> None:
    shelf.lend(shelf.item("0012000001"), shelf.patron("Олена"))

    with station_program(tmp_path, shelf) as program:
        program.is_up()
        program.stop()
        program.ends(within=5.0)

    ledger = tmp_path / "station.db"
    whole = ledger.read_bytes()
    ledger.write_bytes(whole[:4096] + b"rust" * 1024 + whole[8192:])

    with station_program(tmp_path) as program:
        code = program.ends(within=20.0)
        kept = find_set_aside(ledger)

        assert code == MISHAP
        assert f"Error: {ledger} was damaged and lies at {kept}" in program.log
        assert "Traceback" not in program.log

    with station_program(tmp_path) as program:
        assert program.ends(within=20.0) == MISHAP
        assert not ledger.exists()
