"""Cutting a stream into frames: those that say how long they are and end with a check, and lines of text."""

from collections.abc import Callable


class FrameSplitter:
    """Cuts what a port delivers into frames, however it was chopped.

    *announced* says how long the frame beginning here claims to be: None while unknown, 0 when no frame begins like
    this. *whole* says whether bytes are exactly one frame with a right check.

    A frame is taken where it begins. Noise is skipped only once the line has been silent (`pause`): then a
    frame is what ends exactly where the bytes end. So the memory of a tag, which anybody may write, can
    never pass for a reply.
    """

    def __init__(self, announced: Callable[[bytes], int | None], whole: Callable[[bytes], bool]) -> None:
        self._announced = announced
        self._whole = whole
        self._pending = b""

    @property
    def pending(self) -> int:
        """How many bytes wait for the rest of their frame."""
        return len(self._pending)

    def feed(self, chunk: bytes) -> list[bytes]:
        """Take the next bytes; return the frames that became whole."""
        self._pending += chunk
        frames = []
        while (length := self._announced(self._pending)) and self._whole(self._pending[:length]):
            frames.append(self._pending[:length])
            self._pending = self._pending[length:]
        return frames

    def pause(self) -> list[bytes]:
        """The line fell silent: return the frame the noise hid, if there is one. Half a frame is kept."""
        for start in range(1, len(self._pending)):
            if self._whole(self._pending[start:]):
                frame, self._pending = self._pending[start:], b""
                return [frame]
        return []

    def forget(self) -> None:
        """Drop what waits: its other half will not come."""
        self._pending = b""


class LineSplitter:
    """Cuts what a port delivers into lines that end with a carriage return; a line feed after it counts for nothing."""

    def __init__(self) -> None:
        self._pending = b""

    @property
    def pending(self) -> int:
        """How many bytes wait for the end of their line."""
        return len(self._pending)

    def feed(self, chunk: bytes) -> list[bytes]:
        """Take the next bytes; return the lines that became whole, each with its carriage return."""
        *whole, self._pending = (self._pending + chunk).replace(b"\n", b"").split(b"\r")
        return [line + b"\r" for line in whole]

    def pause(self) -> list[bytes]:
        """A line ends where it says, not where the port falls silent."""
        return []

    def forget(self) -> None:
        """Drop the half line that waits."""
        self._pending = b""
