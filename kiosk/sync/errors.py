"""The few ways the centre may fail a station, told apart by what the station should do.

CentreSilent     no answer, or one that is no centre's: try again later
Refused          it knows us no more, or never did: stop asking, say so, a person must act
Poisoned         it fails on what was sent: send less of it, in the end set one event aside
Unproven         a card failed to prove itself: refuse it
CursorGone       it does not know where we stand: take a snapshot
SeenTwice        it has another event under the same number: a copy of this station may be at work
"""


class SyncError(Exception):
    """Anything between station and centre; the message says what was wrong."""


class CentreSilent(SyncError):
    """No answer, or none of a centre. *after* is how many seconds it asked to be left alone.

    *reached* is True where something answered in the centre's words: the network is not what fails.
    """

    def __init__(self, message: str, after: float = 0.0, *, reached: bool = False) -> None:
        super().__init__(message)
        self.after = after
        self.reached = reached


class Refused(SyncError):
    """The centre does not accept this station. `error` is its word for why."""

    def __init__(self, message: str, error: str) -> None:
        super().__init__(message)
        self.error = error


class Poisoned(SyncError):
    """The centre fails on what it was sent."""


class Unproven(SyncError):
    """A card failed to prove itself, or a SUN message is not one of our cards'."""


class CursorGone(SyncError):
    """The centre no longer knows, or never knew, the cursor."""


class SeenTwice(SyncError):
    """The centre has another event under the same number."""
