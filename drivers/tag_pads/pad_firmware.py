"""What a simulated pad needs of a protocol: the firmware that answers."""

from typing import Protocol

from drivers.tag_pads.pad_line import Splitter
from drivers.tag_pads.simulated_tags import TagField


class PadFirmware(Protocol):
    """What tells one simulated pad from another. No port, no thread, no clock."""

    name: str
    bits_per_byte: int
    half_kept: float
    """Seconds half a request is kept: longer than a real pad does, for a host whose process was put aside."""
    deaf_while_busy: bool
    """Whether it throws away what arrives before its reply goes out; else that waits its turn."""

    @property
    def tags(self) -> TagField: ...

    @property
    def gap(self) -> float:
        """Seconds of silence the pad wants after its reply."""
        ...

    def splitter(self) -> Splitter:
        """Cut what arrives into requests."""
        ...

    def restart(self) -> None:
        """Start as after power was lost; the field drops."""
        ...

    def patience(self, frame: bytes) -> float:
        """Seconds this request lets the pad wait for a tag to come; 0 for one that does not wait."""
        ...

    def writes_gate(self, frame: bytes) -> bool:
        """Say whether this request writes AFI or EAS: what a gate looks at."""
        ...

    def look_ms(self) -> float:
        """Milliseconds one look at an empty field takes."""
        ...

    def respond(self, frame: bytes) -> tuple[bytes, float] | None:
        """Do one request; return the reply's bytes and the milliseconds the air took, or None for silence."""
        ...
