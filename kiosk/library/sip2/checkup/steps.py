"""What the answers of a system say about it, one step each: its status, a patron, a copy, a loan tried out."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from kiosk.library.remote.system import ItemSeen, LoanSaid, PatronSeen
from kiosk.library.sip2.accounts import looks_like_barcode
from kiosk.library.sip2.checkup.charsets import Guess
from kiosk.library.sip2.checkup.finding import Finding, failed, fits, look
from kiosk.library.sip2.codes import Supported, count_of, supports
from kiosk.library.sip2.dates import DayOrder, read_date, read_day
from kiosk.library.sip2.fields import Field
from kiosk.library.sip2.message import Message

SANE_DRIFT = timedelta(minutes=5)
_NEEDED = {
    Supported.CHECKOUT: "lend",
    Supported.CHECKIN: "take back",
    Supported.PATRON_INFORMATION: "say what a patron has",
    Supported.ITEM_INFORMATION: "say where a copy is, which is what is asked after a lost answer",
}
_WISHED = {Supported.RENEW: "renew", Supported.HOLD: "place or cancel holds", Supported.END_SESSION: "hear of an end"}


def of_status(said: Message, institution: str, now: datetime) -> Iterator[Finding]:
    """Read 98: which version, what it does, whose it is, what time it has."""
    if said["protocol_version"].startswith("1"):
        yield failed("version", "It speaks the first version of SIP only.", "Ask the library to turn SIP 2.00 on.")
    if said["online"].upper() == "N":
        yield failed("status", "It says it is off-line now.", "Ask the library; try again later.")
    for part, deed in (("checkout_ok", "lend"), ("checkin_ok", "take back")):
        if said[part].upper() == "N":
            yield failed("status", f"It says it does not {deed} for this login.", "Ask the library to allow it.")
    yield from _functions(said.first(Field.SUPPORTED))
    theirs = said.text(Field.INSTITUTION)
    if theirs and theirs != institution:
        words = f"It calls the library {theirs}" + (f", the settings say {institution}." if institution else ".")
        yield look("institution", words, f'institution = "{theirs}"')
    elif theirs:
        yield fits("institution", f"It calls the library {theirs}, as the settings do.")
    yield from _clock(said["transaction_date"], now)


def _functions(bx: str | None) -> Iterator[Finding]:
    if bx is None:
        yield look("functions", "It does not list what it can do (BX); everything is tried.")
        return
    missing = [words for function, words in _NEEDED.items() if not supports(bx, function)]
    if missing:
        yield failed("functions", f"It cannot {', '.join(missing)}.", "Ask the library to turn these messages on.")
    else:
        yield fits("functions", "It lends, takes back, says what a patron has and where a copy is.")
    wished = [words for function, words in _WISHED.items() if not supports(bx, function)]
    if wished:
        yield look("functions", f"It does not {', '.join(wished)}; the station does without.")


def _clock(written: str, now: datetime) -> Iterator[Finding]:
    theirs = read_date(written)
    if theirs is None:
        yield look("clock", "The time it sends is no date.")
        return
    drift = (theirs.astimezone(now.tzinfo) if theirs.tzinfo else theirs.replace(tzinfo=now.tzinfo)) - now
    if abs(drift) <= SANE_DRIFT:
        yield fits("clock", "Its clock and ours agree.")
    elif abs(drift + (now.utcoffset() or timedelta())) <= SANE_DRIFT:
        yield look("clock", "Its clock is in UTC.", "utc_dates = true, if it takes return times for UTC as well.")
    else:
        minutes = round(drift.total_seconds() / 60)
        yield look("clock", f"Its clock differs by {minutes} minutes from ours.", "Set both by NTP.")


def of_patron(said: Message, seen: PatronSeen) -> Iterator[Finding]:
    """Read the answer about a patron whose PIN was given."""
    if not seen.known:
        yield failed("patron", "It does not know this card.", "Give the number as the library prints it on cards.")
        return
    yield fits("patron", "It knows the card." + (f" It says: {' / '.join(seen.said)}" if seen.said else ""))
    if seen.pin_right is None:
        words = "It does not say whether a PIN is right (CQ): nobody can sign in with one."
        yield failed("PIN", words, "Ask the library to turn PIN checks on; or use cards that prove themselves.")
    elif not seen.pin_right:
        yield failed("PIN", "It says this PIN is wrong.", "Give the PIN of the test card.")
    else:
        yield fits("PIN", "It says the PIN is right.")
    if seen.blocks:
        reasons = ", ".join(reason.refusal for reason in seen.blocks)
        yield look(
            "patron", f"It lends nothing to this card: {reasons}.", "Take a card in good standing for the check."
        )
    yield from _lists(said)


def of_wrong_pin(seen: PatronSeen) -> Iterator[Finding]:
    """Read the answer to a PIN that is surely wrong."""
    if seen.pin_right is True:
        words = "It says a wrong PIN is right: anybody could sign in with any card."
        yield failed("PIN", words, "Ask the library to turn PIN checks on (Koha: allow_empty_passwords off).")
    elif seen.pin_right is False:
        yield fits("PIN", "It says of a wrong PIN that it is wrong.")


def _lists(said: Message) -> Iterator[Finding]:
    lines, count = said.every(Field.CHARGED_ITEM), count_of(said["charged_count"])
    if count and not lines:
        yield look("lists", "It counts loans and does not name them: an account shows their number only.")
    elif lines and not all(looks_like_barcode(line.strip()) for line in lines):
        words = (
            "It names loans by title, not by barcode: due dates are not shown, and a lost answer is harder to clear up."
        )
        yield look("lists", words, "Ask for barcodes (Evergreen: msg64_summary_datatype=barcode).")
    elif lines:
        yield fits("lists", "It names loans by their barcodes.")


def of_item(seen: ItemSeen) -> Iterator[Finding]:
    """Read the answer about a copy."""
    if not seen.known:
        yield failed("copy", "It does not know this barcode.", "Give the number as the tag says it.")
        return
    yield fits("copy", f"It knows the copy: {seen.title}")
    if not seen.home:
        yield look("copy", "It does not say where copies belong (AQ): a slip cannot send one home.")


def of_due(text: str, day_order: DayOrder) -> Iterator[Finding]:
    """Say whether a due date can be read."""
    if not text:
        return
    day = read_day(text, day_order)
    if day is not None:
        yield fits("due dates", f"Its due dates can be read: {text} is {day:%d.%m.%Y}.")
    elif read_day(text, DayOrder.DAY_FIRST) is not None:
        yield look("due dates", f"It writes {text}: which is the day?", 'day_order = "day-first" or "month-first"')
    else:
        yield look("due dates", f"It writes {text}, which is no date we can read: shown as it is.")


def of_way_home(said: Message) -> Iterator[Finding]:
    """Say what a return tells of where the copy goes."""
    if not said.text(Field.HOME) and not said.text(Field.DESTINATION):
        words = "A return does not say where the copy belongs (AQ) or goes (CT): copies of other branches stay here."
        yield look("return", words, "Ask the library to send AQ, and CT with CV for copies that travel.")


def of_letters(guessed: Guess, encoding: str) -> Iterator[Finding]:
    """Say which character set was heard, beside the one the settings name."""
    if guessed.lost:
        words = "It sends question marks for letters: its character set is too small for them."
        yield failed("letters", words, "Ask the library to set UTF-8 for this login.")
    elif guessed.encoding is None:
        yield look("letters", "Only plain Latin letters were heard.", "Check with a card and a copy that have others.")
    elif guessed.encoding == encoding:
        form = ", with accents as signs of their own, which is put right" if guessed.decomposed else ""
        yield fits("letters", f"Its letters are {encoding}{form}.")
    else:
        advice = f'encoding = "{guessed.encoding}"; better, ask the library for UTF-8'
        yield look("letters", f"Its letters are {guessed.encoding}, the settings say {encoding}.", advice)


def of_loan(said: LoanSaid, clears: str) -> Iterator[Finding]:
    """Read the answer to a loan that was tried."""
    if not said.lent:
        yield failed("loan", f"It did not lend the copy: {' / '.join(said.said) or 'it does not say why'}.")
        return
    yield fits("loan", "It lent the copy.")
    if said.renewed:
        yield look("loan", "The card had the copy already: it was renewed.", "Take a copy that is in.")
    if clears == "U":
        words = "It does not say whether the gate bit is to be cleared (U)."
        yield look("gate bit", words, "unsure_unlocks = true, or no loan made here leaves the building in peace.")
    elif clears != "Y":
        yield look(
            "gate bit", "It forbids clearing the gate bit of this copy.", "So it should be for copies read here only."
        )
