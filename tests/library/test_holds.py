"""Holds that hold: what waits for one patron does not leave with another, whoever told the desk of it and wherever."""

from dataclasses import replace

from kiosk.circulation.model import Refusal
from kiosk.library.port import CheckinNote, NotLent
from tests.library.desk_stand import MUSIC, OLENA, RULES, TARAS, DeskStand, copy, hold, loan, ready
from tests.store.told import Teller
from tests.store.told import hold as told_hold


def refused_to_taras(desk: DeskStand) -> list[Refusal]:
    (answer,) = desk.library.checkout(TARAS, (copy("k9", "eneida"),))
    assert isinstance(answer, NotLent)
    return [reason.refusal for reason in answer.reasons]


def test_a_copy_on_the_hold_shelf_of_another_branch_leaves_with_nobody_else_here_either(desk: DeskStand) -> None:
    desk.know(holds=(replace(ready(OLENA, "eneida"), pickup=MUSIC),))

    assert refused_to_taras(desk) == [Refusal.HELD_FOR_ANOTHER]


def test_a_hold_the_centre_told_of_holds_while_the_centre_is_silent_and_after_a_restart(desk: DeskStand) -> None:
    Teller(desk).tell(told_hold("h1", "olena", "eneida", "ready", "eneida"))

    desk.restart()

    assert refused_to_taras(desk) == [Refusal.HELD_FOR_ANOTHER]


def test_a_copy_that_came_back_for_somebody_stays_for_them_from_that_moment(desk: DeskStand) -> None:
    desk.know(loans=(loan(TARAS, "eneida"),), holds=(hold(OLENA, "eneida"),))

    returned = desk.give_back(copy("k1", "eneida"))

    assert CheckinNote.HELD in returned.notes
    assert refused_to_taras(desk) == [Refusal.HELD_FOR_ANOTHER]


def test_staff_can_tell_for_whom_a_copy_waits_and_nobody_is_named(desk: DeskStand) -> None:
    desk.know(loans=(loan(TARAS, "eneida"),), holds=(replace(hold(OLENA, "eneida"), pickup=MUSIC),))

    returned = desk.give_back(copy("k1", "eneida"))

    assert (returned.hold_code, returned.destination) == ("lena", RULES.branch_names[MUSIC])


def test_the_journal_says_of_every_return_which_tags_lay_there_and_what_was_strange(desk: DeskStand) -> None:
    for number, name in enumerate(("eneida", "etudes", "never-heard-of")):
        desk.give_back(copy(f"k{number}", name))

    told = [entry.facts() for entry in desk.journal() if entry.type == "returned"]
    assert [(one["item"], one["tags"], one["notes"]) for one in told] == [
        ("eneida", ["E0-eneida"], ["not-on-loan"]),
        ("etudes", ["E0-etudes"], ["other-branch", "not-on-loan"]),
        ("never-heard-of", ["E0-never-heard-of"], ["unknown-item"]),
    ]
    assert told[1]["destination"] == MUSIC
