"""What the set-up assistant works with: ports probed, settings chosen, the station enrolled."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from kiosk.bootstrap.console_door import beside_ledger
from kiosk.bootstrap.syncing import Beside, key_path
from kiosk.console.acceptance import SetUps
from kiosk.settings import Settings
from web_ui.console.setup_pages import Centre, FoundDevice, SetUpWorks


@dataclass(frozen=True, slots=True)
class Reach:
    """What the console may do beyond its station. `hint` is what the door tells everybody: then this is a demo.

    `choose` begins a trial of settings, where they can be chosen here.
    """

    start_anew: Callable[[], None]
    online: Callable[[], bool]
    choose: Callable[[Mapping[str, Any]], None] | None = None
    hint: str = ""


def hears_centre(sync: Beside | None) -> bool:
    """Whether the centre answered the station's sync last."""
    from kiosk.sync.station_sync import StationSync  # noqa: PLC0415 - a start without it is quicker

    return isinstance(sync, StationSync) and sync.weather.now().online


def set_up_works_of(settings: Settings, reach: Reach) -> SetUpWorks:
    return SetUpWorks(
        setups=SetUps(beside_ledger(settings, "setup.json")),
        place=_place(settings),
        ports=_ports,
        card_readers=_card_readers,
        probe=_probe,
        choose=reach.choose,
        centre=lambda: _centre(settings, reach),
        enrol=lambda code, url: _enrol(settings, reach, code, url),
    )


def _place(settings: Settings) -> Mapping[str, str]:
    try:
        software = version("littera-kiosk")
    except PackageNotFoundError:
        software = ""
    told = {
        "branch": settings.branch.name,
        "station": settings.station.name,
        "address": settings.branch.address,
        "version": software,
    }
    return {name: value for name, value in told.items() if value}


def _card_readers() -> tuple[str, ...]:
    """Name the card readers there are. Raises: DeviceLost."""
    from drivers.discovery import find_card_readers  # noqa: PLC0415 - every driver, only when somebody asks

    return find_card_readers()


def _ports() -> tuple[str, ...]:
    from drivers.discovery import find_ports  # noqa: PLC0415 - likewise

    return tuple(" ".join(filter(None, (one.path, *one.names, one.description))) for one in find_ports())


def _probe(port: str) -> FoundDevice | None:
    """Ask who is on *port*. Raises: DeviceLost - it cannot be opened, for instance because the station has it open."""
    from drivers.discovery import probe  # noqa: PLC0415 - likewise

    found = probe(port)
    if found is None:
        return None
    change = {found.section: {"driver": found.driver, found.driver: found.options}}
    return FoundDevice(found.section, port, f"{found.facts.model} {found.facts.firmware}".strip(), change)


def _centre(settings: Settings, reach: Reach) -> Centre:
    from kiosk.sync.key import KeyTrouble, enrolled  # noqa: PLC0415 - only when somebody asks

    try:
        known = enrolled(key_path(settings))
    except KeyTrouble:
        known = None
    return Centre() if known is None else Centre(known[1].station, known[1].url, reach.online())


def _enrol(settings: Settings, reach: Reach, code: str, url: str) -> str:
    """Enrol the station and start it anew, so that its sync begins. Raises: NotEnrolled; KeyTrouble; LineTrouble."""
    from kiosk.sync.enrolling import Applicant, enrol  # noqa: PLC0415 - likewise
    from kiosk.sync.line import Place  # noqa: PLC0415 - likewise

    applicant = Applicant(settings.branch.id, settings.station.lends, key_path(settings))
    done = enrol(applicant, code, Place(url, settings.sync.ca_file))
    reach.start_anew()
    return done.identity.station
