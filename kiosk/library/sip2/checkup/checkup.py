"""The examination of a library system, from the first connection to the lines of settings that fit it.

    connection -> sign-in -> status -> a patron, with a wrong PIN and the right one -> a copy -> a loan and its return
    -> the end of a visit -> letters -> what system it is like -> the settings

It changes nothing but what it was asked to try: one loan, given back at once. Findings name no patron.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace

from kiosk.circulation.model import CardNumber, ItemId
from kiosk.library.remote.system import Who
from kiosk.library.sip2.accounts import looks_like_barcode
from kiosk.library.sip2.books import item_seen, loan_said, return_said
from kiosk.library.sip2.checksums import Checksum
from kiosk.library.sip2.checkup import steps
from kiosk.library.sip2.checkup.charsets import guess
from kiosk.library.sip2.checkup.finding import Finding, failed, fits, look
from kiosk.library.sip2.checkup.likeness import Seen, likeness
from kiosk.library.sip2.checkup.proposal import proposed_lines
from kiosk.library.sip2.checkup.signing import SignedIn, examine_sign_in
from kiosk.library.sip2.checkup.talk import Heard, Talk
from kiosk.library.sip2.codes import Summary, Supported, supports
from kiosk.library.sip2.connection import Endpoint, NoAnswer, Unreachable
from kiosk.library.sip2.dates import DayOrder, day_order_of
from kiosk.library.sip2.fields import Field
from kiosk.library.sip2.layouts import LAYOUTS, Kind
from kiosk.library.sip2.message import Message
from kiosk.library.sip2.people import patron_seen
from kiosk.library.sip2.profile import load_profile
from kiosk.library.sip2.requests import Requests
from kiosk.library.sip2.signing_in import Login
from kiosk.library.sip2.texts import UnsendableValue

WITHIN = 4.0
"""Seconds each answer may take here."""
SLOW = 2.0
"""Seconds after which an answer is told of."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What may be asked about: a test card with its PIN, a copy, and whether it may be lent and taken back."""

    card: CardNumber | None = None
    pin: str | None = field(default=None, repr=False)
    item: ItemId | None = None
    lend: bool = False


class Checkup:
    """One examination. `run` gives the findings as they come; `proposal` the settings, after it."""

    def __init__(self, endpoint: Endpoint, requests: Requests, login: Login, within: float = WITHIN) -> None:
        self._endpoint = endpoint
        self._requests = requests
        self._profile = requests.profile
        self._login = login
        self._talk = Talk(endpoint, self._profile, within)
        self._signed_in = SignedIn()
        self._seen = Seen()
        self._raws: list[bytes] = []
        self._sums: set[Checksum] = set()
        self._slowest = 0.0
        self._like: str | None = None

    def run(self, asked: Asked) -> Iterator[Finding]:
        """Examine. Ends early where going on makes no sense."""
        try:
            yield from examine_sign_in(self._talk, self._requests, self._login, self._signed_in)
            if self._signed_in.talks:
                yield from self._steps(asked)
                yield from self._habits()
        finally:
            self._talk.close()

    def _steps(self, asked: Asked) -> Iterator[Finding]:
        yield from self._status()
        if asked.card is not None:
            yield from self._patron(Who(asked.card, asked.pin))
        if asked.item is not None:
            yield from self._item(asked.item)
        if asked.lend and asked.card is not None and asked.item is not None:
            yield from self._loan(Who(asked.card, asked.pin), asked.item)
        if asked.card is not None:
            yield from self._goodbye(Who(asked.card, asked.pin))

    def _ask(self, request: Message) -> Message | Finding:
        """Ask one thing; a line that breaks over it is opened anew for the next."""
        about = f"message {request.kind}"
        try:
            heard = self._talk.ask(request)
        except UnsendableValue as err:
            return failed(about, f"What was to be asked cannot be sent: {err}.")
        except NoAnswer as err:
            self._begin_again()
            return failed(about, f"No answer to it: {err}.", "Ask the library what its SIP log says of it.")
        self._note(heard)
        if heard.message.kind is not LAYOUTS[request.kind].answer:
            return failed(about, f"It answers {heard.message.kind} to it.", "Ask the library to turn this message on.")
        return heard.message

    def _begin_again(self) -> None:
        try:
            self._talk.open()
            if self._login.user and "sign_in" not in self._signed_in.learnt:
                login = self._login
                self._talk.ask(self._requests.login(login.user, login.password, login.workstation))
        except (NoAnswer, Unreachable):
            return

    def _note(self, heard: Heard) -> None:
        self._raws.append(heard.raw)
        self._seen.heard[heard.message.kind] = heard.message
        self._seen.pieces = max(self._seen.pieces, heard.pieces)
        self._sums.add(heard.received.checksum)
        self._slowest = max(self._slowest, heard.seconds)

    # --- the steps ------------------------------------------------------------------------------------

    def _status(self) -> Iterator[Finding]:
        said = self._ask(self._requests.status())
        if isinstance(said, Finding):
            yield said
            return
        yield from steps.of_status(said, self._requests.names.institution, self._requests.now())
        if not self._requests.names.institution:  # asked by its own name from now on, as a station does
            names = replace(self._requests.names, institution=said.text(Field.INSTITUTION))
            self._requests = replace(self._requests, names=names)

    def _offers(self, function: Supported) -> bool:
        status = self._seen.heard.get(Kind.ACS_STATUS)
        return status is None or supports(status.first(Field.SUPPORTED), function)

    def _patron(self, who: Who) -> Iterator[Finding]:
        if who.pin is not None:  # the wrong one first: the right one after it sets a counter of tries back
            wrong = Who(who.card, "0" * 8 if who.pin != "0" * 8 else "1" * 8)
            said = yield from self._patron_said(wrong)
            if not isinstance(said, Finding):
                yield from steps.of_wrong_pin(patron_seen(said, wrong, self._profile, self._requests.now().date()))
        said = yield from self._patron_said(who)
        if isinstance(said, Finding):
            yield said
            return
        yield from steps.of_patron(said, patron_seen(said, who, self._profile, self._requests.now().date()))
        lines = [line.strip() for line in said.every(Field.CHARGED_ITEM)]
        if lines:
            named = all(map(looks_like_barcode, lines))
            self._signed_in.learnt["lists"] = "barcodes" if named else "titles"

    def _patron_said(self, who: Who) -> Generator[Finding, None, Message | Finding]:
        """Ask about a patron. A system that does not understand may mind an empty field, or miss one: that is tried."""
        said = self._ask(self._requests.patron(who, Summary.CHARGED))
        for terminal, pin in _EMPTY_FIELDS if isinstance(said, Finding) else ():
            keys = {"empty_terminal_password": terminal, "empty_pin": pin}
            profile = replace(self._profile, empty_terminal_password=terminal, empty_pin=pin)
            requests = replace(self._requests, profile=profile)
            again = self._ask(requests.patron(who, Summary.CHARGED))
            if not isinstance(again, Finding):
                told = {key: value for key, value in keys.items() if getattr(self._profile, key) is not value}
                self._requests, self._profile = requests, profile
                self._signed_in.learnt |= told
                lines = ", ".join(f"{key} = {str(value).lower()}" for key, value in told.items())
                yield look("empty fields", "It minds a field that is empty, or misses one.", lines)
                return again
        return said

    def _item(self, item: ItemId) -> Iterator[Finding]:
        said = self._ask(self._requests.item(item))
        if isinstance(said, Finding):
            yield said
            return
        seen = item_seen(said, item, self._profile, self._requests.zone)
        yield from steps.of_item(seen)
        yield from self._due(said.text(Field.DUE))

    def _loan(self, who: Who, item: ItemId) -> Iterator[Finding]:
        said = self._ask(self._requests.checkout(who, item))
        if isinstance(said, Finding):
            yield said
            yield look("loan", "Whether the copy was lent is not known.", "Look in the library's own system.")
            return
        lent = loan_said(said, item, self._profile, self._requests.zone)
        yield from steps.of_loan(lent, said["desensitize"].upper())
        if lent.lent and not lent.due_text:
            yield look(
                "due dates", "It does not say when the copy is due (AH): the screen shows the branch's own term."
            )
        yield from self._due(lent.due_text)
        if said["desensitize"].upper() == "U" and lent.lent:
            self._signed_in.learnt["unsure_unlocks"] = True
        if lent.lent:
            yield from self._listed(who, item)
        if lent.lent and not lent.renewed:
            yield from self._give_back(item)

    def _due(self, text: str) -> Iterator[Finding]:
        yield from steps.of_due(text, self._profile.day_order)
        if (order := day_order_of(text)) is not DayOrder.UNKNOWN:
            self._signed_in.learnt["day_order"] = order.value

    def _listed(self, who: Who, item: ItemId) -> Iterator[Finding]:
        """See whether a loan just made stands in the account: after a lost answer that is what tells."""
        said = self._ask(self._requests.patron(who, Summary.CHARGED))
        if isinstance(said, Finding):
            yield said
        elif item in (line.strip() for line in said.every(Field.CHARGED_ITEM)):
            self._signed_in.learnt["lists"] = "barcodes"
            yield fits("lists", "A loan just made stands in the account by its barcode.")
        else:
            self._signed_in.learnt["lists"] = "titles"
            words = "A loan just made does not stand in the account by its barcode: it is looked for copy by copy."
            yield look("lists", words, 'lists = "titles", unless the library can have barcodes listed')

    def _give_back(self, item: ItemId) -> Iterator[Finding]:
        said = self._ask(self._requests.checkin(item, self._requests.now(), cancels=False))
        if isinstance(said, Finding):
            yield said
            yield look("return", "Whether the copy was taken back is not known.", "Look in the library's own system.")
            return
        back = return_said(said, item, self._profile, self._requests.names.location)
        if back.taken:
            yield fits("return", "It took the copy back.")
            yield from steps.of_way_home(said)
        else:
            yield failed("return", f"It did not take the copy back: {' / '.join(back.said) or 'it does not say why'}.")

    def _goodbye(self, who: Who) -> Iterator[Finding]:
        if not self._offers(Supported.END_SESSION):
            return
        if isinstance(self._ask(self._requests.end_session(who)), Finding):
            self._signed_in.learnt["ends_sessions"] = False
            yield look("end of a visit", "It does not bear being told of the end of a visit.", "ends_sessions = false")

    # --- what is only known at the end ----------------------------------------------------------------

    def _habits(self) -> Iterator[Finding]:
        guessed = guess(self._raws)
        self._seen.stream, self._seen.decomposed = self._talk.stream, guessed.decomposed
        yield from steps.of_letters(guessed, self._profile.encoding)
        if guessed.encoding is not None:
            self._signed_in.learnt["encoding"] = guessed.encoding
        if Checksum.CODE_POINTS in self._sums:
            yield look("checksums", "It adds up code points instead of bytes, as Koha does without an encoding: borne.")
        if Checksum.WRONG in self._sums:
            self._signed_in.learnt["error_detection"] = "off"
            yield look("checksums", "Some of its checksums are of nothing we know.", 'error_detection = "off"')
        ends = next(name for end, name in _ENDS if end in self._seen.stream)
        yield fits("ends of messages", f"Its answers end in {ends}.")
        if self._slowest > SLOW:
            yield look("speed", f"Its slowest answer took {self._slowest:.1f} s.", "Ask the library; raise answer_s.")
        self._like = likeness(self._seen)
        yield self._likeness()

    def _likeness(self) -> Finding:
        if self._like is None:
            return look(
                "profile", "It is like no system we know well; the standard is proposed.", 'profile = "generic"'
            )
        title = load_profile(self._like).title
        if title == self._profile.title:
            return fits("profile", f"It behaves like {title}, as the settings say.")
        return look("profile", f"It behaves like {title}.", f'profile = "{self._like}"')

    def proposal(self, keys: dict[str, str]) -> str | None:
        """Give the settings that fit, as TOML, with the *keys* of `[library.sip2]` given; None when it never talked."""
        status = self._seen.heard.get(Kind.ACS_STATUS)
        if status is None:
            return None
        theirs = status.text(Field.INSTITUTION)
        return proposed_lines(
            self._endpoint,
            self._like or "generic",
            {**keys, "institution": theirs or keys.get("institution", "")},
            self._signed_in.learnt,
        )


_EMPTY_FIELDS = ((False, False), (True, True), (False, True))
"""Whether AC and AD are sent empty: what is tried where the usual way is not understood."""
_ENDS = ((b"\r\n", "CR LF"), (b"\n\r", "LF CR"), (b"\r", "CR"), (b"\n", "LF"), (b"", "nothing"))
