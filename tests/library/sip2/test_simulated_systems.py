"""The whole conversation of a station with every library system there is a manner of, over real sockets."""

from collections.abc import Iterator
from datetime import date

import pytest

from kiosk.circulation.model import BranchId, CardNumber, ItemId, Reason, Refusal
from kiosk.library.remote.system import OutcomeUnknown, SystemSilent, Who
from kiosk.library.sip2.system import Sip2System
from kiosk.sip2_simulator.manner import manner_names
from kiosk.sip2_simulator.system import SimulatedSystem
from tests.library.sip2.scripted import KYIV
from tests.library.sip2.simulated import ANNA, ITEM, OTHER, PROFILES, station_of
from tests.sip2_simulator.terminal import noon, running

NOW = noon().replace(tzinfo=KYIV)


@pytest.fixture(params=manner_names())
def both(request: pytest.FixtureRequest) -> Iterator[tuple[str, SimulatedSystem, Sip2System]]:
    with running(request.param) as simulated:
        station = station_of(simulated, request.param)
        yield request.param, simulated, station
        station.close()


@pytest.fixture
def hasty() -> Iterator[tuple[SimulatedSystem, Sip2System]]:
    """Koha, and a station that waits for nothing long: for answers that never come."""
    with running("koha") as simulated:
        station = station_of(simulated, "koha", answer_s=0.4)
        yield simulated, station
        station.close()


@pytest.fixture
def koha() -> Iterator[tuple[SimulatedSystem, Sip2System]]:
    with running("koha") as simulated:
        station = station_of(simulated, "koha")
        yield simulated, station
        station.close()


def deeds(simulated: SimulatedSystem) -> list[str]:
    return [deed.what for deed in simulated.library.deeds]


def test_every_manner_has_a_profile() -> None:
    assert set(PROFILES) == set(manner_names())


def test_the_main_job_with_every_system(both: tuple[str, SimulatedSystem, Sip2System]) -> None:
    name, simulated, station = both

    services = station.pulse()
    patron = station.patron(ANNA)
    wrong = station.patron(Who(ANNA.card, "0000"))
    lent = station.lend(ANNA, ITEM)
    account = station.account(ANNA)
    renewed = station.renew(ANNA, ITEM)
    back = station.take_back(ITEM, NOW)
    station.goodbye(ANNA)

    assert (services.online, services.lends, services.takes_back) == (True, True, True)
    assert (patron.known, patron.pin_right, patron.blocks) == (True, True, ())
    assert "Miller" in patron.name
    assert (wrong.pin_right, wrong.blocks) == (False, ())
    assert (lent.lent, lent.may_leave, lent.renewed) == (True, True, False)
    assert lent.due == date(2026, 12, 14)
    assert lent.title.startswith("Test Title Number 41")
    assert len(account.loans) == 2
    assert account.complete is True
    assert renewed.renewed
    assert renewed.due is not None
    assert renewed.due > lent.due
    assert back.taken
    assert deeds(simulated) == ["lend", "renew", "return"], name


def test_a_loan_whose_answer_is_lost_is_not_asked_for_again(both: tuple[str, SimulatedSystem, Sip2System]) -> None:
    name, simulated, station = both
    station.pulse()
    simulated.fault("closed-after on 11")

    with pytest.raises(OutcomeUnknown):
        station.lend(ANNA, ITEM)

    assert deeds(simulated) == ["lend"], name
    charged = station.charged(ANNA)
    assert charged is None or ITEM in charged
    assert station.item(ITEM).on_loan is True


@pytest.mark.parametrize("fault", ["lost-before", "closed-before", "closed-after", "cut", "garbage", "text", "resend"])
@pytest.mark.parametrize("message", ["11", "09", "29"])
def test_what_changes_something_is_sent_once(
    hasty: tuple[SimulatedSystem, Sip2System], message: str, fault: str
) -> None:
    simulated, station = hasty
    station.lend(ANNA, OTHER)
    before = len(deeds(simulated))
    simulated.fault(f"{fault} on {message}")
    asked = {
        "11": lambda: station.lend(ANNA, ITEM),
        "09": lambda: station.take_back(OTHER, NOW),
        "29": lambda: station.renew(ANNA, OTHER),
    }[message]

    with pytest.raises(OutcomeUnknown):
        asked()

    assert len(deeds(simulated)) - before == (1 if fault in ("closed-after", "cut", "garbage") else 0)
    assert station.pulse().online


@pytest.mark.parametrize(
    "fault",
    [
        "lost-before on 17",
        "closed-before on 17",
        "closed-after on 17",
        "cut on 17",
        "garbage on 17",
        "text on 17",
        "resend on 17",
        "bad-checksum on 17",
        "split 1 on 17",
        "glued on 17",
        "restart on 17",
    ],
)
def test_a_question_is_asked_again(hasty: tuple[SimulatedSystem, Sip2System], fault: str) -> None:
    simulated, station = hasty
    station.pulse()
    simulated.fault(fault)

    assert station.item(ItemId("LIB000011")).title == "Ґудзик і п’ятірка «Їжак»"


def test_an_answer_that_comes_late_is_never_taken_for_the_next(hasty: tuple[SimulatedSystem, Sip2System]) -> None:
    simulated, station = hasty
    station.pulse()
    simulated.fault("late on 17")

    titles = {number: station.item(ItemId(f"LIB00000{number}")).title for number in (1, 2, 3)}

    assert titles == {1: "Кобзар", 2: "Лісова пісня", 3: "Тіні забутих предків"}


@pytest.mark.parametrize("name", ["koha", "standard", "evergreen"])
def test_a_damaged_answer_is_asked_for_not_the_loan_again(name: str) -> None:
    with running(name) as simulated:
        station = station_of(simulated, name)
        station.pulse()
        simulated.fault("bad-checksum on 11")

        assert station.lend(ANNA, ITEM).lent
        assert deeds(simulated) == ["lend"]
        station.close()


def test_a_number_of_an_earlier_request_is_waited_out(hasty: tuple[SimulatedSystem, Sip2System]) -> None:
    simulated, station = hasty
    station.pulse()
    simulated.fault("bad-sequence on 11")

    with pytest.raises(OutcomeUnknown):
        station.lend(ANNA, ITEM)
    assert deeds(simulated) == ["lend"]


def test_a_system_that_restarts_between_two_requests_loses_nothing(koha: tuple[SimulatedSystem, Sip2System]) -> None:
    simulated, station = koha
    station.pulse()
    simulated.restart()

    assert station.lend(ANNA, ITEM).lent
    simulated.restart()
    assert station.take_back(ITEM, NOW).taken
    assert deeds(simulated) == ["lend", "return"]


def test_a_system_that_is_not_there(koha: tuple[SimulatedSystem, Sip2System]) -> None:
    simulated, station = koha
    simulated.fault("refused")

    with pytest.raises(SystemSilent, match="nobody listens there") as silent:
        station.lend(ANNA, ITEM)
    assert not isinstance(silent.value, OutcomeUnknown)


def test_off_line_is_said(koha: tuple[SimulatedSystem, Sip2System]) -> None:
    simulated, station = koha
    simulated.fault("offline")

    assert not station.pulse().online


def test_a_login_that_is_refused_is_not_tried_at_once_again(koha: tuple[SimulatedSystem, Sip2System]) -> None:
    simulated, station = koha
    simulated.fault("login-refused")

    with pytest.raises(SystemSilent, match="refuses the station's login"):
        station.pulse()
    with pytest.raises(SystemSilent, match="a moment ago"):
        station.pulse()


def test_missing_fields_are_borne(koha: tuple[SimulatedSystem, Sip2System]) -> None:
    simulated, station = koha
    simulated.fault("missing AQ,BX,BL,CQ,AJ,AH,CK always")

    assert station.pulse().lends
    assert station.patron(ANNA).known
    assert station.patron(ANNA).pin_right is None
    assert station.lend(ANNA, ITEM).due is None
    assert station.take_back(ITEM, NOW).taken


# --- what is said of people and books ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("card", "refusal"),
    [
        ("P0003", Refusal.CARD_BLOCKED),
        ("P0004", Refusal.CARD_EXPIRED),
        ("P0005", Refusal.FEES),
        ("P0007", Refusal.CARD_LOST),
        ("P0008", Refusal.CARD_BLOCKED),
    ],
)
def test_why_nothing_is_lent(koha: tuple[SimulatedSystem, Sip2System], card: str, refusal: Refusal) -> None:
    _, station = koha

    blocks = station.patron(Who(CardNumber(card))).blocks

    assert [reason.refusal for reason in blocks] == [refusal]


def test_the_fee_that_blocks_is_told(koha: tuple[SimulatedSystem, Sip2System]) -> None:
    (reason,) = koha[1].patron(Who(CardNumber("P0005"))).blocks

    assert reason == Reason(Refusal.FEES, amount=reason.amount)
    assert str(reason.amount) == "12.5"


def test_an_unknown_card_and_an_unknown_copy(both: tuple[str, SimulatedSystem, Sip2System]) -> None:
    name, _, station = both

    assert not station.patron(Who(CardNumber("NOSUCH"))).known, name
    assert not station.item(ItemId("NOITEM")).known, name
    assert not station.lend(ANNA, ItemId("NOITEM")).lent, name
    assert not station.take_back(ItemId("NOITEM"), NOW).taken, name


def test_a_copy_already_back_counts_as_taken(both: tuple[str, SimulatedSystem, Sip2System]) -> None:
    name, _, station = both

    assert station.take_back(ITEM, NOW).taken, name


def test_a_returned_copy_somebody_waits_for(koha: tuple[SimulatedSystem, Sip2System]) -> None:
    back = koha[1].take_back(ItemId("LIB000061"), NOW)

    assert (back.taken, back.held, back.hold_code, back.destination) == (True, True, "0010", "")
    assert "Hanna" not in repr(back)


def test_a_returned_copy_of_another_branch(koha: tuple[SimulatedSystem, Sip2System]) -> None:
    _, station = koha
    station.lend(ANNA, ItemId("LIB000012"))

    back = station.take_back(ItemId("LIB000012"), NOW)

    assert (back.taken, back.held, back.destination, back.alert) == (True, False, "MPL", True)


def test_an_account_with_titles_and_due_dates(koha: tuple[SimulatedSystem, Sip2System]) -> None:
    _, station = koha

    account = station.account(Who(CardNumber("P0009")))

    assert {(loan.item, loan.due) for loan in account.loans} == {
        ("LIB000050", date(2026, 9, 1)),
        ("LIB000051", date(2027, 1, 4)),
    }
    assert all(loan.title for loan in account.loans)
    assert station.charged(Who(CardNumber("P0009"))) == {"LIB000050", "LIB000051"}


def test_holds_are_ready_or_waited_for(koha: tuple[SimulatedSystem, Sip2System]) -> None:
    _, station = koha

    placed = station.place_hold(ANNA, "LIB000070", BranchId("CPL"))
    holds = station.account(ANNA).holds

    assert placed.accepted
    assert [(hold.key, hold.ready) for hold in holds] == [("LIB000070", False)]
    assert holds[0].title.startswith("Test Title Number 70")


@pytest.mark.parametrize("name", ["evergreen", "folio", "alma"])
def test_a_system_that_places_no_holds_is_not_asked_to(name: str) -> None:
    with running(name) as simulated:
        station = station_of(simulated, name)

        assert not station.place_hold(ANNA, "LIB000070", BranchId("CPL")).accepted
        assert deeds(simulated) == []
        station.close()


def test_a_copy_that_costs_something_is_refused_with_the_price(koha: tuple[SimulatedSystem, Sip2System]) -> None:
    said = koha[1].lend(ANNA, ItemId("LIB000048"))

    assert (said.lent, said.said) == (False, ("1.50 USD",))


def test_a_number_the_wire_cannot_carry_is_nobodys(koha: tuple[SimulatedSystem, Sip2System]) -> None:
    _, station = koha

    assert not station.patron(Who(CardNumber("P00|02"))).known
    assert not station.item(ItemId("LIB\r41")).known
    assert not station.lend(ANNA, ItemId("LIB\r41")).lent
