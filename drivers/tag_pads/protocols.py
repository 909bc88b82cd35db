"""What pads speak: one row for each protocol, with its driver, its simulated pad and how it is looked for on a port.

A row names modules and imports none: a station carries the driver it uses, and no other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from pkgutil import resolve_name
from types import MappingProxyType
from typing import Any, Final

from drivers.tag_pads.pad_firmware import PadFirmware
from drivers.tag_pads.simulated_pad import SimulatedPad
from kiosk.devices import TagPad

AnySimulatedPad = SimulatedPad[PadFirmware]


@dataclass(frozen=True, slots=True)
class PadProtocol:
    """One protocol. The texts are `module:name` of the driver, its settings and its simulated pad.

    *ways* are the options `kiosk devices probe` tries beside the port, the likeliest first; *on_terminal* are those a
    simulated pad is opened with.
    """

    driver: str
    settings: str
    simulated: str
    ways: tuple[Mapping[str, Any], ...] = ({},)
    on_terminal: Mapping[str, Any] = field(default_factory=dict)

    @property
    def settings_class(self) -> Callable[..., Any]:
        """The dataclass of the driver's options."""
        found: Callable[..., Any] = resolve_name(self.settings)
        return found

    def open(self, settings: Any) -> TagPad:
        """Open the pad. Raises: DeviceLost."""
        pad: TagPad = resolve_name(self.driver)(settings)
        return pad

    @property
    def profiles(self) -> tuple[str, ...]:
        """The models the simulated pad can be, the usual one first."""
        known: tuple[str, ...] = resolve_name(self.simulated).profiles
        return known

    def simulate(self, *, link: Path | None = None, **knobs: Any) -> AnySimulatedPad:
        """Plug a simulated pad in: *knobs* as its class has them. Raises: OSError - no port can be made."""
        pad: AnySimulatedPad = resolve_name(self.simulated)(link=link, **knobs)
        return pad


PAD_PROTOCOLS: Final[Mapping[str, PadProtocol]] = MappingProxyType(
    {
        "threem": PadProtocol(
            "drivers.tag_pads.threem:ThreeMPad",
            "drivers.tag_pads.threem:ThreeMSettings",
            "drivers.tag_pads.threem_simulator:SimulatedThreeMPad",
        ),
        "elatec": PadProtocol(
            "drivers.tag_pads.elatec:ElatecPad",
            "drivers.tag_pads.elatec:ElatecSettings",
            "drivers.tag_pads.elatec_simulator:SimulatedElatecPad",
        ),
        "feig": PadProtocol(
            "drivers.tag_pads.feig:FeigPad",
            "drivers.tag_pads.feig:FeigSettings",
            "drivers.tag_pads.feig_simulator:SimulatedFeigPad",
            ways=({"parity": "E"}, {"parity": "N"}),  # the driver finds the speed by itself
            on_terminal={"parity": "N"},
        ),
    }
)
"""By the name a branch file calls the driver, in the order a port is asked: whose absence shows soonest comes first."""
