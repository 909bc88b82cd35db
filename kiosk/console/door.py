"""The door of the console: one password of the technicians, kept beside the ledger, and how fast it may be guessed.

The file holds an Argon2 hash and the secret that signs the sessions; neither is a setting, so neither is in `config/`.
Nobody is asked over the network: a technician gets in when the centre is away.
"""

import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from kiosk.sync.whole_files import write_whole

SHORTEST = 6
LONGEST = 128
FREE_TRIES = 5
FIRST_WAIT, LONGEST_WAIT = 10.0, 300.0
"""Seconds nobody is let in after so many wrong tries in a row; twice as long after each further one."""


class PasswordRefused(ValueError):
    """A password nobody should have; the message says what is wanted."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a try. `wait` is how many seconds the door stays shut, 0 when it does not."""

    right: bool
    wait: float = 0.0


class Door:
    """Used by the threads of the web server. *path* is where the password lives."""

    def __init__(
        self, path: Path, clock: Callable[[], float] = time.monotonic, hasher: PasswordHasher | None = None
    ) -> None:
        self.path = path
        self._clock = clock
        self._hasher = hasher or PasswordHasher()
        self._lock = threading.Lock()  # one try at a time: guessing in parallel is no faster
        self._wrong = 0
        self._shut_until = 0.0

    @property
    def has_password(self) -> bool:
        return bool(self._read().get("password"))

    def set_password(self, password: str) -> None:
        """Keep a new password; sessions begun with the old one end. Raises: PasswordRefused; OSError."""
        if not SHORTEST <= len(password) <= LONGEST:
            raise PasswordRefused(f"a password has {SHORTEST} to {LONGEST} letters or digits")
        kept = {"password": self._hasher.hash(password), "secret": secrets.token_hex(32)}
        write_whole(self.path, json.dumps(kept).encode(), mode=0o600)

    def secret(self) -> str:
        """Say what sessions are signed with; another after every new password. Random where there is no password."""
        return self._read().get("secret") or secrets.token_hex(32)

    def knock(self, password: str) -> Verdict:
        """Try a password. A door that is shut does not even look at it."""
        with self._lock:
            now = self._clock()
            if now < self._shut_until:
                return Verdict(right=False, wait=self._shut_until - now)
            if self._matches(password[: LONGEST + 1]):
                self._wrong = 0
                return Verdict(right=True)
            self._wrong += 1
            over = self._wrong - FREE_TRIES
            wait = min(FIRST_WAIT * 2**over, LONGEST_WAIT) if over >= 0 else 0.0
            self._shut_until = self._clock() + wait
            return Verdict(right=False, wait=wait)

    def _matches(self, password: str) -> bool:
        kept = self._read().get("password", "")
        try:
            return bool(kept) and self._hasher.verify(kept, password)
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False

    def _read(self) -> dict[str, str]:
        try:
            kept = json.loads(self.path.read_bytes())
        except (OSError, ValueError):
            return {}
        return {str(name): str(value) for name, value in kept.items()} if isinstance(kept, dict) else {}
