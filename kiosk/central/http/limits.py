"""How much one station, and one address that guesses codes, may ask. Counted per copy of the centre: a rough fence."""

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from kiosk.central.http.bodies import Unacceptable


class Limits:
    """A station sends its week in a minute and no more; a code has a few tries."""

    def __init__(self, per_second: int = 100, codes_per_minute: int = 10) -> None:
        self._fence = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._requests: RateLimitItem = RateLimitItemPerSecond(per_second)
        self._codes: RateLimitItem = RateLimitItemPerMinute(codes_per_minute)

    def take(self, station: str) -> None:
        """Raise Unacceptable for a station that asks too often."""
        self._hit(self._requests, station)

    def take_code(self, address: str) -> None:
        """Raise Unacceptable for an address that tries too many codes."""
        self._hit(self._codes, f"code {address}")

    def _hit(self, limit: RateLimitItem, who: str) -> None:
        if not self._fence.hit(limit, who):
            raise Unacceptable(429, "too-often", "too many requests: wait a little")
