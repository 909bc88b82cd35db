"""What is remembered of cards that proved themselves, and what a card without a proof is worth then."""

import json
from dataclasses import replace

import pytest

from kiosk.circulation.model import CardNumber, Reason, Refusal
from kiosk.devices import CardIdentity
from kiosk.library.port import Identified, Unwelcome
from kiosk.store.journal import EventType
from kiosk.store.proofs import CardCount, count_cards
from tests.library.desk_stand import OLENA, RULES, TARAS, DeskStand, card_row

UID = "04A1B2C3D4E5F6"
PROVEN = CardIdentity("proven", UID, CardNumber("card-olena"), proven=True)
NOT_PROVEN = Unwelcome((Reason(Refusal.CARD_NOT_PROVEN),))


def sun(counter: int) -> CardIdentity:
    return CardIdentity("sun", UID, proven=True, counter=counter)


def claim(uid: str = UID, number: str | None = None, *, asked: bool = True) -> CardIdentity:
    return CardIdentity("uid", uid, None if number is None else CardNumber(number), asked=asked)


@pytest.mark.parametrize(
    "copy",
    [claim(), claim(number="card-olena"), claim("04999999999999", "card-olena")],
    ids=["its UID", "both", "its number"],
)
def test_a_copy_of_a_card_that_proved_itself_is_refused(desk: DeskStand, copy: CardIdentity) -> None:
    desk.know(cards=(card_row(OLENA, "card-olena", uid=UID),))
    before = desk.library.identify(copy)

    assert isinstance(desk.library.identify(PROVEN), Identified)

    assert isinstance(before, Identified)
    assert desk.library.identify(copy) == NOT_PROVEN


def test_it_is_remembered_over_a_power_cut(desk: DeskStand) -> None:
    desk.library.identify(PROVEN)

    desk.restart()

    assert desk.library.identify(claim(number="card-olena")) == NOT_PROVEN


def test_the_network_is_told_once(desk: DeskStand) -> None:
    desk.library.identify(PROVEN)
    desk.library.identify(PROVEN)

    told = [one for one in desk.journal() if one.type is EventType.CARD_PROVEN]
    assert [json.loads(one.payload) for one in told] == [{"uid": UID, "number": "card-olena"}]


def test_a_card_nobody_could_ask_is_not_to_blame(desk: DeskStand) -> None:
    desk.know(cards=(card_row(OLENA, "card-olena", uid=UID),))
    desk.library.identify(PROVEN)

    assert isinstance(desk.library.identify(claim(asked=False)), Identified)


@pytest.mark.parametrize("counter", [4, 5], ids=["lower", "the same"])
def test_a_sun_message_that_does_not_count_higher_is_refused(desk: DeskStand, counter: int) -> None:
    desk.know(cards=(card_row(OLENA, "card-olena", uid=UID),))
    assert isinstance(desk.library.identify(sun(5)), Identified)

    assert desk.library.identify(sun(counter)) == NOT_PROVEN
    desk.restart()
    assert desk.library.identify(sun(counter)) == NOT_PROVEN


def test_a_sun_message_may_leave_some_out(desk: DeskStand) -> None:
    desk.know(cards=(card_row(OLENA, "card-olena", uid=UID),))
    desk.library.identify(sun(5))

    assert isinstance(desk.library.identify(sun(900)), Identified)
    assert desk.library.identify(sun(899)) == NOT_PROVEN


def test_a_sun_message_names_whom_the_card_named_when_it_proved_its_number(desk: DeskStand) -> None:
    before = desk.library.identify(sun(5))
    desk.library.identify(PROVEN)

    answer = desk.library.identify(sun(6))

    assert before == Unwelcome((Reason(Refusal.CARD_UNKNOWN),))
    assert isinstance(answer, Identified)
    assert answer.patron == OLENA


def test_a_proof_by_handshake_does_not_set_the_counter_back(desk: DeskStand) -> None:
    desk.know(cards=(card_row(OLENA, "card-olena", uid=UID),))
    desk.library.identify(sun(5))
    desk.library.identify(PROVEN)

    assert desk.library.identify(sun(5)) == NOT_PROVEN


def test_a_branch_may_serve_proving_cards_only(desk: DeskStand) -> None:
    desk.abide_by(replace(RULES, claims_served=False))

    assert desk.library.identify(claim(number="card-taras")) == Unwelcome((Reason(Refusal.CARD_TO_REPLACE),))
    assert isinstance(desk.library.identify(claim(number="card-taras", asked=False)), Identified)


def test_the_cards_that_are_left_to_replace_are_counted(desk: DeskStand) -> None:
    before = desk.store.look(count_cards, writes=False)
    desk.know(cards=(card_row(TARAS, uid="04FF"),))

    desk.library.identify(PROVEN)
    desk.library.identify(PROVEN)

    assert before.to_replace == before.known > 0
    assert desk.store.look(count_cards, writes=False) == CardCount(before.known + 1, before.known)
