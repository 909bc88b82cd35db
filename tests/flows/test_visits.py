"""Visits as people make them: they walk away, come back, change the language, renew, and leave things lying."""

from datetime import timedelta

from kiosk.circulation.model import Reason, Refusal
from kiosk.station.view import (
    DoneView,
    RowState,
    SessionView,
    StackFirstView,
    Touch,
    WelcomeView,
)
from tests.flows.browser import browsing
from tests.stand import ARMED, CLEARED, Shelf, Station, make_tag, today

TERM = timedelta(days=30)
HURRIED = {"idle_s": 0.6, "answer_s": 0.5, "done_s": 0.5}
"""A station that loses patience within a second: for those who walk away."""


def test_who_walks_away_in_mid_visit_keeps_what_was_lent_and_leaves_an_empty_screen(
    station: Station, shelf: Shelf
) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001", title="Тигролови"))

    with station(timing=HURRIED) as stand:
        card = stand.begin(olena)
        card.remove()
        stand.lay(tag)
        stand.sees(SessionView, lambda view: view.lent == 1)
        stand.sees(SessionView, lambda view: view.frame.leaving_in is not None)
        done = stand.sees(DoneView)
        stand.sees(WelcomeView)

        assert (done.lent, done.trouble) == (1, ())
        assert "Тигролови" not in stand.page()
        assert stand.on_loan() == {"0012000001": "Олена"}
        assert tag.afi == CLEARED
        assert stand.open_intents() == []


def test_the_question_whether_one_is_still_there_is_answered_by_a_touch(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station() as stand:
        stand.begin(olena).remove()
        stand.sees(SessionView, lambda view: view.frame.leaving_in is not None)
        stand.touch(Touch.HERE)
        session = stand.sees(SessionView, lambda view: view.frame.leaving_in is None)
        stand.lay(tag)
        stand.sees(SessionView, lambda view: view.lent == 1)

        assert session.name == "Олена К."
        assert stand.on_loan() == {"0012000001": "Олена"}


def test_a_book_laid_down_answers_the_question_too(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station() as stand:
        stand.begin(olena).remove()
        stand.sees(SessionView, lambda view: view.frame.leaving_in is not None)
        stand.lay(tag)
        session = stand.sees(SessionView, lambda view: view.lent == 1)

        assert session.frame.leaving_in is None
        assert tag.afi == CLEARED


def test_the_question_ignored_ends_a_visit_in_which_nothing_happened_without_a_word(
    station: Station, shelf: Shelf
) -> None:
    olena = shelf.patron("Олена")

    with station(timing=HURRIED) as stand:
        stand.begin(olena).remove()
        asked = stand.sees(SessionView, lambda view: view.frame.leaving_in is not None)
        stand.sees(WelcomeView)

        assert asked.frame.leaving_in is not None
        assert asked.frame.leaving_in <= stand.settings.timing.answer_s
        assert "Олена" not in stand.page()
        assert stand.on_loan() == {}


def test_books_without_a_card_that_nobody_claims_are_nobodys_wish(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    shelf.lend(shelf.item("0012000001"), olena)
    tag = make_tag("0012000001", lent=True)

    with station(timing=HURRIED) as stand:
        stand.opens()
        stand.lay(tag)
        stand.sees(StackFirstView, lambda view: view.on_loan == 1)
        stand.sees(StackFirstView, lambda view: view.frame.leaving_in is not None)
        stand.sees(WelcomeView)

        assert stand.on_loan() == {"0012000001": "Олена"}
        assert tag.afi == CLEARED


def test_the_language_changed_in_mid_visit_holds_to_the_receipt_and_not_for_the_next(
    station: Station, shelf: Shelf
) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001", title="Тигролови"))

    with station(printer=True) as stand:
        stand.begin(olena)
        stand.lay(tag)
        stand.sees(SessionView, lambda view: view.lent == 1)
        stand.touch(Touch.LANGUAGE, "en")
        session = stand.sees(SessionView, lambda view: view.frame.language == "en")
        stand.end()
        receipt = stand.receipt()
        welcome = stand.sees(WelcomeView)

        assert [row.state for row in session.rows] == [RowState.LENT]
        assert "Due back by" in receipt
        assert "Тигролови" in receipt
        assert welcome.frame.language == "uk"


def test_one_loan_is_renewed_by_a_touch_and_stands_on_the_receipt(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    kobzar = shelf.lend(shelf.item("0012000001", title="Кобзар"), olena, due_in=3)
    other = shelf.lend(shelf.item("0012000002", title="Місто"), olena, due_in=3)

    with station(printer=True) as stand:
        stand.begin(olena)
        stand.touch(Touch.ACCOUNT)
        stand.sees(SessionView, lambda view: view.on_account and view.account is not None)
        stand.touch(Touch.RENEW, kobzar.id)
        session = stand.sees(
            SessionView, lambda view: view.account is not None and any(line.renewed for line in view.account.loans)
        )
        done = stand.end()
        receipt = stand.receipt()
        due = dict(stand.ask("SELECT id, due FROM loans"))

        assert session.account is not None
        assert {line.title: line.renewed for line in session.account.loans} == {"Кобзар": True, "Місто": False}
        assert (done.renewed, done.lent) == (1, 0)
        assert due[kobzar.id] >= (today() + TERM).isoformat()
        assert due[other.id] == other.due.isoformat()
        assert "Кобзар" in receipt
        assert "Місто" not in receipt


def test_all_loans_are_renewed_at_once_but_one_somebody_waits_for_and_a_restart_keeps_it(
    station: Station, shelf: Shelf
) -> None:
    olena, taras = shelf.patron("Олена"), shelf.patron("Тарас")
    free = [shelf.lend(shelf.item(f"001200000{number}"), olena, due_in=3) for number in range(2)]
    awaited = shelf.item("0012000009", title="Місто")
    kept = shelf.lend(awaited, olena, due_in=3)
    shelf.hold(awaited, taras)

    with station() as stand:
        stand.begin(olena)
        stand.touch(Touch.ACCOUNT)
        stand.sees(SessionView, lambda view: view.on_account and view.account is not None)
        stand.touch(Touch.RENEW_ALL)
        session = stand.sees(
            SessionView,
            lambda view: view.account is not None and sum(line.renewed for line in view.account.loans) == 2,
        )
        stand.switch_off()
        stand.switch_on()
        due = dict(stand.ask("SELECT id, due FROM loans"))

        assert session.account is not None
        assert [line.reasons for line in session.account.loans if line.loan == kept.id] == [
            (Reason(Refusal.HELD_FOR_ANOTHER),)
        ]
        assert [due[loan.id] >= (today() + TERM).isoformat() for loan in free] == [True, True]
        assert due[kept.id] == kept.due.isoformat()


def test_what_one_patron_left_lying_is_neither_lent_to_the_next_nor_named_to_them(
    station: Station, shelf: Shelf
) -> None:
    olena, taras = shelf.patron("Олена"), shelf.patron("Тарас")
    hers, his = make_tag(shelf.item("0012000001", title="Тигролови")), make_tag(shelf.item("0012000002"))

    with station() as stand:
        stand.begin(olena).remove()
        stand.lay(hers)
        stand.sees(SessionView, lambda view: view.lent == 1)
        stand.end()
        stand.touch(Touch.DONE)
        stand.begin(taras).remove()
        stand.sees(SessionView, lambda view: view.name == "Тарас К." and len(view.rows) == 1)
        left, page = stand.rows(), stand.page()
        stand.lay(his)
        stand.sees_rows(SessionView, RowState.LENT, RowState.REFUSED)
        done = stand.end()

        assert [row.reasons for row in left.values()] == [(Reason(Refusal.LEFT_BEHIND),)]
        assert "Тигролови" not in page
        assert done.lent == 1
        assert stand.on_loan() == {"0012000001": "Олена", "0012000002": "Тарас"}
        assert (hers.afi, his.afi) == (CLEARED, CLEARED)


def test_who_left_a_book_lying_finds_it_theirs_on_coming_back(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station() as stand:
        stand.begin(olena).remove()
        stand.lay(tag)
        stand.sees(SessionView, lambda view: view.lent == 1)
        stand.end()
        stand.touch(Touch.DONE)
        stand.sees(WelcomeView, lambda view: not view.lift_card)
        stand.begin(olena)
        stand.sees_rows(SessionView, RowState.YOURS)

        assert stand.on_loan() == {"0012000001": "Олена"}
        assert tag.afi == CLEARED
        assert stand.debts() == []


def test_a_book_refused_to_one_and_left_lying_is_lent_to_the_next_who_lays_it_down_anew(
    station: Station, shelf: Shelf
) -> None:
    ivas = shelf.patron("Івась", category="child", born=today() - timedelta(days=3600))
    taras = shelf.patron("Тарас")
    tag = make_tag(shelf.item("0012000001", age_from=16))

    with station() as stand:
        stand.begin(ivas).remove()
        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.REFUSED)
        stand.end()
        stand.touch(Touch.DONE)
        stand.begin(taras)
        stand.sees_rows(SessionView, RowState.REFUSED)

        assert tag.afi == ARMED

        stand.take_away(tag)
        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.LENT)

        assert stand.on_loan() == {"0012000001": "Тарас"}
        assert tag.afi == CLEARED


def test_two_browsers_show_one_station_and_a_reloaded_one_shows_the_truth_at_once(
    station: Station, shelf: Shelf
) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001", title="Тигролови"))

    with (
        station(timing={"idle_s": 9}) as stand,
        browsing(stand.kiosk.web.url) as one,
        browsing(stand.kiosk.web.url) as two,
    ):
        one.shows("welcome")
        stand.begin(olena)
        stand.lay(tag)
        stand.sees(SessionView, lambda view: view.lent == 1 and not view.busy and view.account is not None)
        one.shows("session", "Тигролови")
        two.shows("session", "Тигролови")
        with browsing(stand.kiosk.web.url) as reloaded:
            assert reloaded.kind == "session"
            assert "Тигролови" in reloaded.screen

        assert one.touch(Touch.DONE) == 204
        one.shows("done")
        two.shows("done")

        assert stand.on_loan() == {"0012000001": "Олена"}


def test_a_touch_on_the_screen_of_an_earlier_visit_does_nothing_to_this_one(station: Station, shelf: Shelf) -> None:
    olena, taras = shelf.patron("Олена"), shelf.patron("Тарас")
    shelf.lend(shelf.item("0012000001"), taras, due_in=3)

    with station(timing={"idle_s": 9}) as stand, browsing(stand.kiosk.web.url) as browser:
        stand.begin(olena).remove()
        browser.shows("session")
        stale = browser.visit
        stand.touch(Touch.DONE)
        stand.begin(taras).remove()
        browser.shows("session", "Тарас")

        assert browser.touch(Touch.DONE, visit=stale) == 204
        assert browser.touch(Touch.LANGUAGE, "en", visit=stale) == 204
        assert browser.touch(Touch.ACCOUNT) == 204
        session = stand.sees(SessionView, lambda view: view.on_account)

        assert (session.name, session.frame.language, session.finishing) == ("Тарас К.", "uk", False)
