"""The gate bit: which AFI and EAS mean that the exit gate alarms, by the habit of the house.

Says what to write and how to read what was read back. Writes nothing itself.
Source of the values: ISO 28560 and biblstandard.dk (07, C2); the others are published with houses' own code.
"""

from dataclasses import dataclass
from enum import StrEnum


class Gate(StrEnum):
    ARMED = "armed"  # in the library: the gate alarms
    CLEARED = "cleared"  # on loan: the gate is silent
    UNCLEAR = "unclear"  # neither, or half and half, or the pad could not tell


@dataclass(frozen=True, slots=True)
class GateWrite:
    """What a tag must hold for a wanted state; None: leave it alone."""

    afi: int | None
    eas: bool | None


@dataclass(frozen=True, slots=True)
class GateProfile:
    """How a house marks its tags: by two AFI values, by EAS (on is armed), by both, or not at all."""

    name: str
    armed_afi: int | None
    cleared_afi: int | None
    eas: bool

    @property
    def marks(self) -> bool:
        """Whether this house marks tags at all; where not, nothing is written or read back."""
        return self.eas or self.armed_afi is not None

    def write_for(self, *, armed: bool) -> GateWrite:
        """Say what to write on a tag that shall be *armed*, or shall not."""
        return GateWrite(self.armed_afi if armed else self.cleared_afi, armed if self.eas else None)


_PROFILES = (
    GateProfile("iso28560", 0x07, 0xC2, eas=False),
    GateProfile("iso28560+eas", 0x07, 0xC2, eas=True),
    GateProfile("thwildau-9e", 0x9E, 0x9D, eas=False),
    GateProfile("thwildau-92", 0x92, 0x91, eas=False),
    GateProfile("hsu-hamburg", 0x07, 0x21, eas=False),
    GateProfile("3m501", 0xDA, 0xD7, eas=False),
    GateProfile("eas-only", None, None, eas=True),
    GateProfile("none", None, None, eas=False),
)
GATE_PROFILES = {profile.name: profile for profile in _PROFILES}
DEFAULT_PROFILE = GATE_PROFILES["iso28560"]


def reads_as(profile: GateProfile, afi: int | None, eas: bool | None) -> Gate:
    """Say what a reading means in this house: every mark must agree, one unread mark is unclear."""
    signs = set()
    if profile.armed_afi is not None:
        signs.add({profile.armed_afi: Gate.ARMED, profile.cleared_afi: Gate.CLEARED}.get(afi, Gate.UNCLEAR))
    if profile.eas:
        signs.add({True: Gate.ARMED, False: Gate.CLEARED, None: Gate.UNCLEAR}[eas])
    return signs.pop() if len(signs) == 1 else Gate.UNCLEAR
