"""The body of a request as a simulated pad reads it: eaten from the front, byte by byte."""

from dataclasses import dataclass


class ShortBodyError(Exception):
    """The body ends too early."""


@dataclass(slots=True)
class RequestBody:
    """What is left of a request body."""

    rest: bytes

    def take(self, count: int = 1) -> bytes:
        """Eat *count* bytes. Raises: ShortBodyError."""
        if len(self.rest) < count:
            raise ShortBodyError
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def byte(self) -> int:
        return self.take()[0]

    def number(self, size: int, order: str = "big") -> int:
        """Eat a number of *size* bytes; *order* is `big` or `little`."""
        return int.from_bytes(self.take(size), "little" if order == "little" else "big")
