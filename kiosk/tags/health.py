"""How well the tag of a copy can be read and written, as counts, and when it is time for another. Pure."""

from dataclasses import astuple, dataclass, fields

OFTEN = 5
"""So many troubles are no accident any more."""
SHARE = 4
"""One trouble in so many readings is too many."""
DEAD = 2
"""A tag that could not be read at all, or whose gate bit would not obey, so many times is not waited for."""


@dataclass(frozen=True, slots=True)
class TagCounts:
    """What happened to one tag on pads, since it was first seen.

    reads          times it was read because it was laid down
    retries        further tries that took
    weak           times it left the field while it was being read or written
    unread         readings nobody could make anything of, after all tries
    gate_retries   further tries its gate bit took
    gate_failed    times its gate bit was not as ordered in the end
    """

    reads: int = 0
    retries: int = 0
    weak: int = 0
    unread: int = 0
    gate_retries: int = 0
    gate_failed: int = 0

    def __add__(self, other: "TagCounts") -> "TagCounts":
        return TagCounts(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))

    @property
    def troubles(self) -> int:
        """How often something took longer than it should, or failed."""
        return self.retries + self.weak + self.unread + self.gate_retries + self.gate_failed

    @property
    def worn(self) -> bool:
        """Whether the copy should get another tag."""
        often = self.troubles >= OFTEN and self.troubles * SHARE >= self.reads
        return often or self.unread >= DEAD or self.gate_failed >= DEAD


COUNTS = tuple(field.name for field in fields(TagCounts))
"""The names of the counts, as columns and in events."""
