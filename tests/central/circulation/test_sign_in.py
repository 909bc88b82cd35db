"""Card number and PIN at the catalogue page: right, wrong, locked, and nothing told to who guesses."""

import pytest
from sqlalchemy import update

from kiosk.central.circulation import NoEntry, NotServed, SignedIn, sign_in, still_served
from kiosk.central.tables import cards, patrons, pins
from kiosk.circulation.model import PatronId, Reason, Refusal
from kiosk.library.local import pin_verifier
from tests.central.circulation.stand import PEPPER, Network
from tests.library.desk_stand import NOON, OLENA, TARAS, TODAY, patron, timedelta

YESTERDAY = TODAY - timedelta(days=1)
VERIFIER = pin_verifier("2718", PEPPER)


@pytest.fixture
def guarded(network: Network) -> Network:
    network.know(verifiers={OLENA: VERIFIER})
    return network


def try_pin(network: Network, pin: str, card: str = "card-olena"):
    return sign_in(network.centre, network.policies, card, pin)


def test_the_right_pin_opens_the_account_and_forgives_the_wrong_one_before(guarded):
    assert try_pin(guarded, "0000") == NoEntry()

    answer = try_pin(guarded, "2718")

    assert isinstance(answer, SignedIn)
    assert answer.patron.id == OLENA
    assert guarded.row(pins, patron=OLENA)["failures"] == 0


def test_three_wrong_pins_lock_even_the_right_one_until_the_time_is_over(guarded):
    tried = [try_pin(guarded, "0000") for _ in range(3)]
    locked = try_pin(guarded, "2718")
    guarded.pass_time(timedelta(minutes=16))

    assert tried == [NoEntry(), NoEntry(), NoEntry(15)]
    assert locked == NoEntry(15)
    assert isinstance(try_pin(guarded, "2718"), SignedIn)


@pytest.mark.parametrize("card", ["card-taras", "card-nobody", ""])
def test_a_card_without_a_pin_and_a_card_nobody_has_get_the_answer_of_a_wrong_pin(guarded, card):
    assert try_pin(guarded, "2718", card) == NoEntry()


def test_a_try_is_used_up_before_its_pin_is_looked_at(guarded, monkeypatch):
    def power_cut(_verifier: str, _pin: str, _pepper: bytes) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr("kiosk.library.local.pin_checks._is_right", power_cut)
        with pytest.raises(KeyboardInterrupt):
            try_pin(guarded, "2718")

    assert guarded.row(pins, patron=OLENA)["failures"] == 1


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (update(patrons).values(card_status="blocked"), Reason(Refusal.CARD_BLOCKED)),
        (update(cards).values(status="lost"), Reason(Refusal.CARD_LOST)),
        (
            update(patrons).values(expires=TODAY - timedelta(days=1)),
            Reason(Refusal.CARD_EXPIRED, day=TODAY - timedelta(days=1)),
        ),
    ],
)
def test_a_card_that_is_not_served_says_why_to_who_knows_its_pin_only(guarded, statement, reason):
    guarded.change(statement)

    assert try_pin(guarded, "0000") == NoEntry()
    assert try_pin(guarded, "2718") == NotServed((reason,))


def test_the_card_of_a_patron_who_was_merged_opens_the_account_that_took_over(guarded):
    old = PatronId("p-old")
    guarded.know(people=(patron(old),))
    guarded.change(update(patrons).where(patrons.c.id == old).values(merged_into=OLENA))

    answer = try_pin(guarded, "2718", "card-old")

    assert isinstance(answer, SignedIn)
    assert answer.patron.id == OLENA


def test_a_session_ends_with_the_card_that_opened_it(guarded):
    assert still_served(guarded.centre, guarded.policies, OLENA) is not None
    guarded.change(update(patrons).where(patrons.c.id == OLENA).values(card_status="blocked"))
    guarded.change(update(patrons).where(patrons.c.id == TARAS).values(erased_at=NOON))

    assert still_served(guarded.centre, guarded.policies, OLENA) is None
    assert still_served(guarded.centre, guarded.policies, TARAS) is None
