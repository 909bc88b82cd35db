"""Who holds this card: found, refused, asked for a PIN; and what a refused card gives away."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from kiosk.circulation.model import CardStatus, Reason, Refusal
from kiosk.devices import CardIdentity
from kiosk.library.local import PinNeed, PinRules, pin_verifier
from kiosk.library.port import Identified, Unwelcome
from tests.library.desk_stand import (
    OLENA,
    RULES,
    SOFIIA,
    TARAS,
    TODAY,
    DeskStand,
    card,
    card_row,
    loan,
    patron,
)

UNKNOWN = Unwelcome((Reason(Refusal.CARD_UNKNOWN),))


def test_a_patron_is_known_by_the_number_of_the_card(desk: DeskStand) -> None:
    answer = desk.library.identify(card("card-olena"))

    assert isinstance(answer, Identified)
    assert (answer.patron, answer.given_name, answer.child, answer.blocks) == (OLENA, "Olena", False, ())


def test_a_card_without_a_number_is_known_by_its_uid_in_any_case_of_letters(desk: DeskStand) -> None:
    desk.know(cards=(card_row(OLENA, uid="04a1b2"),))

    answer = desk.library.identify(card(uid="04A1B2"))

    assert isinstance(answer, Identified)
    assert answer.patron == OLENA


def test_a_number_counts_before_the_uid_of_the_card_it_is_on(desk: DeskStand) -> None:
    desk.know(cards=(card_row(TARAS, uid="04A1B2"),))

    answer = desk.library.identify(card("card-olena", uid="04A1B2"))

    assert isinstance(answer, Identified)
    assert answer.patron == OLENA


def test_a_card_of_nobody_is_unknown(desk: DeskStand) -> None:
    assert desk.library.identify(card("card-nobody")) == UNKNOWN


def test_a_child_is_a_child_by_category(desk: DeskStand) -> None:
    answer = desk.library.identify(card("card-sofiia"))

    assert isinstance(answer, Identified)
    assert (answer.patron, answer.child) == (SOFIIA, True)


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"card_status": CardStatus.BLOCKED}, (Reason(Refusal.CARD_BLOCKED),)),
        ({"expires": date(2026, 3, 1)}, (Reason(Refusal.CARD_EXPIRED, day=date(2026, 3, 1)),)),
        ({"card_status": CardStatus.LOST, "expires": date(2020, 1, 1)}, (Reason(Refusal.CARD_LOST),)),
    ],
)
def test_a_card_that_may_not_be_served_says_why(
    desk: DeskStand, changes: dict[str, object], reasons: tuple[Reason, ...]
) -> None:
    desk.know(patrons=(patron(OLENA, **changes),))

    assert desk.library.identify(card("card-olena")) == Unwelcome(reasons)


def test_a_card_is_good_on_its_last_day(desk: DeskStand) -> None:
    desk.know(patrons=(patron(OLENA, expires=TODAY),))

    assert isinstance(desk.library.identify(card("card-olena")), Identified)


def test_a_lost_card_is_lost_though_its_patron_has_a_new_one(desk: DeskStand) -> None:
    desk.know(cards=(card_row(OLENA, "card-old", status=CardStatus.LOST), card_row(OLENA, "card-new")))

    assert desk.library.identify(card("card-old")) == Unwelcome((Reason(Refusal.CARD_LOST),))
    assert isinstance(desk.library.identify(card("card-new")), Identified)


def test_what_blocks_every_book_is_said_at_once(desk: DeskStand) -> None:
    desk.know(patrons=(patron(OLENA, fees=Decimal("50.01")),))
    desk.know(loans=[loan(OLENA, name, due=TODAY - timedelta(days=1)) for name in ("eneida", "kobzar")])

    answer = desk.library.identify(card("card-olena"))

    assert isinstance(answer, Identified)
    assert answer.blocks == (
        Reason(Refusal.FEES, amount=Decimal("50.01")),
        Reason(Refusal.OVERDUE, number=2),
    )


@pytest.mark.parametrize(
    ("needed", "wishes", "shown", "asked"),
    [
        (PinNeed.NEVER, False, card("card-olena"), False),
        (PinNeed.NEVER, True, card("card-olena"), True),
        (PinNeed.UNPROVEN, False, card("card-olena", proven=True), False),
        (PinNeed.UNPROVEN, True, card("card-olena", proven=True), True),
        (PinNeed.UNPROVEN, False, card("card-olena"), True),
        (PinNeed.ALWAYS, False, card("card-olena", proven=True), True),
    ],
)
def test_a_pin_is_asked_for_where_the_setting_the_card_or_the_patron_says_so(
    desk: DeskStand, needed: PinNeed, wishes: bool, shown: CardIdentity, asked: bool
) -> None:
    desk.know(patrons=(patron(OLENA, pin_needed=wishes),), pins={OLENA: pin_verifier("2718")})
    desk.abide_by(replace(RULES, pin=PinRules(needed=needed)))

    answer = desk.library.identify(shown)

    assert isinstance(answer, Identified)
    assert answer.pin_needed is asked


def test_whoever_needs_a_pin_and_has_none_is_sent_to_staff(desk: DeskStand) -> None:
    desk.abide_by(replace(RULES, pin=PinRules(needed=PinNeed.UNPROVEN)))

    answer = desk.library.identify(card("card-olena"))

    assert answer == Unwelcome((Reason(Refusal.NO_PIN),))
