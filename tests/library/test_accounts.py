"""What patrons see of their own, and renewing it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from kiosk.circulation.model import HoldStatus, ItemStatus, LoanId, PatronId, Reason, Refusal, TitleId
from kiosk.library.port import Account, HoldLine, NotRenewed, Renewed, RequestKey, Returned
from kiosk.store.journal import EventType
from tests.library.desk_stand import (
    MUSIC,
    NOON,
    OLENA,
    SOFIIA,
    TARAS,
    TODAY,
    DeskStand,
    copy,
    hold,
    item,
    loan,
    patron,
    ready,
)

YESTERDAY = TODAY - timedelta(days=1)
KEY = RequestKey("r1")


def test_an_account_shows_loans_as_they_fall_due_and_what_is_owed(desk: DeskStand) -> None:
    desk.know(patrons=(patron(OLENA, fees=Decimal("3.50")),))
    desk.know(loans=(loan(OLENA, "eneida"), loan(OLENA, "kobzar", due=YESTERDAY)))

    account = desk.library.account(OLENA)

    assert [(line.title, line.overdue, line.renewals_left) for line in account.loans] == [
        ("Kobzar", True, 1),
        ("Eneida", False, 1),
    ]
    assert (account.fees, account.max_loans) == (Decimal("3.50"), 3)


def test_an_account_says_why_a_loan_cannot_be_renewed(desk: DeskStand) -> None:
    desk.know(loans=(loan(OLENA, "eneida", renewals=1),), holds=(hold(TARAS, "eneida"),))

    (line,) = desk.library.account(OLENA).loans

    assert line.renewals_left == 0
    assert [reason.refusal for reason in line.why_not_renewable] == [
        Refusal.HELD_FOR_ANOTHER,
        Refusal.RENEWAL_LIMIT,
    ]


def test_an_account_says_my_place_in_every_queue_and_where_to_fetch(desk: DeskStand) -> None:
    desk.know(
        holds=(
            hold(TARAS, "eneida", placed_at=NOON - timedelta(days=3)),
            hold(OLENA, "eneida"),
            ready(OLENA, "kobzar"),
            hold(SOFIIA, "kobzar"),
        )
    )

    lines = {line.title: line for line in desk.library.account(OLENA).holds}

    assert lines == {
        "Eneida": HoldLine("Eneida", "Author", HoldStatus.WAITING, 2, "Центральна", TitleId("t-eneida")),
        "Kobzar": HoldLine("Kobzar", "Author", HoldStatus.READY, 0, "Центральна", TitleId("t-kobzar")),
    }


def test_a_copy_on_its_way_to_me_is_not_there_to_be_fetched(desk: DeskStand) -> None:
    desk.know(items=(item("eneida", status=ItemStatus.IN_TRANSIT),))
    desk.know(holds=(hold(OLENA, "eneida", status=HoldStatus.READY, item="eneida", pickup=MUSIC),))

    (line,) = desk.library.account(OLENA).holds

    assert (line.status, line.place, line.branch) == (HoldStatus.WAITING, 1, "Музична")


def test_a_patron_gone_since_has_an_empty_account(desk: DeskStand) -> None:
    assert desk.library.account(PatronId("p-gone")) == Account((), (), Decimal(0), 0)


def test_renewing_everything_renews_what_may_be_and_says_why_of_the_rest(desk: DeskStand) -> None:
    desk.know(loans=(loan(OLENA, "eneida"), loan(OLENA, "kobzar", renewals=1, due=TODAY)))

    answers = desk.library.renew(OLENA, (), KEY)

    assert answers == (
        NotRenewed(LoanId("l-kobzar"), (Reason(Refusal.RENEWAL_LIMIT, number=1),)),
        Renewed(LoanId("l-eneida"), TODAY + timedelta(days=14)),
    )
    assert desk.told() == [EventType.RENEWED]


def test_renewing_again_with_the_same_key_renews_once(desk: DeskStand) -> None:
    desk.know(loans=(loan(OLENA, "eneida"), loan(OLENA, "kobzar", renewals=1)))
    first = desk.library.renew(OLENA, (), KEY)
    desk.restart()

    again = desk.library.renew(OLENA, (), KEY)

    assert again == first
    assert desk.told() == [EventType.RENEWED]
    assert sorted(line.renewals_left for line in desk.library.account(OLENA).loans) == [0, 0]


def test_nobody_renews_the_loan_of_another(desk: DeskStand) -> None:
    desk.know(loans=(loan(TARAS, "eneida"),))

    answers = desk.library.renew(OLENA, (LoanId("l-eneida"), LoanId("l-none")), KEY)

    assert answers == (
        NotRenewed(LoanId("l-eneida"), (Reason(Refusal.NOT_ON_LOAN_TO_YOU),)),
        NotRenewed(LoanId("l-none"), (Reason(Refusal.NOT_ON_LOAN_TO_YOU),)),
    )
    assert desk.told() == []


def test_a_day_off_that_was_decided_later_moves_what_was_due_on_it_and_costs_nobody(desk: DeskStand) -> None:
    desk.know(loans=(loan(OLENA, "eneida", due=YESTERDAY),))
    desk.rules = replace(desk.rules, hours=replace(desk.rules.hours, closed=frozenset({YESTERDAY, TODAY})))
    desk.restart()

    (line,) = desk.library.account(OLENA).loans
    answer = desk.give_back(copy("k2", "eneida"))

    assert (line.due > TODAY, line.overdue) == (True, False)
    assert isinstance(answer, Returned)
    assert (answer.late_days, answer.fee, answer.notes) == (0, Decimal(0), ())
