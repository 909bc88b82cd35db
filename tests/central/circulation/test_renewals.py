"""Renewing from home: the rules of the station, one transaction, and a double click that costs nothing."""

from kiosk.central.circulation import account, renew
from kiosk.central.tables import loans
from kiosk.circulation.model import LoanId, Reason, Refusal
from kiosk.library.port import NotRenewed, Renewed
from kiosk.wire.messages import Kind
from tests.central.circulation.stand import Network
from tests.library.desk_stand import MUSIC, OLENA, TARAS, TODAY, hold, item, loan, timedelta

IN_TWO_WEEKS = TODAY + timedelta(days=14)


def know_two_loans(network: Network) -> None:
    network.know(copies=(item("eneida"), item("kobzar")), out=(loan(OLENA, "eneida"), loan(OLENA, "kobzar")))


def renew_all(network: Network, *named: str):
    return renew(network.centre, network.policies, OLENA, tuple(LoanId(one) for one in named))


def test_all_loans_get_a_longer_term_and_every_station_hears_of_it(network):
    know_two_loans(network)

    answers = renew_all(network)

    assert set(answers) == {Renewed(LoanId("l-eneida"), IN_TWO_WEEKS), Renewed(LoanId("l-kobzar"), IN_TWO_WEEKS)}
    assert {(row["due"], row["renewals"]) for row in network.rows(loans)} == {(IN_TWO_WEEKS, 1)}
    assert network.told(Kind.LOAN) == {"l-eneida", "l-kobzar"}
    assert network.counted() == {("renewal", "central", "catalogue"): 2}


def test_a_double_click_costs_no_renewal(network):
    know_two_loans(network)
    renew_all(network, "l-eneida")

    (again,) = renew_all(network, "l-eneida")

    assert isinstance(again, NotRenewed)
    assert network.row(loans, id="l-eneida")["renewals"] == 1


def test_a_book_somebody_waits_for_and_a_book_of_somebody_else_stay_as_they_are(network):
    network.know(
        copies=(item("eneida"), item("kobzar")),
        out=(loan(OLENA, "eneida"), loan(TARAS, "kobzar")),
        waiting=(hold(TARAS, "eneida"),),
    )

    answers = renew_all(network, "l-eneida", "l-kobzar")

    assert answers == (
        NotRenewed(LoanId("l-eneida"), (Reason(Refusal.HELD_FOR_ANOTHER),)),
        NotRenewed(LoanId("l-kobzar"), (Reason(Refusal.NOT_ON_LOAN_TO_YOU),)),
    )
    assert network.told(Kind.LOAN) == set()


def test_a_book_in_no_list_is_renewed_all_the_same(network):
    network.know(out=(loan(OLENA, "stray"),))

    assert renew_all(network) == (Renewed(LoanId("l-stray"), IN_TWO_WEEKS),)


def test_the_account_shows_what_is_due_what_waits_and_why_a_book_cannot_be_kept(network):
    late = loan(OLENA, "eneida", due=TODAY - timedelta(days=2))
    network.know(
        copies=(item("eneida"), item("kobzar"), item("zapovit")),
        out=(late, loan(TARAS, "kobzar")),
        waiting=(hold(TARAS, "eneida"), hold(OLENA, "kobzar", pickup=MUSIC)),
    )

    shown = account(network.centre, network.policies, OLENA)

    assert shown is not None
    (line,), (waits,) = shown.loans, shown.holds
    assert (line.words.title, line.overdue, line.renewals_left) == ("Eneida", True, 1)
    assert line.why_not_renewable == (Reason(Refusal.HELD_FOR_ANOTHER),)
    assert (waits.words.title, waits.place, waits.branch, waits.until) == ("Kobzar", 1, MUSIC, None)
