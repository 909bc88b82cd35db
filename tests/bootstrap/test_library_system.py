"""A station's settings become a line to the library system there is, with its secrets from files."""

from pathlib import Path

import pytest

from kiosk.bootstrap.library_doctor import examine_library_system
from kiosk.bootstrap.library_system import sip2_system
from kiosk.bootstrap.secret_files import SecretMissing
from kiosk.doctor.finding import Level
from kiosk.settings import load_settings
from kiosk.sip2_simulator.conversation import Account
from kiosk.sip2_simulator.manner import manner
from tests.sip2_simulator.terminal import running

CONFIG = Path(__file__).parents[2] / "config"


def settings_with(port: int, password_file: Path):
    sip2 = {
        "host": "127.0.0.1",
        "port": port,
        "profile": "koha",
        "institution": "CPL",
        "user": "kiosk1",
        "password_file": str(password_file),
    }
    return load_settings(CONFIG, "central", "hall", {"library": {"kind": "sip2", "sip2": sip2}})


def test_the_settings_name_a_system_that_answers(tmp_path: Path) -> None:
    (tmp_path / "sip2").write_text("kioskpw\n")
    with running("koha", accounts={"kiosk1": Account(manner("koha"), "kioskpw")}) as library:
        system = sip2_system(settings_with(library.port, tmp_path / "sip2"))

        assert system.pulse().lends
        system.close()


def test_a_password_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SecretMissing, match=r"library\.sip2\.password_file .*: put the password"):
        sip2_system(settings_with(6001, tmp_path / "nothing"))


def test_the_doctor_signs_in(tmp_path: Path) -> None:
    (tmp_path / "sip2").write_text("kioskpw\n")
    with running("koha", accounts={"kiosk1": Account(manner("koha"), "kioskpw")}) as library:
        settings = settings_with(library.port, tmp_path / "sip2")
        well = examine_library_system(settings)
        library.fault("offline")
        off = examine_library_system(settings)
        library.fault("refused")
        gone = examine_library_system(settings)

    assert [finding and finding.level for finding in (well, off, gone)] == [Level.GOOD, Level.WORRYING, Level.FAILED]
    assert gone is not None
    assert "nobody listens there" in gone.seen
    assert "kiosk library check" in gone.remedy


def test_the_doctor_has_nothing_to_ask_where_the_station_decides() -> None:
    assert examine_library_system(load_settings(CONFIG, "central", "hall")) is None
