"""A 3M pad that is not there: `ThreeMFirmware` on a pseudo-terminal, with the knobs of every simulated pad."""

from collections.abc import Iterable
from pathlib import Path

from drivers.tag_pads.simulated_pad import FrameObserver, SimulatedPad
from drivers.tag_pads.simulated_tags import SimulatedTag, TagField
from drivers.tag_pads.threem_firmware import PROFILES, ThreeMFirmware


class SimulatedThreeMPad(SimulatedPad[ThreeMFirmware]):
    """A Model 810 (*profile* `810`) or a Model 210 (`210`)."""

    profiles = tuple(PROFILES)

    def __init__(
        self,
        tags: Iterable[SimulatedTag] = (),
        *,
        profile: str = "810",
        realtime: int | None = None,
        link: Path | None = None,
        on_frame: FrameObserver | None = None,
    ) -> None:
        firmware = ThreeMFirmware(TagField(tags), PROFILES[profile])
        super().__init__(firmware, realtime=realtime, link=link, on_frame=on_frame)

    def fail_next_write(self, error: int) -> None:
        """Let the next write to a tag come to *error* and do nothing."""
        self.firmware.refuse_writes.append(error)
