"""The requests of a station: what stands in each, by the system's manner and the library's own names."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from kiosk.circulation.model import ItemId
from kiosk.library.remote.system import Who
from kiosk.library.sip2.codes import Summary, write_summary
from kiosk.library.sip2.dates import write_date
from kiosk.library.sip2.fields import Field
from kiosk.library.sip2.layouts import Kind
from kiosk.library.sip2.message import Message, message
from kiosk.library.sip2.profile import Profile

PRINT_WIDTH = "080"
ANY_COPY = "2"
"""Hold type: any copy of the title."""

Fields = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Names:
    """What the system calls the library (AO) and the station's place (AP), and the terminal's password (AC)."""

    institution: str = ""
    location: str = ""
    terminal_password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Requests:
    """Writes every request a station makes."""

    profile: Profile
    names: Names
    now: Callable[[], datetime]
    zone: tzinfo

    def status(self, status: str = "0") -> Message:
        """Ask how the system is. *status* 2 says goodbye."""
        fixed = {"status": status, "max_print_width": PRINT_WIDTH, "protocol_version": "2.00"}
        return message(Kind.SC_STATUS, fixed)

    def login(self, user: str, password: str, workstation: str) -> Message:
        """Sign in. The location goes last and is sent empty, too: Koha cuts signs off the end of the last field."""
        fields = {Field.LOGIN_USER: user, Field.LOGIN_PASSWORD: password, Field.LOCATION: workstation}
        return message(Kind.LOGIN, {"uid_algorithm": "0", "pwd_algorithm": "0"}, fields.items())

    def patron(self, who: Who, wanted: Summary | None = None, first: int | None = None) -> Message:
        """Ask who this is, with one list of the account; *first* is the number of the first line wanted, from 1."""
        fixed = {"language": self.profile.language, "transaction_date": self._now(), "summary": write_summary(wanted)}
        lines: Fields = {} if first is None else {Field.FIRST_ITEM: str(first), Field.LAST_ITEM: "9999"}
        return message(Kind.PATRON_INFORMATION, fixed, {**self._of(who), **lines}.items())

    def patron_status(self, who: Who) -> Message:
        """Ask who this is, where nothing more is to be had. The PIN's field is required here."""
        fixed = {"language": self.profile.language, "transaction_date": self._now()}
        fields = {**self._of(who), Field.PIN: who.pin or "", **self._terminal()}
        return message(Kind.PATRON_STATUS, fixed, fields.items())

    def item(self, item: ItemId) -> Message:
        """Ask what is known of a copy."""
        fields = {**self._library(), Field.ITEM: item}
        return message(Kind.ITEM_INFORMATION, {"transaction_date": self._now()}, fields.items())

    def checkout(self, who: Who, item: ItemId) -> Message:
        """Ask for a loan: no renewal of one there is, no fee taken on."""
        now = self._now()
        fixed = {"renewal_policy": "N", "no_block": "N", "transaction_date": now, "nb_due_date": now}
        fields = {**self._of(who), **self._terminal(), Field.ITEM: item, Field.FEE_ACKNOWLEDGED: "N"}
        return message(Kind.CHECKOUT, fixed, fields.items())

    def checkin(self, item: ItemId, returned_at: datetime, *, cancels: bool) -> Message:
        """Tell of a return. The time is never blank: Koha drops the connection then, after the work is done."""
        fixed = {"no_block": "N", "transaction_date": self._now(), "return_date": self._written(returned_at)}
        fields: Fields = {
            Field.CURRENT_LOCATION: self.names.location if self.profile.sends_location else "",
            **self._library(),
            **self._terminal(),
            Field.ITEM: item,
            Field.CANCEL: "Y" if cancels else "N",
        }
        return message(Kind.CHECKIN, fixed, fields.items())

    def renew(self, who: Who, named: tuple[str, str]) -> Message:
        """Ask for a longer term, without a fee; *named* is the field and the value of what for."""
        now = self._now()
        fixed = {"third_party": "N", "no_block": "N", "transaction_date": now, "nb_due_date": now}
        fields = {**self._of(who), named[0]: named[1], Field.FEE_ACKNOWLEDGED: "N"}
        return message(Kind.RENEW, fixed, fields.items())

    def hold(self, who: Who, mode: str, named: tuple[str, str], pickup: str = "") -> Message:
        """Ask for a place in the queue (*mode* +) or give it up (-); *named* is the field and the value of what for."""
        fixed = {"hold_mode": mode, "transaction_date": self._now()}
        fields = {**self._of(who), named[0]: named[1]}
        if mode == "+":
            fields |= {Field.PICKUP: pickup or None, Field.HOLD_TYPE: ANY_COPY}
        return message(Kind.HOLD, fixed, fields.items())

    def end_session(self, who: Who) -> Message:
        """Say that the visit is over."""
        return message(Kind.END_SESSION, {"transaction_date": self._now()}, self._of(who).items())

    def _library(self) -> Fields:
        terminal = self.names.terminal_password
        return {
            Field.INSTITUTION: self.names.institution,
            Field.TERMINAL_PASSWORD: terminal if terminal or self.profile.empty_terminal_password else None,
        }

    def _terminal(self) -> Fields:
        """The terminal's password where the standard requires the field: empty as well, unless a system minds that."""
        terminal = self.names.terminal_password
        return {Field.TERMINAL_PASSWORD: terminal if terminal or self.profile.empty_terminal_password else None}

    def _of(self, who: Who) -> Fields:
        pin = who.pin if who.pin is not None or not self.profile.empty_pin else ""
        return {**self._library(), Field.PATRON: who.card, Field.PIN: pin}

    def _now(self) -> str:
        return self._written(self.now())

    def _written(self, when: datetime) -> str:
        if self.profile.utc_dates:
            return write_date(when.astimezone(UTC))
        return write_date(when.astimezone(self.zone).replace(tzinfo=None))
