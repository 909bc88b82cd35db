"""Waiting for a title at a station: by the rules, from its own ledger, once, and told to the centre like a loan."""

from datetime import timedelta

from kiosk.circulation.model import HoldStatus, LoanId, PatronId, Reason, Refusal, TitleId
from kiosk.library.port import HoldAnswer, HoldCancelled, HoldNotPlaced, HoldPlaced, RequestKey, Words
from kiosk.wire.messages import Kind
from tests.library.desk_stand import CENTRAL, MUSIC, OLENA, SOFIIA, TARAS, DeskStand, hold, loan, ready
from tests.store.told import Teller, ask, gone
from tests.store.told import hold as told_hold

ENEIDA = TitleId("t-eneida")
KEY = RequestKey("k-hold")


def wish(desk: DeskStand, who: PatronId = OLENA, title: TitleId = ENEIDA, key: str = KEY) -> HoldAnswer:
    return desk.library.place_hold(who, title, None, RequestKey(key))


def refusals(answer: HoldAnswer) -> list[Refusal]:
    assert isinstance(answer, HoldNotPlaced)
    return [reason.refusal for reason in answer.reasons]


def test_a_title_that_is_out_is_waited_for_behind_those_who_came_earlier(desk: DeskStand) -> None:
    desk.know(loans=(loan(TARAS, "eneida"),), holds=(hold(SOFIIA, "eneida"),))

    answer = wish(desk)

    assert answer == HoldPlaced(ENEIDA, Words("Eneida", "Author"), 2, "Центральна")
    assert [(one.patron, one.status, one.pickup) for one in desk.queue("eneida")] == [
        (SOFIIA, HoldStatus.WAITING, CENTRAL),
        (OLENA, HoldStatus.WAITING, CENTRAL),
    ]


def test_a_hold_is_one_row_of_the_journal_and_names_itself(desk: DeskStand) -> None:
    desk.know(loans=(loan(TARAS, "eneida"),))

    desk.library.place_hold(OLENA, ENEIDA, MUSIC, KEY)

    (entry,) = desk.journal()
    ((name,),) = ask(desk, "SELECT key FROM holds WHERE patron = ?", OLENA)
    assert entry.type == "hold-placed"
    assert entry.facts() == {"hold": name, "patron": OLENA, "title": ENEIDA, "pickup": MUSIC}


def test_the_same_wish_again_waits_once_also_after_a_power_cut(desk: DeskStand) -> None:
    desk.know(loans=(loan(TARAS, "eneida"),))
    first = wish(desk)
    desk.restart()

    again = wish(desk)

    assert again == first
    assert len(desk.queue("eneida")) == 1
    assert desk.told() == ["hold-placed"]


def test_a_place_taken_here_stands_behind_places_of_a_clock_that_is_ahead(desk: DeskStand) -> None:
    ahead = desk.wall + timedelta(hours=3)
    desk.know(loans=(loan(TARAS, "eneida"),), holds=(hold(SOFIIA, "eneida", placed_at=ahead),))

    wish(desk)

    assert [one.patron for one in desk.queue("eneida")] == [SOFIIA, OLENA]


def test_nobody_waits_twice_for_one_title(desk: DeskStand) -> None:
    desk.know(loans=(loan(TARAS, "eneida"),), holds=(hold(OLENA, "eneida"),))

    assert refusals(wish(desk)) == [Refusal.ALREADY_HELD]


def test_nobody_waits_for_a_book_that_stands_here(desk: DeskStand) -> None:
    answer = wish(desk)

    assert isinstance(answer, HoldNotPlaced)
    assert answer.reasons == (Reason(Refusal.HOLD_NOT_NEEDED, number=1),)
    assert desk.journal() == []


def test_a_book_that_stands_at_another_branch_may_be_fetched_here(desk: DeskStand) -> None:
    answer = wish(desk, title=TitleId("t-etudes"))

    assert isinstance(answer, HoldPlaced)


def test_a_copy_on_the_hold_shelf_is_nobody_elses_so_the_next_one_waits(desk: DeskStand) -> None:
    desk.know(holds=(ready(TARAS, "eneida"),))

    answer = wish(desk)

    assert isinstance(answer, HoldPlaced)
    assert answer.place == 1


def test_what_one_has_at_home_what_is_never_lent_and_what_is_unknown_is_refused(desk: DeskStand) -> None:
    desk.know(loans=(loan(OLENA, "eneida"),))

    assert refusals(wish(desk, key="k1")) == [Refusal.ALREADY_YOURS]
    assert refusals(wish(desk, title=TitleId("t-atlas"), key="k2")) == [Refusal.NOT_FOR_LOAN]
    assert refusals(wish(desk, title=TitleId("t-nowhere"), key="k3")) == [Refusal.ITEM_UNKNOWN]
    assert refusals(wish(desk, who=PatronId("p-nobody"), key="k4")) == [Refusal.CARD_UNKNOWN]


def test_one_hold_too_many_is_refused_with_the_limit(desk: DeskStand) -> None:
    limit = desk.rules.policy.categories[next(iter(desk.rules.policy.categories))].max_holds
    held = ("kobzar", "zapovit", "lisova", "opera", "atlas", "old", "lost", "etudes")[:limit]
    desk.know(holds=tuple(hold(OLENA, name) for name in held))
    more = [f"extra{n}" for n in range(limit - len(held))]
    from tests.library.desk_stand import item

    desk.know(items=tuple(item(name) for name in more))
    desk.know(holds=tuple(hold(OLENA, name) for name in more), loans=(loan(TARAS, "eneida"),))

    answer = wish(desk)

    assert isinstance(answer, HoldNotPlaced)
    assert answer.reasons == (Reason(Refusal.HOLD_LIMIT, number=limit),)


def test_a_hold_is_given_up_and_the_centre_is_told_by_its_own_name_for_it(desk: DeskStand) -> None:
    Teller(desk).tell(told_hold("h1", "olena", "eneida"))

    answer = desk.library.cancel_hold(OLENA, ENEIDA, KEY)

    assert answer == HoldCancelled(ENEIDA)
    assert desk.queue("eneida") == ()
    assert desk.journal()[-1].facts() == {"hold": "h1", "patron": OLENA, "title": ENEIDA}


def test_giving_up_twice_tells_once(desk: DeskStand) -> None:
    desk.know(holds=(hold(OLENA, "eneida"),))

    for key in ("k1", "k2"):
        desk.library.cancel_hold(OLENA, ENEIDA, RequestKey(key))

    assert desk.told() == ["hold-cancelled"]


def test_an_account_names_the_title_of_a_hold_so_that_it_can_be_given_up(desk: DeskStand) -> None:
    desk.know(holds=(hold(OLENA, "eneida"),))

    (line,) = desk.library.account(OLENA).holds

    assert line.title_id == ENEIDA


# --- beside the sync -----------------------------------------------------------------------------------


def test_a_hold_the_centre_has_not_heard_of_outlives_what_it_says_meanwhile(desk: DeskStand) -> None:
    teller = Teller(desk)
    desk.know(loans=(loan(TARAS, "eneida"),))
    wish(desk)
    ((name,),) = ask(desk, "SELECT key FROM holds WHERE patron = ?", OLENA)

    teller.tell(gone(Kind.HOLD, name))
    teller.snapshot().finish()

    assert [one.patron for one in desk.queue("eneida")] == [OLENA]


def test_once_heard_the_centre_says_which_place_it_is(desk: DeskStand) -> None:
    teller = Teller(desk)
    desk.know(loans=(loan(TARAS, "eneida"),))
    wish(desk)
    ((name,),) = ask(desk, "SELECT key FROM holds WHERE patron = ?", OLENA)
    teller.hear_all()

    teller.tell(told_hold("placed-at-home", "olena", "eneida"), gone(Kind.HOLD, name))

    assert [one.patron for one in desk.queue("eneida")] == [OLENA]
    assert ask(desk, "SELECT key FROM holds WHERE closed_at IS NULL") == [("placed-at-home",)]


def test_a_hold_given_up_here_does_not_come_back_with_an_older_page(desk: DeskStand) -> None:
    teller = Teller(desk)
    teller.tell(told_hold("h1", "olena", "eneida"))
    desk.library.cancel_hold(OLENA, ENEIDA, KEY)

    teller.tell(told_hold("h1", "olena", "eneida"))

    assert desk.queue("eneida") == ()


def test_a_loan_ends_the_hold_that_was_placed_here(desk: DeskStand) -> None:
    desk.know(loans=(loan(TARAS, "eneida", id=LoanId("l-first")),))
    wish(desk)
    from tests.library.desk_stand import copy

    desk.give_back(copy("k8", "eneida"))
    desk.lend(OLENA, copy("k9", "eneida"))

    assert desk.queue("eneida") == ()
