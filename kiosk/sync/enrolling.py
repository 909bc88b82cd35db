"""Enrols a station: makes its key, hands a one-time code in, and keeps what the centre takes it for."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kiosk.sync.centre_clock import CentreClock
from kiosk.sync.errors import CentreSilent, Refused, SyncError
from kiosk.sync.heartbeat import own_version
from kiosk.sync.key import Identity, keep, new_key, public_text
from kiosk.sync.line import Line, Place
from kiosk.wire.messages import Enrolled, EnrolRequest

CLOCK_OFF = 120.0
"""Seconds of difference worth telling the technician of."""


class NotEnrolled(Exception):
    """The station was not enrolled; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """The station that is to be enrolled: its branch by its settings, whether it lends, and where its key goes."""

    branch: str
    lends: bool
    key_path: Path


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What came of it. `clock_offset` is centre minus station, in seconds."""

    identity: Identity
    clock_offset: float

    @property
    def clock_is_off(self) -> bool:
        return abs(self.clock_offset) > CLOCK_OFF

    @property
    def in_the_clear(self) -> bool:
        """Say whether names and PIN verifiers would cross a network readable by anybody on it."""
        return is_in_the_clear(self.identity.url)


def is_in_the_clear(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "::1", "localhost")


def enrol(applicant: Applicant, code: str, place: Place) -> Enrolment:
    """Enrol at the centre at *place* with a code somebody there made. Raises: NotEnrolled, KeyTrouble."""
    key, clock = new_key(), CentreClock()
    request = EnrolRequest(code=code.strip(), public_key=public_text(key), lends=applicant.lends, version=own_version())
    answer = _ask(request, place, clock)
    if answer.branch != applicant.branch:
        raise NotEnrolled(
            f"the code was made for branch {answer.branch}, and this station's settings say {applicant.branch}: "
            f"have a code made for {applicant.branch}"
        )
    identity = Identity(answer.network, answer.station, answer.branch, place.url)
    keep(applicant.key_path, key, identity)
    return Enrolment(identity, clock.offset())


def _ask(request: EnrolRequest, place: Place, clock: CentreClock) -> Enrolled:
    try:
        line = Line(place, clock)
    except (OSError, ValueError) as error:
        raise NotEnrolled(f"{place.url} cannot be spoken to: {error}") from error
    try:
        line.time()
        return line.enrol(request)
    except CentreSilent as silent:
        raise NotEnrolled(
            f"the centre at {place.url} cannot be reached ({silent}): check the address, the cable and the clock"
        ) from silent
    except Refused as no:
        raise NotEnrolled(f"{no}. A code holds for 15 minutes and works once: have a new one made") from no
    except SyncError as error:
        raise NotEnrolled(str(error)) from error
    finally:
        line.close()
