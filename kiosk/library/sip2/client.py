"""The line to a library system as the station keeps it: opened when it is needed, opened anew when it has ended.

    ask     a question that changes nothing: asked once more over a new line when the old one had ended
    tell    something that changes what the system knows: sent once. Without an answer nobody knows what it did:
            OutcomeUnknown, and it is for the caller to look

One socket, one thread: see docs/decisions/0076. Every call ends within PATIENCE, whatever the system does.
"""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from kiosk.library.remote.system import PATIENCE, OutcomePending, OutcomeUnknown, SystemSilent
from kiosk.library.sip2.connection import Connection, Endpoint, NoAnswer, NotSent, TooSlow, Unreachable
from kiosk.library.sip2.message import Message
from kiosk.library.sip2.profile import ErrorDetection, Profile
from kiosk.library.sip2.requests import Requests
from kiosk.library.sip2.session import Session
from kiosk.library.sip2.signing_in import Login, LoginRefused, sign_in
from kiosk.library.sip2.texts import UnsendableValue
from kiosk.wire.backoff import Backoff

log = logging.getLogger(__name__)

WITHIN = PATIENCE - 0.5
"""Seconds any one call may take in all."""
LOOKED_AT_AFTER = 20.0
"""Seconds of quiet after which the line is tried by a question before anything that matters is sent over it."""
FIRST_REST, LONGEST_REST = 0.5, 10.0
"""Seconds between two tries to connect: grows with every failure, and falls by chance, so that stations do not come at
once when a server is back."""


SHUTTING_DOWN = "2"
GOODBYE_WITHIN = 1.0
REFUSED_REST = 20.0
"""Seconds before a login that was refused is tried again: some systems lock an account that fails too often."""


class Client:
    """Asks one library system. Every call may raise SystemSilent, and UnsendableValue: then nothing was sent."""

    def __init__(
        self, endpoint: Endpoint, profile: Profile, login: Login, requests: Requests, backoff: Backoff | None = None
    ) -> None:
        self._endpoint = endpoint
        self._profile = profile
        self._login = login
        self._requests = requests
        self._session: Session | None = None
        self._backoff = backoff or Backoff(FIRST_REST, LONGEST_REST)
        self._rests_until = 0.0
        self._beat: Callable[[], None] = lambda: None
        self._until: float | None = None
        self.status: Message | None = None
        """What the system last said of itself (98)."""

    def heed(self, beat: Callable[[], None]) -> None:
        """Call *beat* after every answer."""
        self._beat = beat

    def begin(self) -> None:
        """Begin something of several requests that share the patience of one."""
        self._until = time.monotonic() + WITHIN

    def _deadline(self) -> float:
        return time.monotonic() + WITHIN if self._until is None else self._until

    def greeted(self) -> Message:
        """Give what the system says of itself; opens a line when there never was one. Raises: SystemSilent."""
        if self.status is None:
            self._open(self._deadline())
        assert self.status is not None, "a line that is open has begun with it"
        return self.status

    def ask(self, request: Message) -> Message:
        """Ask what changes nothing. Raises: SystemSilent."""
        deadline = self._deadline()
        try:
            return self._exchange(self._open(deadline), request, deadline)
        except NoAnswer as err:
            log.info("asked anew over a new line: %s", err)
        try:
            return self._exchange(self._open(deadline), request, deadline)
        except NoAnswer as err:
            raise SystemSilent(str(err)) from err

    def tell(self, request: Message) -> Message:
        """Ask for what changes something, once. Raises: SystemSilent - it was not sent; OutcomeUnknown - it was."""
        deadline = self._deadline()
        session = self._tried(deadline)
        try:
            return self._exchange(session, request, deadline, repeatable=False)
        except NotSent as err:
            log.info("the line had ended before anything was sent: %s", err)
        except NoAnswer as err:
            raise _unknown(err) from err
        try:
            return self._exchange(self._open(deadline), request, deadline, repeatable=False)
        except NotSent as err:
            raise SystemSilent(str(err)) from err
        except NoAnswer as err:
            raise _unknown(err) from err

    def pulse(self) -> Message:
        """Ask the system how it is; a line that is opened for it begins with this question. Raises: SystemSilent."""
        if self._session is None:
            self._open(self._deadline())
            return self.greeted()
        self.status = self.ask(self._requests.status())
        return self.status

    def close(self) -> None:
        """Say goodbye and let go of the line. Never raises."""
        if self._session is not None:
            with suppress(NoAnswer):
                self._session.exchange(self._requests.status(SHUTTING_DOWN), time.monotonic() + GOODBYE_WITHIN)
        self.drop()

    def drop(self) -> None:
        """Let go of the line without a word; the next request opens another. Never raises."""
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def _tried(self, deadline: float) -> Session:
        """Give the line, after a question over it when it was quiet for long: half of it may be gone unnoticed."""
        session = self._open(deadline)
        if time.monotonic() - session.heard_at < LOOKED_AT_AFTER:
            return session
        try:
            self.status = self._exchange(session, self._requests.status(), deadline)
        except NoAnswer:
            return self._open(deadline)
        return session

    def _exchange(self, session: Session, request: Message, deadline: float, *, repeatable: bool = True) -> Message:
        try:
            answer = session.exchange(request, deadline, repeatable=repeatable)
        except NoAnswer:
            self.drop()
            raise
        self._beat()
        return answer

    def _open(self, deadline: float) -> Session:
        """Give the line, opened and signed in. Raises: SystemSilent."""
        if self._session is not None:
            return self._session
        if time.monotonic() < self._rests_until:
            raise SystemSilent("it could not be reached a moment ago, and is tried again in a few seconds")
        try:
            self._session, self.status = self._signed_in(deadline)
        except NoAnswer as err:
            at_least = REFUSED_REST if isinstance(err, LoginRefused) else 0.0
            self._rests_until = time.monotonic() + self._backoff.wait(at_least)
            raise SystemSilent(str(err)) from err
        except UnsendableValue as err:
            raise SystemSilent("the station's login holds a sign the line cannot carry") from err
        self._backoff.reset()
        self._beat()
        return self._session

    def _signed_in(self, deadline: float) -> tuple[Session, Message]:
        """Connect and sign in; a system that does not bear numbers and checksums is tried once more without them."""
        try:
            return self._begun(self._profile, deadline)
        except (LoginRefused, Unreachable):
            raise
        except NoAnswer:
            if self._profile.error_detection is not ErrorDetection.AUTO:
                raise
        plain = replace(self._profile, error_detection=ErrorDetection.OFF)
        begun = self._begun(plain, deadline)
        self._profile = plain
        log.info("the library's system bears no numbers: they are left out from now on")
        return begun

    def _begun(self, profile: Profile, deadline: float) -> tuple[Session, Message]:
        connection = Connection.open(
            self._endpoint, profile.answers_end_with.octets, min(deadline, time.monotonic() + profile.connect_s)
        )
        try:
            return sign_in(connection, profile, self._login, self._requests, deadline)
        except BaseException:
            connection.close()
            raise


def _unknown(err: NoAnswer) -> OutcomeUnknown:
    return OutcomePending(str(err)) if isinstance(err, TooSlow) else OutcomeUnknown(str(err))
