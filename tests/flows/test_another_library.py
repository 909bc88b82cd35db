"""Whole visits before a library system of somebody else's: SIP2 over a real socket, a real pad, a real ledger.

The system behind it takes a repeated checkout for a renewal and loses answers when it is told to.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from kiosk.circulation.model import BranchId, Item, Patron, Refusal
from kiosk.console.door import Door
from kiosk.library.port import CheckinNote
from kiosk.sip2_simulator.holdings import Holdings, Member, OpenHold, OpenLoan, Terms, Volume
from kiosk.sip2_simulator.manner import manner
from kiosk.sip2_simulator.system import SimulatedSystem
from kiosk.station.view import (
    DoneView,
    NoticeView,
    OutOfOrderView,
    PinView,
    ReturnsView,
    RowState,
    SessionView,
    Touch,
    WelcomeView,
)
from tests.pcsc_bench import PcscBench
from tests.stand import ARMED, CLEARED, Shelf, Stand, make_tag, stand, today

TERM = 21
SERVICE_POINT = "3a40852d-49fd-4df2-a1f9-6e2641a6e91f"
"""Where the login stands: FOLIO wants the UUID of a service point, the others take what they are given."""


def holdings(
    shelf: Shelf, loans: dict[str, Patron], fees: dict[str, Decimal], waits: list[tuple[Patron, Item]]
) -> Holdings:
    """Give another system the copies and people of the shelf."""
    return Holdings(
        members=tuple(
            Member(one.card, one.given_name, one.family_name, shelf.pins.get(one.id, ""), born=one.born)
            for one in shelf.patrons
        ),
        volumes=tuple(
            Volume(item.id, item.title.id, item.title.name, item.title.author, home=item.branch)
            for item in shelf.items.values()
        ),
        terms={"PT": Terms(days=TERM, max_fees=Decimal(10))},
        loans=tuple(
            OpenLoan(shelf.items[item].id, who.card, datetime.combine(today() + timedelta(days=5), time(23, 59)))  # type: ignore[index]
            for item, who in loans.items()
        ),
        holds=tuple(OpenHold(who.card, item.title.id, BranchId("music")) for who, item in waits),
        fees=tuple((one.card, "Fees", fees[one.id]) for one in shelf.patrons if one.id in fees),
        branches=(BranchId("central"), BranchId("music")),
    )


class Library:
    """Another library, and the station in front of it."""

    def __init__(self, folder: Path, cards: PcscBench, shelf: Shelf) -> None:
        self.folder, self.cards, self.shelf = folder, cards, shelf
        self.loans: dict[str, Patron] = {}
        self.fees: dict[str, Decimal] = {}
        self.waits: list[tuple[Patron, Item]] = []
        self.system: SimulatedSystem

    @contextmanager
    def station(self, spoken: str = "koha", when_silent: str = "returns", **sections: Any) -> Iterator[Stand]:
        with SimulatedSystem(holdings(self.shelf, self.loans, self.fees, self.waits), manner(spoken)) as self.system:
            sip2 = {"host": "127.0.0.1", "port": self.system.port, "profile": spoken, "institution": "central"}
            sip2 |= {
                "location": "central",
                "user": "kiosk",
                "workstation": SERVICE_POINT,
                "overrides": {"answer_s": 1.5, "connect_s": 1.5},
            }
            library = {"kind": "sip2", "when_silent": when_silent, "sip2": sip2}
            with stand(self.folder, self.cards, Shelf(), library=library, **sections) as one:
                one.shelf = self.shelf
                yield one

    def lent(self) -> dict[str, str]:
        """Who has what, as the system says."""
        found = {item: self.system.library.loan(item) for item in self.shelf.items}
        return {item: loan.card for item, loan in found.items() if loan is not None}

    def deeds(self) -> list[tuple[str, str]]:
        return [(deed.what, deed.item) for deed in self.system.library.deeds]


@pytest.fixture
def library(tmp_path: Path, cards: PcscBench, shelf: Shelf) -> Iterator[Library]:
    yield Library(tmp_path, cards, shelf)
    cards.clear()


@pytest.mark.parametrize("spoken", ["koha", "evergreen", "folio", "sierra", "polaris", "symphony", "alma"])
def test_five_books_go_home_and_come_back_at_any_system(library: Library, shelf: Shelf, spoken: str) -> None:
    olena = shelf.patron("Олена")
    tags = [make_tag(shelf.item(f"00120000{number:02}")) for number in range(5)]

    with library.station(spoken) as one:
        card = one.begin(olena)
        one.lay(*tags)
        view = one.sees(SessionView, lambda view: view.lent == 5 and not view.busy)

        assert {row.title[-10:] for row in view.rows} == set(shelf.items), "cp850 has no Cyrillic: ? stands for it"
        assert {row.due for row in view.rows} == {today() + timedelta(days=TERM)}
        assert {tag.afi for tag in tags} == {CLEARED}
        assert len(library.lent()) == 5
        one.lift(*tags)
        card.remove()
        one.sees(DoneView)
        one.opens()

        one.lay(*tags)
        one.touch(Touch.RETURN)
        one.sees_rows(ReturnsView, *[RowState.RETURNED] * 5)

        assert {tag.afi for tag in tags} == {ARMED}
        assert library.lent() == one.on_loan() == {}
        assert one.debts() == []


def test_the_pin_is_the_systems(library: Library, shelf: Shelf) -> None:
    olena = shelf.patron("Олена", pin="1234")

    with library.station(pin={"needed": "always"}) as one:
        one.opens()
        one.tap(olena)
        one.sees(PinView)
        one.type_pin("9999")
        one.sees(PinView, lambda view: view.tries_left == 2)
        one.type_pin("1234")

        assert one.sees(SessionView).name


def test_what_somebody_owes_is_said_before_they_lay_a_book(library: Library, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    library.fees["Олена"] = Decimal("42.50")

    with library.station() as one:
        one.begin(olena)
        view = one.sees(SessionView)

        assert Refusal.FEES in {reason.refusal for reason in view.blocks}


def test_a_card_the_system_does_not_know(library: Library, shelf: Shelf) -> None:
    with library.station() as one:
        one.opens()
        one.unknown_card().insert()
        view = one.sees(NoticeView)

        assert [reason.refusal for reason in view.reasons] == [Refusal.CARD_UNKNOWN]


def test_everything_is_renewed_with_one_touch(library: Library, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    items = [shelf.item(f"00120000{number:02}") for number in range(2)]
    library.loans |= {item.id: olena for item in items}

    with library.station() as one:
        one.begin(olena)
        one.touch(Touch.ACCOUNT)
        one.sees(SessionView, lambda view: view.account is not None and len(view.account.loans) == 2)
        one.touch(Touch.RENEW_ALL)
        view = one.sees(
            SessionView,
            lambda view: view.account is not None and sum(line.renewed for line in view.account.loans) == 2,
        )

        assert view.account is not None
        assert {line.title for line in view.account.loans} == {item.title.name for item in items}
        assert all(line.due > today() + timedelta(days=5) for line in view.account.loans)
        assert sorted(library.deeds()) == [("renew", item.id) for item in items]


def test_a_returned_book_somebody_waits_for_says_where_it_goes(library: Library, shelf: Shelf) -> None:
    olena, taras = shelf.patron("Олена"), shelf.patron("Тарас")
    item = shelf.item("0012000001")
    library.loans[item.id] = olena
    library.waits.append((taras, item))

    with library.station() as one:
        one.opens()
        one.lay(make_tag(item, lent=True))
        one.touch(Touch.RETURN)
        (row,) = one.sees_rows(ReturnsView, RowState.RETURNED).rows

        assert CheckinNote.HELD in row.notes
        assert row.destination


def test_a_title_is_waited_for_at_the_system(library: Library, shelf: Shelf) -> None:
    olena, taras = shelf.patron("Олена"), shelf.patron("Тарас")
    item = shelf.item("0012000001")
    library.loans[item.id] = taras

    with library.station() as one:
        one.begin(olena)
        one.lay(make_tag(item))
        (row,) = one.sees_rows(SessionView, RowState.REFUSED).rows
        one.touch(Touch.HOLD, row.key)
        one.sees(SessionView, lambda view: view.hold_news is not None and view.hold_news.place == 1)

        assert ("hold", item.id) in library.deeds()


def test_a_book_somebody_else_has_is_refused_and_stays_armed(library: Library, shelf: Shelf) -> None:
    olena, taras = shelf.patron("Олена"), shelf.patron("Тарас")
    item = shelf.item("0012000001")
    tag = make_tag(item)
    library.loans[item.id] = taras

    with library.station() as one:
        one.begin(olena)
        one.lay(tag)
        (row,) = one.sees_rows(SessionView, RowState.REFUSED).rows

        assert Refusal.ON_LOAN_TO_ANOTHER in {reason.refusal for reason in row.reasons}
        assert row.can_hold
        assert tag.afi == ARMED


@pytest.mark.parametrize("fault", ["lost-after on 11", "closed-before on 11", "closed-after on 11", "cut on 11"])
def test_a_lost_answer_lends_once_and_never_renews(library: Library, shelf: Shelf, fault: str) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with library.station() as one:
        one.begin(olena)
        library.system.fault(fault)
        one.lay(tag)
        (row,) = one.sees_rows(SessionView, RowState.LENT).rows

        assert row.due == today() + timedelta(days=TERM)
        assert library.deeds() == [("lend", "0012000001")]
        assert tag.afi == CLEARED


def test_a_loan_that_may_be_made_yet_is_promised_to_nobody(library: Library, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with library.station() as one:
        one.begin(olena)
        library.system.fault("lost-before on 11")
        one.lay(tag)
        (row,) = one.sees_rows(SessionView, RowState.REFUSED).rows

        assert [reason.refusal for reason in row.reasons] == [Refusal.LIBRARY_SILENT]
        assert tag.afi == ARMED
        assert library.deeds() == []


def test_a_system_that_falls_silent_leaves_a_place_for_returns(library: Library, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with library.station() as one:
        one.begin(olena)
        one.lay(tag)
        one.sees_rows(SessionView, RowState.LENT)
        one.take_away(tag)
        one.sees(WelcomeView)
        library.system.stop()
        one.tap(olena, slot=1)
        one.sees(WelcomeView, lambda view: not view.frame.lends and view.frame.returns)

        one.lay(tag)
        one.touch(Touch.RETURN)
        one.sees_rows(ReturnsView, RowState.RETURNED)
        assert library.lent() == {"0012000001": olena.card}
        assert tag.afi == ARMED

        library.system.start()
        one.sees(WelcomeView, lambda view: view.frame.lends)
        assert library.lent() == {}
        assert one.debts() == []


def test_a_branch_that_does_nothing_while_the_system_is_silent(library: Library, shelf: Shelf) -> None:
    with library.station(when_silent="off") as one:
        one.opens()
        library.system.stop()
        one.lay(make_tag(shelf.item("0012000001")))
        one.sees(OutOfOrderView, lambda view: view.missing == ("library",))

        library.system.start()
        one.opens()


def test_lent_while_the_system_is_silent_and_told_in_order(library: Library, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    items: list[Item] = [shelf.item(f"00120000{number:02}") for number in range(2)]
    first, second = (make_tag(item) for item in items)

    with library.station(when_silent="both") as one:
        one.opens()
        library.system.stop()
        one.begin(olena)
        one.lay(first, second)
        one.sees_rows(SessionView, RowState.LENT, RowState.LENT)
        one.end()
        assert library.lent() == {}
        one.take_away(first, second)
        one.opens()
        one.lay(first)
        one.touch(Touch.RETURN)
        one.sees_rows(ReturnsView, RowState.RETURNED)

        library.system.start()
        one.eventually(lambda: library.lent() == {items[1].id: olena.card})
        assert [what for what, _ in library.deeds()] == ["lend", "lend", "return"]
        assert one.debts() == []


def test_power_that_goes_while_the_system_lends(library: Library, shelf: Shelf) -> None:
    """The loan was made and the station heard nothing of it: nobody has the book, and nobody has the loan."""
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with library.station() as one:
        one.begin(olena)
        library.system.fault("lost-after on 11")
        one.lay(tag)
        one.eventually(lambda: library.lent() != {})
        library.system.fault("silent always")
        one.switch_off()
        library.system.mend()

        one.switch_on()
        one.eventually(lambda: library.lent() == {})
        assert tag.afi == ARMED
        assert one.on_loan() == {}


@pytest.mark.browser
def test_the_technician_sees_what_was_told_and_what_waits(library: Library, shelf: Shelf, chromium: Browser) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001", title="Тигролови"))

    with library.station() as one:
        Door(Path(one.settings.store.path + ".console")).set_password("135790")
        one.begin(olena).remove()
        one.lay(tag)
        one.sees(SessionView, lambda view: view.lent == 1)
        one.take_away(tag)
        one.opens()
        library.system.stop()
        one.lay(tag)
        one.touch(Touch.RETURN)
        one.sees_rows(ReturnsView, RowState.RETURNED)
        one.eventually(lambda: one.ask("SELECT 1 FROM dispatches WHERE closed IS NULL") != [])
        with chromium.new_context(viewport={"width": 360, "height": 640}, reduced_motion="reduce") as context:
            page = context.new_page()
            page.goto(one.kiosk.web.url + "console/")
            page.fill("input[name=password]", "135790")
            page.locator("input[name=password]").press("Enter")
            page.wait_for_url("**/console/")
            page.goto(one.kiosk.web.url + "console/journal")
            shown = page.inner_text("main")
            wide = page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")

        assert "Облік не відповідає" in shown
        assert "Чекає, поки облік почує: 1 запис." in shown
        assert "записано" in shown
        assert "Олена" not in shown
        assert not wide
