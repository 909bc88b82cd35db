"""What can go wrong at the centre that a person, or a station, can do something about."""


class CentreUnavailable(Exception):
    """The database does not answer; the message says what it said. Ask again later: nothing was changed."""


class SchemaTooNew(Exception):
    """The database was made by a newer program; the message says what to do."""


class EnrolmentRefused(Exception):
    """A station is not let in; the message says why and what to do. `error` is the word of the complaint."""

    def __init__(self, error: str, says: str) -> None:
        super().__init__(says)
        self.error = error


class StaffError(Exception):
    """Something about the staff's accounts cannot be done; the message says what and what would do."""


class PatronError(Exception):
    """Something about a patron's data cannot be done now; the message says why and what comes first."""


class PushError(Exception):
    """Settings that no station would take; the message has a line for each thing that is wrong."""
