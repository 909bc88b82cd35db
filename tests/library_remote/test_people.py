"""Cards, PINs and accounts where another system knows the people."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from kiosk.circulation.model import CardNumber, HoldStatus, ItemId, Reason, Refusal, TitleId
from kiosk.devices import CardIdentity
from kiosk.library.local import PinNeed, PinRules
from kiosk.library.port import (
    HoldNotPlaced,
    HoldPlaced,
    Identified,
    LibraryUnreachable,
    NotRenewed,
    PinLocked,
    PinRight,
    PinWrong,
    Renewed,
    RequestKey,
    Unwelcome,
)
from kiosk.library.remote.people import split_name
from tests.library.desk_stand import card
from tests.library_remote.fake_system import TERM, TODAY, Fault
from tests.library_remote.stand import OLENA, TARAS, RemoteStand


def test_a_card_is_whose_the_system_says(stand: RemoteStand) -> None:
    olena, taras = stand.library.identify(card(OLENA)), stand.library.identify(card(TARAS))

    assert isinstance(olena, Identified)
    assert (olena.given_name, olena.family_name, olena.child) == ("Олена", "Коваль", False)
    assert isinstance(taras, Identified)
    assert (taras.given_name, taras.family_name, taras.child) == ("Тарас", "Бойко", True)


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("Коваль, Олена", ("Олена", "Коваль")),
        ("Олена Коваль", ("Олена", "Коваль")),
        ("Марія Анна Коваль", ("Марія Анна", "Коваль")),
        ("Олена", ("Олена", "")),
        ("", ("", "")),
    ],
)
def test_names_as_systems_write_them(name: str, split: tuple[str, str]) -> None:
    assert split_name(name) == split


def test_a_card_nobody_knows_and_one_without_a_number(stand: RemoteStand) -> None:
    unknown = Unwelcome((Reason(Refusal.CARD_UNKNOWN),))

    assert stand.library.identify(card("999")) == unknown
    assert stand.library.identify(card()) == unknown


def test_a_copy_of_a_card_that_proved_itself_is_refused_whatever_the_system_says(stand: RemoteStand) -> None:
    proven = CardIdentity("proven", "04A1B2C3D4E5F6", CardNumber(OLENA), proven=True)
    copied = replace(proven, scheme="number", proven=False, asked=True)
    before = stand.library.identify(copied)

    genuine = stand.library.identify(proven)

    assert isinstance(before, Identified)
    assert isinstance(genuine, Identified)
    assert stand.library.identify(copied) == Unwelcome((Reason(Refusal.CARD_NOT_PROVEN),))


def test_a_sun_message_names_the_number_the_system_knows(stand: RemoteStand) -> None:
    stand.library.identify(CardIdentity("proven", "04A1B2C3D4E5F6", CardNumber(OLENA), proven=True))

    by_sun = stand.library.identify(CardIdentity("sun", "04A1B2C3D4E5F6", proven=True, counter=1))

    assert isinstance(by_sun, Identified)
    assert by_sun.given_name == "Олена"


def test_a_blocked_card_is_not_served_and_debts_are_told(stand: RemoteStand) -> None:
    lost, fees = Reason(Refusal.CARD_LOST), Reason(Refusal.FEES, amount=Decimal(12))
    stand.system.people[OLENA] = replace(stand.system.people[OLENA], blocks=(lost,))
    stand.system.people[TARAS] = replace(stand.system.people[TARAS], blocks=(fees,))

    assert stand.library.identify(card(OLENA)) == Unwelcome((lost,))
    taras = stand.library.identify(card(TARAS))
    assert isinstance(taras, Identified)
    assert taras.blocks == (fees,)


def test_one_patron_has_one_account_whichever_of_their_numbers_was_shown(stand: RemoteStand) -> None:
    stand.system.known_by[CardNumber("olena")] = OLENA

    assert stand.enter(CardNumber("olena")) == stand.enter(OLENA)


def test_the_right_pin_opens_and_wrong_ones_lock(stand: RemoteStand) -> None:
    stand.pin = PinRules(PinNeed.ALWAYS, tries=2, lock_minutes=15)
    stand.restart()
    who = stand.enter()

    assert stand.library.check_pin(who, "0000") == PinWrong(1)
    assert stand.library.check_pin(who, "1234") == PinRight()
    assert stand.library.check_pin(who, "0000") == PinWrong(1)
    assert stand.library.check_pin(who, "0001") == PinLocked(15)
    stand.restart()
    assert stand.library.check_pin(stand.enter(), "1234") == PinLocked(15)


def test_a_pin_nobody_could_verify_was_no_try(stand: RemoteStand) -> None:
    stand.pin = PinRules(PinNeed.ALWAYS, tries=2)
    stand.restart()
    who = stand.enter()
    stand.system.down = True
    for _ in range(3):
        with pytest.raises(LibraryUnreachable):
            stand.library.check_pin(who, "1234")
        stand.wall += timedelta(seconds=10)

    stand.system.down = False

    assert stand.library.check_pin(who, "1234") == PinRight()


def test_while_the_system_is_silent_a_pin_is_known_by_an_earlier_visit_only(stand: RemoteStand) -> None:
    stand.pin = PinRules(PinNeed.ALWAYS)
    stand.lends_when_silent()
    stand.library.check_pin(stand.enter(OLENA), "1234")
    stand.enter(TARAS)
    stand.system.down = True

    who = stand.enter(OLENA)

    assert isinstance(stand.library.check_pin(who, "9999"), PinWrong)
    assert stand.library.check_pin(who, "1234") == PinRight()
    with pytest.raises(LibraryUnreachable):
        stand.library.identify(card(TARAS))


def test_the_visit_that_is_over_is_said_goodbye_to(stand: RemoteStand) -> None:
    stand.enter()

    stand.library._door.goodbye()
    stand.library._door.goodbye()

    assert stand.system.asked == ["goodbye"]


def test_the_account_shows_what_they_have_anywhere(stand: RemoteStand) -> None:
    who = stand.enter()
    stand.lend(who, "k1", "b1")
    stand.system.loans[ItemId("b2")] = (OLENA, TODAY - timedelta(days=1))
    stand.system.waiting.append((OLENA, "b3"))
    stand.system.people[OLENA] = replace(stand.system.people[OLENA], fees=Decimal("3.50"), max_loans=7)

    account = stand.library.account(who)

    assert [(line.title, line.overdue) for line in account.loans] == [("Енеїда", False), ("Кобзар", True)]
    assert [(line.title_id, line.status) for line in account.holds] == [("copy:b3", HoldStatus.WAITING)]
    assert (account.fees, account.max_loans) == (Decimal("3.50"), 7)


def test_loans_are_renewed_wherever_they_were_made(stand: RemoteStand) -> None:
    who = stand.enter()
    stand.lend(who, "k1", "b1")
    stand.system.loans[ItemId("b2")] = (OLENA, TODAY)
    stand.system.loans[ItemId("b3")] = (OLENA, TODAY)
    stand.system.refuses[ItemId("b3")] = "Зарезервовано"

    ours, theirs, refused = stand.library.renew(who, (), RequestKey("r1"))

    assert isinstance(ours, Renewed)
    assert ours.due == TODAY + TERM + TERM
    assert isinstance(theirs, Renewed)
    assert isinstance(refused, NotRenewed)
    assert refused.reasons == (Reason(Refusal.LIBRARY_REFUSES, text="Зарезервовано"),)
    stand.library.renew(who, (), RequestKey("r1"))
    assert stand.system.renewed == ["b1", "b2"]


@pytest.mark.parametrize(("fault", "renewed"), [(Fault.LOST_AFTER, True), (Fault.LOST_BEFORE, False)])
def test_a_renewal_whose_answer_is_lost_is_told_by_its_due_date(
    stand: RemoteStand, fault: Fault, *, renewed: bool
) -> None:
    who = stand.enter()
    stand.lend(who, "k1", "b1")
    (loan,) = stand.library.account(who).loans
    stand.system.faults = [Fault.NONE, fault]

    (answer,) = stand.library.renew(who, (loan.loan,), RequestKey("r1"))

    assert isinstance(answer, Renewed) is renewed
    assert len(stand.system.renewed) == int(renewed)


def test_waiting_for_a_title_and_no_longer(stand: RemoteStand) -> None:
    who, title = stand.enter(), TitleId("copy:b3")

    placed = stand.library.place_hold(who, title, None, RequestKey("h1"))
    again = stand.library.place_hold(who, title, None, RequestKey("h2"))
    stand.library.cancel_hold(who, title, RequestKey("h3"))

    assert isinstance(placed, HoldPlaced)
    assert placed.words.title == "Лісова пісня"
    assert isinstance(again, HoldNotPlaced)
    assert again.reasons[0].text == "waits already"
    assert stand.system.waiting == []
    assert stand.system.asked[0] == "hold b3 at central"


def test_a_hold_whose_answer_is_lost_is_looked_for(stand: RemoteStand) -> None:
    who = stand.enter()
    stand.system.faults = [Fault.NONE, Fault.LOST_AFTER]

    placed = stand.library.place_hold(who, TitleId("copy:b3"), None, RequestKey("h1"))

    assert isinstance(placed, HoldPlaced)
    assert len(stand.system.waiting) == 1


def test_whoever_watches_the_station_hears_of_every_answer(stand: RemoteStand) -> None:
    beats: list[int] = []
    stand.library.heed(lambda: beats.append(1))

    stand.lend(stand.enter(), "k1", "b1")

    assert len(beats) >= 3, "who is it, what have they, lend"


def test_while_the_system_is_silent_the_account_shows_what_was_lent_here(stand: RemoteStand) -> None:
    who = stand.enter()
    stand.system.down = True
    with pytest.raises(LibraryUnreachable):
        stand.library.account(who)
    stand.system.down = False
    stand.lends_when_silent()
    who = stand.enter()
    stand.system.down = True
    stand.lend(who, "k1", "b1")

    (line,) = stand.library.account(who).loans

    assert (line.item, line.why_not_renewable) == ("b1", (Reason(Refusal.LIBRARY_SILENT),))
