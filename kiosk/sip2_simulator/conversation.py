"""One connection to the simulated library, without the socket: lines in, bytes out, and when to hang up.

Error detection follows the message that came: with AY the reply has AY and AZ, without it has none (3M rev. 2.12,
"Error detection"; Koha's C4/SIP/Sip/MsgType.pm does the same, and what it does with 97 is its own).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from kiosk.library.sip2.checksums import Checksum
from kiosk.library.sip2.codec import BadMessage, Dialect, Received, decode
from kiosk.library.sip2.layouts import LAYOUTS
from kiosk.sip2_simulator import item_answers, loan_answers, patron_answers
from kiosk.sip2_simulator.faults import Fault, Rule
from kiosk.sip2_simulator.library import SimulatedLibrary
from kiosk.sip2_simulator.manner import Manner, OnTrouble
from kiosk.sip2_simulator.talk import HangUp, Reply, Request, Talk, heard, yes
from kiosk.sip2_simulator.voice import RESEND, RESEND_CHECKED, body_of, with_trailer

ANSWERS: Mapping[str, Callable[[Talk, Request], Reply]] = {
    "23": patron_answers.patron_status,
    "63": patron_answers.patron_information,
    "35": patron_answers.end_session,
    "01": patron_answers.block_patron,
    "25": patron_answers.enable_patron,
    "11": loan_answers.checkout,
    "29": loan_answers.renew,
    "65": loan_answers.renew_all,
    "09": loan_answers.checkin,
    "17": item_answers.item_information,
    "19": item_answers.item_status_update,
    "15": item_answers.hold,
    "37": item_answers.fee_paid,
}
_TRAILER = re.compile(rb"AY[0-9]AZ[0-9A-Fa-f]{4}$")
_CHECKED_97 = b"97AZFEF5"
PLAIN_TEXT = b"Problems handling the request: it is not supported here"


@dataclass(frozen=True, slots=True)
class Account:
    """A login of a station, and the manner this library speaks to it."""

    manner: Manner
    password: str | None = field(default=None, repr=False)  # None: any


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back, terminator included, and whether the line is closed after it. No bytes: no reply."""

    raw: bytes = b""
    hang_up: bool = False


class Conversation:
    """What has been agreed on one line."""

    def __init__(
        self,
        library: SimulatedLibrary,
        manner: Manner,
        accounts: Mapping[str, Account],
        offline: Callable[[], bool] = lambda: False,
    ) -> None:
        """Speak in *manner* until a login names one of *accounts*; with no accounts every login is welcome."""
        self._offline = offline
        self._talk = Talk(library, manner)
        self._accounts = accounts
        self._logged_in = manner.session.login == "not needed"
        self._failures = 0
        self._sequence: int | None = None
        self._checked = False
        self._last = b""  # the last reply as sent, without its terminator
        self._last_request = b""
        self._rest = b""
        self._hidden: frozenset[str] = frozenset()
        self._prompt = "login" if manner.session.telnet else ""
        self._telnet_user = ""

    @property
    def manner(self) -> Manner:
        return self._talk.manner

    def greeting(self) -> bytes:
        """Return what the system says before it is asked anything."""
        return b"login: " if self._prompt else b""

    def lines(self, chunk: bytes) -> list[bytes]:
        """Collect bytes and give the lines that are whole now. An empty one is given where it means something."""
        *whole, self._rest = (self._rest + chunk).split(b"\r")
        lines = (piece.strip(b"\n\0") for piece in whole)
        return [line for line in lines if line.strip() or self.manner.session.empty_line == "close"]

    def answer(self, line: bytes, rule: Rule | None = None) -> Answer:
        """Answer one line, its terminator taken off. *rule* is what goes wrong with it inside the system."""
        if self._prompt:
            return self._telnet(line)
        match rule.fault if rule else None:
            case Fault.RESEND:
                return self._plain(RESEND_CHECKED if _TRAILER.search(line) else RESEND)
            case Fault.TEXT:
                return self._plain(PLAIN_TEXT)
            case Fault.LOGIN_REFUSED:
                return self._login_refused(line)
            case Fault.MISSING if rule:
                self._hidden = frozenset(rule.value.split(","))
        try:
            return self._answer(line)
        except HangUp:
            return Answer(hang_up=True)
        finally:
            self._hidden = frozenset()

    def _login_refused(self, line: bytes) -> Answer:
        received = self._received(line)
        return received if isinstance(received, Answer) else self._sent(Reply("94", "0"))

    def _answer(self, line: bytes) -> Answer:
        session = self.manner.session
        if self.manner.wire.last_field_is_stripped and not _TRAILER.search(line):
            line = re.sub(rb"^\s*[^A-z0-9]+|[^A-z0-9]+$", b"", line)
        if not line:
            return Answer(hang_up=True)
        kind = line[:2].decode("latin-1")
        if not self._logged_in and kind != "93" and not (kind == "99" and session.status_before_login):
            return Answer(hang_up=True)
        if kind == "97":
            return self._resent(line)
        if kind not in LAYOUTS or (kind not in ANSWERS and kind not in {"93", "99"}):
            return self._trouble(session.unknown_message)
        received = self._received(line)
        if isinstance(received, Answer):
            return received
        if kind in session.unsupported:
            return self._trouble(session.on_unsupported)
        ask = _request(self._talk, received)
        return self._plain(self._again) if self._finds_fault(ask) else self._sent(self._reply(ask))

    def _finds_fault(self, ask: Request) -> bool:
        """Tell whether this system wants a request otherwise: some refuse empty fields, others insist on them."""
        session = self.manner.session
        if "AA" not in ask.fields:
            return False
        return not session.required_fields <= ask.fields.keys() or (
            session.refuses_empty_fields and "" in ask.fields.values()
        )

    def _received(self, line: bytes) -> Received | Answer:
        """Read a message and look at its trailer, or say what is answered instead."""
        session, layout = self.manner.session, LAYOUTS[line[:2].decode("latin-1")]
        charset = "utf-8" if self.manner.wire.hears_bytes else self.manner.wire.charset
        try:
            received = decode(line.ljust(layout.fixed_length), Dialect(encoding=charset))
        except BadMessage:
            return self._trouble(session.unknown_message)
        if received.sequence is None:
            self._checked, self._sequence = False, None
            return self._plain(RESEND_CHECKED) if session.error_detection == "always" else received
        if received.checksum is Checksum.WRONG:
            return self._plain(RESEND_CHECKED)
        repeated, before = line == self._last_request, self._sequence
        self._checked, self._sequence, self._last_request = True, received.sequence, line
        if session.repeat == "refused" and before is not None and received.sequence != (before + 1) % 10:
            return self._plain(RESEND_CHECKED)
        if session.repeat == "answered again" and repeated and self._last:
            return Answer(self._last + self._terminator)
        return received

    def _reply(self, ask: Request) -> Reply:
        if ask.id == "93":
            return self._login(ask)
        if ask.id == "99":
            return self._status(ask)
        return ANSWERS[ask.id](self._talk, ask)

    # --- what is said about the line itself ---

    def _login(self, ask: Request) -> Reply:
        account = self._account(ask.get("CN"), ask.get("CO"))
        plain = set(ask.fixed.values()) == {"0"}  # uid and pwd algorithm: 0 is none
        if account is None or not plain or not self._location_fits(ask.get("CP")):
            self._failures += 1
            return Reply("94", "0")
        self._talk.manner = account.manner
        self._logged_in = True
        return Reply("94", "1")

    def _account(self, user: str, password: str) -> Account | None:
        if not self._accounts:
            return Account(self.manner)
        account = self._accounts.get(user)
        return account if account is not None and account.password in {None, password} else None

    def _location_fits(self, location: str) -> bool:
        if not self.manner.session.location_must_be_uuid:
            return True
        try:
            UUID(location)
        except ValueError:
            return False
        return True

    def _status(self, ask: Request) -> Reply:
        status = self.manner.status
        self._talk.version = "1.00" if ask.fixed["protocol_version"].startswith("1") else "2.00"
        flags = (status.checkin, status.checkout, status.renewal_policy, status.status_update, status.off_line)
        fixed = (
            f"{yes(not self._offline())}{''.join(map(yes, flags))}{status.timeout}{status.retries}"
            f"{self._talk.now()}{self._talk.version}"
        )
        supported = status.supported if self._talk.version == "2.00" else ""
        told = (("AO", status.institution), ("AM", status.library), ("BX", supported))
        return Reply("98", fixed, tuple((code, value) for code, value in told if value or code == "AO"))

    def _telnet(self, line: bytes) -> Answer:
        """Ask for login and password in plain lines, as Koha's telnet port does."""
        word = line.decode("utf-8", "replace").strip()
        if self._prompt == "login":
            self._telnet_user, self._prompt = word, "password"
            return Answer(b"password: ")
        account = self._account(self._telnet_user, word)
        if account is None:
            return Answer(b"Invalid login\r\n", hang_up=True)
        self._talk.manner, self._logged_in, self._prompt = account.manner, True, ""
        return Answer(b"Login OK.  Initiating SIP\r\n")

    # --- the last word on bytes ---

    @property
    def _terminator(self) -> bytes:
        return self.manner.wire.terminator.encode("ascii")

    @property
    def _again(self) -> bytes:
        return RESEND_CHECKED if self._checked else RESEND

    def _sent(self, reply: Reply) -> Answer:
        shown = replace(reply, fields=tuple(pair for pair in reply.fields if pair[0] not in self._hidden))
        self._last = body_of(shown, self.manner.wire)
        if self._checked:
            self._last = with_trailer(self._last, self._sequence, self.manner.wire)
        give_up = reply.id == "94" and self._failures >= self.manner.session.failed_logins
        return Answer(self._last + self._terminator, hang_up=give_up)

    def _plain(self, raw: bytes) -> Answer:
        """Send a 96 or a line of text: it ends in CR whatever the terminator is."""
        self._last = raw
        return Answer(raw + b"\r")

    def _resent(self, line: bytes) -> Answer:
        """Say the last reply again, without its sequence number (3M rev. 2.12, message 97)."""
        was_numbered = _TRAILER.search(self._last)
        self._checked = line == _CHECKED_97
        if not self._last:
            return self._plain(RESEND)
        if not was_numbered:
            return Answer(self._last + (b"\r" if self.manner.session.resend == "koha" else self._terminator))
        self._last = self._last[: was_numbered.start()]
        if self._checked:
            sequence = 0 if self.manner.session.resend == "koha" else None
            self._last = with_trailer(self._last, sequence, self.manner.wire)
        return Answer(self._last + self._terminator)

    def _trouble(self, way: OnTrouble) -> Answer:
        """Answer what this system does not understand or do."""
        match way:
            case "close":
                return Answer(hang_up=True)
            case "ignore":
                return Answer()
            case "text":
                return self._plain(PLAIN_TEXT)
            case "96":
                return self._plain(self._again)


def _request(talk: Talk, received: Received) -> Request:
    message = received.message
    fields: dict[str, str] = {}
    for code, value in message.fields:
        fields.setdefault(code, heard(talk, value))
    return Request(message.kind, dict(message.fixed), fields)
