"""A station's side of a simulated library system: the right profile for each manner."""

from kiosk.circulation.model import CardNumber, ItemId
from kiosk.library.remote.system import Who
from kiosk.library.sip2.connection import Endpoint
from kiosk.library.sip2.profile import load_profile
from kiosk.library.sip2.requests import Names
from kiosk.library.sip2.signing_in import Login
from kiosk.library.sip2.system import Sip2System
from kiosk.sip2_simulator.system import SimulatedSystem
from tests.library.sip2.scripted import KYIV
from tests.sip2_simulator.terminal import UUID, noon

PROFILES = {
    "standard": ("generic", {}),
    "koha": ("koha", {}),
    "evergreen": ("evergreen", {}),
    "folio": ("folio", {"encoding": "cp850"}),
    "fsip2": ("fsip2", {}),
    "sierra": ("sierra", {}),
    "polaris": ("polaris", {}),
    "symphony": ("symphony", {"day_order": "day-first"}),
    "alma": ("alma", {}),
    "invenio": ("generic", {}),
}
"""The profile of each manner, with the keys a branch has to say about this one."""
INSTITUTION = {"polaris": "3", "sierra": "sierra"}
ANNA = Who(CardNumber("P0002"), "2222")
ITEM, OTHER = ItemId("LIB000041"), ItemId("LIB000043")


def station_of(system: SimulatedSystem, manner: str, **overrides: object) -> Sip2System:
    profile, own = PROFILES[manner]
    return Sip2System.at(
        Endpoint("127.0.0.1", system.port),
        load_profile(profile, {"answer_s": 3.0, **own, **overrides}),
        Login("kiosk", "secret", UUID),
        Names(INSTITUTION.get(manner, "CPL"), "CPL"),
        lambda: noon().replace(tzinfo=KYIV),
    )
