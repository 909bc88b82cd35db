"""A FEIG pad that is not there: `FeigFirmware` on a pseudo-terminal, with the knobs of every simulated pad."""

from collections.abc import Iterable
from pathlib import Path

from drivers.tag_pads.feig_firmware import FeigFirmware
from drivers.tag_pads.feig_memory import PROFILES, Outcome
from drivers.tag_pads.simulated_pad import FrameObserver, SimulatedPad
from drivers.tag_pads.simulated_tags import SimulatedTag, TagField


class SimulatedFeigPad(SimulatedPad[FeigFirmware]):
    """An ID ISC.MR102 (*profile* `mr102`) or an ID CPR40 (`cpr`) in factory setting."""

    profiles = tuple(PROFILES)

    def __init__(
        self,
        tags: Iterable[SimulatedTag] = (),
        *,
        profile: str = "mr102",
        realtime: int | None = None,
        link: Path | None = None,
        on_frame: FrameObserver | None = None,
    ) -> None:
        firmware = FeigFirmware(PROFILES[profile], TagField(tags))
        super().__init__(firmware, realtime=realtime, link=link, on_frame=on_frame)

    def fail_next_write(self, status: int, body: bytes = b"") -> None:
        """Let the next write to a tag come to *status* and do nothing."""
        self.firmware.commands.refuse_writes.append(Outcome(status, body))
