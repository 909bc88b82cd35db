"""Who may work in the office."""

import pytest

from kiosk.central import audit, staff
from kiosk.central.centre import Centre
from kiosk.central.errors import StaffError
from tests.central_bench import NETWORK

IRYNA = staff.Member("iryna", "Ірина Петренко", "librarian", "a")
WORDS = "три слова на пам’ять"


def test_whoever_was_taken_in_signs_in_with_the_password(centre: Centre) -> None:
    staff.add(centre, IRYNA, WORDS, "director")

    assert staff.sign_in(centre, "iryna", WORDS) == IRYNA
    assert staff.sign_in(centre, "iryna", WORDS + "!") is None
    assert staff.sign_in(centre, "nobody", WORDS) is None


def test_five_wrong_tries_lock_also_the_right_one_out(centre: Centre) -> None:
    staff.add(centre, IRYNA, WORDS, "director")
    for _ in range(5):
        staff.sign_in(centre, "iryna", "wrong")

    assert staff.sign_in(centre, "iryna", WORDS) is None


def test_somebody_disabled_is_let_in_no_more(centre: Centre) -> None:
    staff.add(centre, IRYNA, WORDS, "director")
    staff.disable(centre, "iryna", "director")

    assert staff.sign_in(centre, "iryna", WORDS) is None
    assert centre.look(lambda work: staff.members(work, NETWORK))[0].disabled


def test_a_new_password_takes_the_lock_away(centre: Centre) -> None:
    staff.add(centre, IRYNA, WORDS, "director")
    for _ in range(5):
        staff.sign_in(centre, "iryna", "wrong")
    staff.set_password(centre, "iryna", "зовсім нове речення", "director")

    assert staff.sign_in(centre, "iryna", "зовсім нове речення") == IRYNA


@pytest.mark.parametrize(
    ("member", "password"),
    [(IRYNA, "short"), (staff.Member("a b", "x", "librarian"), WORDS), (staff.Member("x", "x", "king"), WORDS)],
)
def test_what_would_not_do_is_refused(centre: Centre, member: staff.Member, password: str) -> None:
    with pytest.raises(StaffError):
        staff.add(centre, member, password, "director")


def test_nobody_is_taken_in_twice_and_all_of_it_is_written_down(centre: Centre) -> None:
    staff.add(centre, IRYNA, WORDS, "director")
    with pytest.raises(StaffError, match="taken"):
        staff.add(centre, IRYNA, WORDS, "director")

    assert [row.action for row in centre.look(lambda work: audit.latest(work, NETWORK))] == ["staff-add"]
