"""Makes a station known to the centre, by its own settings."""

from pathlib import Path

from kiosk.bootstrap.syncing import key_path
from kiosk.settings import load_settings
from kiosk.sync.enrolling import Applicant, Enrolment, NotEnrolled, enrol
from kiosk.sync.key import enrolled
from kiosk.sync.line import Place


def enrol_station(config_dir: Path, branch: str, station: str | None, *, code: str, url: str, anew: bool) -> Enrolment:
    """Enrol the station these settings are of. Raises: SettingsError; NotEnrolled; KeyTrouble."""
    settings = load_settings(config_dir, branch, station)
    path = key_path(settings)
    before = None if anew else enrolled(path)
    if before is not None:
        raise NotEnrolled(f"this station is enrolled as {before[1].station} at {before[1].url}: --anew enrols it again")
    applicant = Applicant(settings.branch.id, settings.station.lends, path)
    return enrol(applicant, code, Place(url, settings.sync.ca_file))
