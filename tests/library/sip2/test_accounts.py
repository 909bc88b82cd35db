"""Lists of an account, told apart and read to their end. Only what is surely whole proves that a loan was not made."""

from collections.abc import Iterable

import pytest

from kiosk.circulation.model import CardNumber, ItemId
from kiosk.library.remote.system import Who
from tests.library.sip2.scripted import BEGIN, ScriptedServer, manner, server, system_at

ANNA = Who(CardNumber("P0002"))
NOW = b"20261123    031538"


def account(charged: Iterable[str], count: str, *, overdue: str = "0000", late: Iterable[str] = ()) -> bytes:
    counts = f"0000{overdue}{count}000000000000"
    lists = "".join(f"AU{line}|" for line in charged) + "".join(f"AT{line}|" for line in late)
    return b"64" + b" " * 14 + b"000" + NOW + f"{counts}AOCPL|AAP0002|AEAnna Miller|BLY|{lists}".encode() + b"\r"


def copy(item: str, *, on_loan: bool) -> bytes:
    title = f"AJTitle of {item}|AH20261214    235900|" if on_loan else "AJ|"
    return b"18" + (b"04" if on_loan else b"01") + b"0101" + NOW + f"AB{item}|{title}".encode() + b"\r"


def asked_for(library: ScriptedServer) -> list[bytes]:
    return [raw[:2] for raw in library.heard[2:]]


@pytest.mark.parametrize("lines", [["LIB1", "LIB2"], []])
def test_copies_are_named(lines: list[str]) -> None:
    with server((*BEGIN, account(lines, f"{len(lines):04d}"))) as library:
        assert system_at(library.port, manner("koha")).charged(ANNA) == set(lines)


def test_a_title_that_looks_like_a_barcode_is_none() -> None:
    with server((*BEGIN, account(["1984"], "0001"), copy("1984", on_loan=False))) as library:
        assert system_at(library.port, manner("evergreen")).charged(ANNA) is None

    assert asked_for(library) == [b"63", b"17"]


def test_a_barcode_is_looked_up_once_and_known_from_then_on() -> None:
    listed = account(["LIB1"], "0001")
    with server((*BEGIN, listed, copy("LIB1", on_loan=True), listed)) as library:
        station = system_at(library.port, manner("generic"))

        assert [station.charged(ANNA), station.charged(ANNA)] == [{"LIB1"}, {"LIB1"}]
    assert asked_for(library) == [b"63", b"17", b"63"]


@pytest.mark.parametrize("count", ["    ", "0003"])
def test_a_list_that_may_be_cut_short_proves_nothing(count: str) -> None:
    short = account(["LIB1", "LIB2"], count)
    with server((*BEGIN, short, short)) as library:
        assert system_at(library.port, manner("koha")).charged(ANNA) is None


def test_a_list_in_pages_is_read_to_its_end() -> None:
    pages = (account(["LIB1", "LIB2"], "0003"), account(["LIB3"], "0003"))
    with server((*BEGIN, *pages)) as library:
        assert system_at(library.port, manner("koha")).charged(ANNA) == {"LIB1", "LIB2", "LIB3"}

    assert b"|BP3|BQ9999|" in library.heard[-1]


def test_late_copies_that_stand_in_a_list_of_their_own() -> None:
    first = account(["LIB1"], "0001", overdue="0001")
    with server((*BEGIN, first, account([], "0001", overdue="0001", late=["LIB9"]))) as library:
        assert system_at(library.port, manner("koha")).charged(ANNA) == {"LIB1", "LIB9"}

    assert library.heard[-1][23:33] == b" Y        "


def test_an_account_of_titles_shows_them_without_dates() -> None:
    listed = account(["The Trial", "1984"], "0002")
    with server((*BEGIN, listed, copy("1984", on_loan=False))) as library:
        loans = system_at(library.port, manner("evergreen")).account(ANNA).loans

    assert [(loan.title, loan.due, loan.item) for loan in loans] == [
        ("The Trial", None, ItemId("The Trial")),
        ("1984", None, ItemId("1984")),
    ]


def test_rights_are_believed_only_with_a_pin_where_the_profile_says_so() -> None:
    denied = b"64Y  YYYYYYYYYYY000" + NOW + b"0" * 24 + b"AO|AAP0002|AEAnna Miller|BLY|\r"
    with server((*BEGIN, denied)) as sierra, server((*BEGIN, denied)) as other:
        assert system_at(sierra.port, manner("sierra")).patron(ANNA).blocks == ()
        assert system_at(other.port, manner()).patron(ANNA).blocks != ()
