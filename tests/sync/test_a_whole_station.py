"""A whole station process, enrolled at a real centre: it takes in what the centre knows, also after being killed."""

from pathlib import Path

from kiosk.central.centre import open_centre
from kiosk.central.enrolment import make_code
from kiosk.store import open_store
from kiosk.sync.enrolling import Applicant, enrol
from kiosk.sync.line import Place
from tests.central_bench import NETWORK
from tests.flows.station_program import station_program
from tests.sync.knowing import know
from tests.sync.served import POLICIES, served
from tests.sync.test_beside import withdraw

RHYTHM = {"heartbeat_s": 1.0}


def test_a_station_knows_what_the_centre_knows_and_goes_on_from_there_after_a_kill(
    empty_central_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "central.db"
    path.write_bytes(empty_central_file.read_bytes())
    centre = open_centre(f"sqlite:///{path}", NETWORK)
    know(centre)
    open_store(tmp_path / "station.db").close()
    with served(centre) as at:
        applicant = Applicant("central", lends=True, key_path=tmp_path / "station.db.key")
        enrol(applicant, make_code(centre, POLICIES, "central", "hall", "oksana"), Place(at.url))
        with station_program(tmp_path, sync=RHYTHM) as program:
            program.is_up()
            program.comes_to("SELECT count(*) FROM items", 9)
            program.comes_to("SELECT count(*) FROM meta WHERE name = 'sync-cursor'", 1)

        withdraw(centre, "kobzar")
        with station_program(tmp_path, sync=RHYTHM) as program:
            program.is_up()
            program.comes_to("SELECT status FROM items WHERE id = 'kobzar'", "withdrawn")
            assert "taking in snapshot" not in program.log
    centre.close()
