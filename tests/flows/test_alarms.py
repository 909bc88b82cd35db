"""A siren while real books lie on a real pad: none is lost, none is half lent, and work goes on after."""

from pathlib import Path

import pytest

from drivers.tag_pads.feig_frames import TagCode
from kiosk.station.view import ReturnsView, SessionView, ShelterView, Touch, WelcomeView
from tests.stand import ARMED, CLEARED, Shelf, Station, make_tag


@pytest.fixture
def siren(tmp_path: Path) -> Path:
    return tmp_path / "siren"


def signals(siren: Path) -> dict[str, object]:
    return {"raid_file": str(siren), "poll_s": 0.1}


def test_a_siren_while_a_bit_is_cleared_finishes_the_book_in_hand(station: Station, shelf: Shelf, siren: Path) -> None:
    olena, tag = shelf.patron("Олена"), make_tag(shelf.item("0012000001"))
    later = make_tag(shelf.item("0012000002"))

    with station(signals=signals(siren), timing={"done_s": 1.0, "notice_s": 0.5}) as stand:
        stand.begin(olena).remove()
        stand.when(tag, TagCode.WRITE_AFI, siren.touch)
        stand.lay(tag)
        stand.sees(ShelterView)

        assert stand.on_loan() == {"0012000001": "Олена"}
        assert tag.afi == CLEARED
        stand.lay(later)
        stand.take_away(tag, later)
        siren.unlink()
        stand.sees(WelcomeView)
        assert later.afi == ARMED
        stand.owes()

        stand.begin(olena)
        stand.lay(later)
        stand.sees(SessionView, lambda view: view.lent == 1)


def test_a_siren_while_a_book_comes_back_takes_it_back_whole(station: Station, shelf: Shelf, siren: Path) -> None:
    item = shelf.item("0012000001")
    shelf.lend(item, shelf.patron("Олена"))
    tag = make_tag(item, lent=True)

    with station(signals=signals(siren), timing={"done_s": 1.0, "notice_s": 0.5}) as stand:
        stand.opens()
        stand.touch(Touch.RETURN)
        stand.sees(ReturnsView)
        stand.when(tag, TagCode.WRITE_AFI, siren.touch)
        stand.lay(tag)
        stand.sees(ShelterView)

        assert stand.on_loan() == {}
        assert tag.afi == ARMED
        stand.owes()
