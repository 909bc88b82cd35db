"""A library system that speaks SIP2, as the station asks it: the contract is `kiosk.library.remote.system`."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Self

from kiosk.circulation.model import BranchId, ItemId
from kiosk.library.remote.system import (
    AccountSeen,
    HoldSaid,
    ItemSeen,
    LoanSaid,
    PatronSeen,
    RenewalSaid,
    ReturnSaid,
    Services,
    SystemSilent,
    Who,
)
from kiosk.library.sip2.accounts import Accounts, looks_like_barcode
from kiosk.library.sip2.books import hold_said, item_seen, loan_said, renewal_said, return_said
from kiosk.library.sip2.client import Client
from kiosk.library.sip2.codes import Summary, Supported, supports
from kiosk.library.sip2.connection import Endpoint
from kiosk.library.sip2.fields import Field
from kiosk.library.sip2.message import Message
from kiosk.library.sip2.people import patron_seen
from kiosk.library.sip2.profile import Holds, Lists, Profile
from kiosk.library.sip2.requests import Names, Requests
from kiosk.library.sip2.side_lines import SideLines
from kiosk.library.sip2.signing_in import Login
from kiosk.library.sip2.texts import UnsendableValue

log = logging.getLogger(__name__)


class Sip2System:
    """Another library system, spoken to in SIP2. Used by one thread; threads of its own never outlive a call.

    A card or a barcode the wire cannot carry is one the system cannot know; it is not asked about it.
    """

    def __init__(self, make: Callable[[], Client], requests: Requests, today: Callable[[], date]) -> None:
        self._client = make()
        self._sides = SideLines(self._client, make, requests.profile.connections - 1)
        self._requests = requests
        self._profile = requests.profile
        self._today = today
        self._accounts = Accounts(self, requests.profile)

    @classmethod
    def at(cls, endpoint: Endpoint, profile: Profile, login: Login, names: Names, now: Callable[[], datetime]) -> Self:
        """Build one. *now* gives the time of the branch, in its zone. Nothing is opened before it is needed."""
        zone = now().tzinfo
        assert zone is not None, "the time of the branch is in its zone"
        requests = Requests(profile, names, now, zone)
        return cls(lambda: Client(endpoint, profile, login, requests), requests, lambda: now().date())

    def heed(self, beat: Callable[[], None]) -> None:
        self._client.heed(beat)

    def pulse(self) -> Services:
        self._client.begin()
        said = self._client.pulse()
        return Services(
            online=said["online"].upper() != "N",
            lends=said["checkout_ok"].upper() != "N" and self._offers(Supported.CHECKOUT),
            takes_back=said["checkin_ok"].upper() != "N" and self._offers(Supported.CHECKIN),
            renews=said["renewal_policy"].upper() != "N" and self._offers(Supported.RENEW),
            library=said.text(Field.LIBRARY),
        )

    def _offers(self, function: Supported) -> bool:
        """Say whether the system does this at all; the first version of SIP has the first six only."""
        said = self._client.greeted()
        if said["protocol_version"].startswith("1"):
            return function <= Supported.RESEND
        return supports(said.first(Field.SUPPORTED), function)

    @property
    def _write(self) -> Requests:
        """The requests, calling the library what it calls itself where the branch says nothing."""
        names = self._requests.names
        if names.institution:
            return self._requests
        theirs = self._client.greeted().text(Field.INSTITUTION)
        return replace(self._requests, names=replace(names, institution=theirs))

    def _ask(self, request: Message) -> Message:
        """Ask where what is sent has been said by the system itself. Raises: SystemSilent."""
        try:
            return self._client.ask(request)
        except UnsendableValue as err:
            raise SystemSilent(f"a request cannot be written in its character set: {err}") from err

    # --- people ---------------------------------------------------------------------------------------

    def patron(self, who: Who) -> PatronSeen:
        self._client.begin()
        try:
            said = self._client.ask(self._about(who))
        except UnsendableValue:
            return PatronSeen(who.card, known=False, pin_right=None if who.pin is None else False)
        return patron_seen(said, who, self._profile, self._today())

    def _about(self, who: Who) -> Message:
        if self._offers(Supported.PATRON_INFORMATION):
            return self._write.patron(who)
        return self._write.patron_status(who)

    def charged(self, who: Who) -> frozenset[ItemId] | None:
        self._client.begin()
        return self._accounts.charged(who) if self._offers(Supported.PATRON_INFORMATION) else None

    def account(self, who: Who) -> AccountSeen:
        """Read the account: each list and each copy of it has a patience of its own."""
        self._client.begin()
        if not self._offers(Supported.PATRON_INFORMATION):
            return AccountSeen(self.patron(who), complete=False)
        loans, said = self._accounts.loans(who)
        patron = patron_seen(said, who, self._profile, self._today())
        if not patron.known:
            return AccountSeen(patron)
        complete = patron.loans is None or len(loans) >= patron.loans
        return AccountSeen(patron, loans, self._accounts.holds(who, said), complete)

    def one_list(self, who: Who, wanted: Summary, first: int | None) -> Message:
        """Ask for a list of an account, from its line *first* on."""
        return self._ask(self._write.patron(who, wanted, first))

    def look_all(self, items: Sequence[ItemId]) -> dict[ItemId, ItemSeen]:
        """Ask about many copies, side by side where the profile allows more lines. Each has a patience of its own."""
        if not items or not self._offers(Supported.ITEM_INFORMATION):
            return {}
        answers = self._sides.ask_all([self._write.item(item) for item in items])
        zone = self._requests.zone
        return {
            item: item_seen(said, item, self._profile, zone)
            for item, said in zip(items, answers, strict=True)
            if said is not None
        }

    def begin(self) -> None:
        """Begin something with a patience of its own."""
        self._client.begin()

    def goodbye(self, who: Who) -> None:
        self._client.begin()
        if self._profile.ends_sessions and self._offers(Supported.END_SESSION):
            self._ask(self._write.end_session(who))
        self._sides.close()

    # --- books ----------------------------------------------------------------------------------------

    def item(self, item: ItemId) -> ItemSeen:
        self._client.begin()
        return self.look(item)

    def look(self, item: ItemId) -> ItemSeen:
        """Ask about a copy within what has begun."""
        if not self._offers(Supported.ITEM_INFORMATION):
            return ItemSeen(item, known=True)
        try:
            said = self._client.ask(self._write.item(item))
        except UnsendableValue:
            return ItemSeen(item, known=False, on_loan=False)
        return item_seen(said, item, self._profile, self._requests.zone)

    def lend(self, who: Who, item: ItemId) -> LoanSaid:
        self._client.begin()
        try:
            said = self._client.tell(self._write.checkout(who, item))
        except UnsendableValue:
            return LoanSaid(lent=False, item=item)
        return loan_said(said, item, self._profile, self._requests.zone)

    def take_back(self, item: ItemId, returned_at: datetime, *, cancels: bool = False) -> ReturnSaid:
        """Tell of a return. What is refused because the copy is on loan to nobody has been taken: there is no loan."""
        self._client.begin()
        try:
            said = self._client.tell(self._write.checkin(item, returned_at, cancels=cancels))
        except UnsendableValue:
            return ReturnSaid(taken=False, item=item, alert=True)
        answer = return_said(said, item, self._profile, self._requests.names.location)
        return answer if answer.taken or not self._is_in(item) else _as_taken(answer)

    def _is_in(self, item: ItemId) -> bool:
        """Say whether the system knows the copy and has it on loan to nobody; no when it does not say."""
        try:
            seen = self.look(item)
        except SystemSilent:
            return False
        return seen.known and seen.on_loan is False

    def renew(self, who: Who, item: ItemId) -> RenewalSaid:
        self._client.begin()
        if not self._offers(Supported.RENEW):
            return RenewalSaid(renewed=False, item=item)
        try:
            said = self._client.tell(self._write.renew(who, self._named(item)))
        except UnsendableValue:
            return RenewalSaid(renewed=False, item=item)
        return renewal_said(said, item, self._profile, self._requests.zone)

    def _named(self, key: str) -> tuple[str, str]:
        """Say by which field a copy or a title is named: a system that lists titles is asked by title."""
        is_copy = self._profile.lists is Lists.BARCODES or looks_like_barcode(key)
        return (Field.ITEM if is_copy else Field.TITLE, key)

    def place_hold(self, who: Who, key: str, pickup: BranchId) -> HoldSaid:
        return self._hold_wish(who, "+", key, pickup) if self._profile.holds is Holds.ALL else HoldSaid(accepted=False)

    def cancel_hold(self, who: Who, key: str) -> HoldSaid:
        return self._hold_wish(who, "-", key) if self._profile.holds is not Holds.NONE else HoldSaid(accepted=False)

    def _hold_wish(self, who: Who, mode: str, key: str, pickup: str = "") -> HoldSaid:
        self._client.begin()
        if not self._offers(Supported.HOLD):
            return HoldSaid(accepted=False)
        try:
            said = self._client.tell(self._write.hold(who, mode, self._named(key), pickup))
        except UnsendableValue:
            return HoldSaid(accepted=False)
        return hold_said(said, self._profile)

    def close(self) -> None:
        self._sides.close()
        self._client.close()


def _as_taken(answer: ReturnSaid) -> ReturnSaid:
    return replace(answer, taken=True)
