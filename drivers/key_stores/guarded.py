"""Card keys that are opened when they are first wanted, and again after they were not to be had.

A station does not fail to start for want of keys: it says so, and cards are claims until the store opens.
"""

import logging
import time
from collections.abc import Callable

from drivers.key_stores.key_file import KeyStoreError
from kiosk.ecard.keys import CardKeys, KeyRole, KeysUnavailable, Proving
from kiosk.ecard.sun import SunFacts

logger = logging.getLogger(__name__)

AGAIN_AFTER = 5.0


class GuardedKeys:
    """Opens by *open_store*, at most every 5 s. *trouble* says why it is shut, "" when it is open or was not tried."""

    def __init__(self, open_store: Callable[[], CardKeys], clock: Callable[[], float] = time.monotonic) -> None:
        self._open_store = open_store
        self._clock = clock
        self._keys: CardKeys | None = None
        self._tried_at: float | None = None
        self.trouble = ""

    def begin(self, role: KeyRole, uid: str, challenge: bytes, /) -> Proving:
        return self.opened().begin(role, uid, challenge)

    def check_sun(self, url: str, /) -> SunFacts:
        return self.opened().check_sun(url)

    def opened(self) -> CardKeys:
        """Open the store, if it is not. Raises: KeysUnavailable."""
        now = self._clock()
        if self._keys is None and (self._tried_at is None or now - self._tried_at >= AGAIN_AFTER):
            self._tried_at = now
            try:
                self._keys, self.trouble = self._open_store(), ""
            except KeyStoreError as err:
                self.trouble = str(err)
                logger.error("card keys: %s", err)  # noqa: TRY400 - the words say it all
        if self._keys is None:
            raise KeysUnavailable(self.trouble)
        return self._keys
