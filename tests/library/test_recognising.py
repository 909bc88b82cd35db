"""A stack with no card: what the ledger knows of it, and that looking changes nothing."""

from kiosk.circulation.model import TitleId
from kiosk.library.port import GateOutcome, Whereabouts, Words
from tests.library.desk_stand import ELSEWHERE, OLENA, DeskStand, copy


def test_every_copy_is_where_the_ledger_says(desk: DeskStand) -> None:
    desk.lend(OLENA, copy("k1", "eneida"))
    stack = (
        copy("a", "kobzar"),
        copy("b", "eneida"),
        copy("c", "mystery"),
        copy("d", "kobzar", owner=ELSEWHERE),
    )

    seen = desk.library.recognise(stack)

    assert [one.copy for one in seen] == list(stack)
    assert [one.whereabouts for one in seen] == [
        Whereabouts.IN_STOCK,
        Whereabouts.ON_LOAN,
        Whereabouts.UNKNOWN,
        Whereabouts.FOREIGN,
    ]
    assert [one.words for one in seen] == [
        Words("Kobzar", "Author", id=TitleId("t-kobzar")),
        Words("Eneida", "Author", id=TitleId("t-eneida")),
        None,
        None,
    ]


def test_looking_changes_nothing(desk: DeskStand) -> None:
    desk.give_back(copy("k1", "kobzar"), GateOutcome.LOCKED)
    told, debts = desk.told(), desk.debts()

    seen = desk.library.recognise((copy("a", "kobzar"),))

    assert desk.library.recognise((copy("b", "kobzar"),))[0].orders == seen[0].orders
    assert (desk.told(), desk.debts()) == (told, debts)


def test_a_bit_owed_on_a_copy_nobody_has_heard_of_is_mended_on_sight(desk: DeskStand) -> None:
    desk.give_back(copy("k1", "mystery"), GateOutcome.LOCKED)

    (seen,) = desk.library.recognise((copy("a", "mystery"),))

    assert [(order.tag, order.armed) for order in seen.orders] == [("E0-mystery", True)]
