"""What the answers about copies are taken to mean, above all whether a copy may leave."""

import pytest

from kiosk.circulation.model import ItemId
from kiosk.library.sip2.books import item_seen, loan_said, return_said
from kiosk.library.sip2.codec import Dialect, decode
from kiosk.library.sip2.message import Message
from kiosk.library.sip2.profile import load_profile
from tests.library.sip2.scripted import KYIV

ITEM = ItemId("LIB000041")
NOW = "20261123    031538"
GENERIC, FSIP2 = load_profile("generic"), load_profile("fsip2")


def said(text: str) -> Message:
    return decode(text.encode(), Dialect()).message


@pytest.mark.parametrize(
    ("fixed", "more", "strict", "trusting"),
    [
        ("1NNY", "", True, True),
        ("1NUY", "", True, True),
        ("1NNN", "", False, False),  # a closed reserve, or a tape
        ("1NUU", "", False, True),
        ("1NN ", "", False, True),
        ("1NNY", "CIY|", False, False),  # its security is nobody's business
        ("1NNY", "CIN|", True, True),
        ("0NUN", "", False, False),
        ("0NUY", "", False, False),  # clears what it does not lend
    ],
)
def test_a_copy_leaves_only_where_the_system_has_its_bit_cleared(
    fixed: str, more: str, strict: bool, trusting: bool
) -> None:
    answer = said(f"12{fixed}{NOW}AOCPL|AAP0002|AB{ITEM}|AJKobzar|AH20261214    235900|{more}")

    assert loan_said(answer, ITEM, GENERIC, KYIV).may_leave is strict
    assert loan_said(answer, ITEM, FSIP2, KYIV).may_leave is trusting


@pytest.mark.parametrize(
    ("fixed", "fields", "destination", "held", "alert"),
    [
        ("1YNN", "AQCPL|", "", False, False),
        ("1YNN", "", "", False, False),  # no AQ at all
        ("1YNY", "AQMPL|CTMPL|CV04|", "MPL", False, True),
        ("1YNN", "AQMPL|CV04|", "MPL", False, True),  # an alert without its flag, a way home without CT
        ("1YNN", "CV00|AQMPL|", "", False, False),
        ("1YNY", "CV01|CTCPL|CYP0010|DAHanna Holder +380441234567|", "", True, True),
        ("1YNY", "CV02|CTMPL|CYP0010|", "MPL", True, True),
        ("1YNY", "", "", False, True),  # an alert nobody explains
        ("1YNY", "CV98|", "", False, True),  # Koha: something is wrong with its record
    ],
)
def test_where_a_returned_copy_goes(fixed: str, fields: str, destination: str, held: bool, alert: bool) -> None:
    back = return_said(said(f"10{fixed}{NOW}AOCPL|AB{ITEM}|AJKobzar|{fields}"), ITEM, GENERIC, "CPL")

    assert (back.taken, back.destination, back.held, back.alert) == (True, destination, held, alert)
    assert "Hanna" not in repr(back)
    assert "380" not in repr(back)


@pytest.mark.parametrize(
    ("status", "fields", "known", "on_loan"),
    [
        ("03", "AJKobzar|", True, False),
        ("04", "AJKobzar|AH20261214    235900|", True, True),
        ("05", "AJKobzar|", True, True),
        ("07", "AJKobzar|", True, True),  # recalled: still with somebody
        ("11", "AJKobzar|", True, True),  # claimed to be returned: the loan is open
        ("08", "AJKobzar|", True, False),
        ("10", "AJKobzar|", True, False),
        ("12", "AJKobzar|", True, None),  # lost: with somebody, perhaps
        ("01", "AJKobzar|", True, None),
        ("01", "AJKobzar|AH20261214|", True, True),
        ("01", "AJ|", False, None),  # Koha, Evergreen: nobody knows it
        ("99", "AJKobzar|", True, None),
    ],
)
def test_whether_a_copy_is_on_loan(status: str, fields: str, known: bool, on_loan: bool | None) -> None:
    seen = item_seen(said(f"18{status}0201{NOW}AB{ITEM}|{fields}"), ITEM, GENERIC, KYIV)

    assert (seen.known, seen.on_loan) == (known, on_loan)


def test_a_title_loses_the_sign_before_its_author() -> None:
    assert item_seen(said(f"18030201{NOW}ABx|AJКобзар / |AF#Ask|"), ITEM, GENERIC, KYIV).title == "Кобзар"
