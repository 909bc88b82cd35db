"""A patron's account at a station before systems that name loans by titles, or say dates nobody can read."""

from contextlib import closing
from datetime import date
from pathlib import Path

from kiosk.library.port import Renewed, RequestKey
from kiosk.sip2_simulator.manner import changed, manner
from kiosk.sip2_simulator.system import SimulatedSystem
from tests.library.desk_stand import TODAY
from tests.sip2_simulator.client_stand import client_of
from tests.sip2_simulator.koha_shelf import koha_shelf
from tests.sip2_simulator.terminal import noon, running
from tests.sip2_simulator.test_ledgers_agree import PATRON, RealStand, lend

ITEM = "LIB000101"


def test_a_loan_made_here_is_known_by_its_copy_where_the_system_lists_titles(tmp_path: Path) -> None:
    with running("evergreen") as system, closing(client_of(system, "evergreen")) as client:
        stand = RealStand(tmp_path / "station.db", system=client)
        patron = stand.enter(PATRON)
        loan = lend(stand, patron, ITEM)

        ours, theirs = stand.library.account(patron).loans
        (answer,) = stand.library.renew(patron, (ours.loan,), RequestKey("r1"))

        assert (ours.loan, ours.item, ours.due) == (loan, ITEM, date(2026, 12, 14))
        assert theirs.title.startswith("Test Title Number 61")
        assert answer == Renewed(loan, date(2027, 1, 4))
        stand.store.close()


def test_a_renewal_to_a_day_nobody_can_read_is_a_renewal(tmp_path: Path) -> None:
    spoken = changed(manner("koha"), lending={"due": "when the lilac blooms"})
    with SimulatedSystem(koha_shelf(), spoken, clock=noon) as system, closing(client_of(system, "koha")) as client:
        stand = RealStand(tmp_path / "station.db", system=client)
        patron = stand.enter(PATRON)
        loan = lend(stand, patron, ITEM)

        (answer,) = stand.library.renew(patron, (loan,), RequestKey("r1"))

        assert isinstance(answer, Renewed)
        assert answer.due > TODAY
        assert [deed.what for deed in system.library.deeds] == ["lend", "renew"]
        stand.store.close()
