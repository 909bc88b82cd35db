"""What passes on the wire, in plain words for a person: whole barcodes of books, the ends of card numbers, no names."""

from kiosk.library.sip2.codec import BadMessage, Dialect, decode
from kiosk.library.sip2.fields import Field
from kiosk.library.sip2.layouts import Kind
from kiosk.library.sip2.message import Message
from kiosk.sip2_simulator.faults import Rule

SHOWN = 3  # characters of a card number

_ASKED = {
    Kind.LOGIN: "login",
    Kind.SC_STATUS: "how are you",
    Kind.RESEND_ANSWER: "say that again",
    Kind.PATRON_STATUS: "who is {card}",
    Kind.PATRON_INFORMATION: "who is {card}, and what have they",
    Kind.END_SESSION: "{card} is done",
    Kind.BLOCK_PATRON: "block {card}",
    Kind.PATRON_ENABLE: "enable {card}",
    Kind.CHECKOUT: "lend {item} to {card}",
    Kind.RENEW: "renew {item} for {card}",
    Kind.RENEW_ALL: "renew all for {card}",
    Kind.CHECKIN: "{item} is back",
    Kind.ITEM_INFORMATION: "what is {item}",
    Kind.ITEM_STATUS_UPDATE: "note the properties of {item}",
    Kind.HOLD: "{card} waits for {item} ({mode})",
    Kind.FEE_PAID: "{card} paid",
}


def asked(line: bytes) -> str:
    """Say what a station asked."""
    message = _message(line)
    if message is None:
        return f"{len(line)} bytes that are no message"
    words = _ASKED.get(message.kind, message.kind.name)
    pin = " with a PIN" if message.first(Field.PIN) else ""
    cancels = ", cancelling" if message.first(Field.CANCEL) == "Y" else ""
    mode = {"+": "from now on", "-": "no longer", "*": "changed"}.get(message.fixed.get("hold_mode", ""), "?")
    card, item = masked(message.text(Field.PATRON)), message.text(Field.ITEM) or message.text(Field.TITLE) or "?"
    return f"{message.kind} {words.format(card=card, item=item, mode=mode)}{pin}{cancels}"


def answered(raw: bytes) -> str:
    """Say what the library answered; *raw* is what it said before any fault befell it."""
    if not raw:
        return "nothing"
    message = _message(raw)
    if message is None:
        return "words that are no SIP2"
    return f"{message.kind} {_said(message)}"


def told(line: bytes, raw: bytes, rule: Rule | None) -> str:
    """Say a whole exchange in one line."""
    fault = f"   !! {rule.fault}" if rule else ""
    return f"{asked(line)}  ->  {answered(raw)}{fault}"


def masked(card: str) -> str:
    """Return the end of a card number."""
    return f"…{card[-SHOWN:]}" if len(card) > SHOWN else "…"


def _said(message: Message) -> str:
    due = message.text(Field.DUE)
    match message.kind:
        case Kind.CHECKOUT_SAID | Kind.RENEW_SAID if message["ok"] == "1":
            return f"{'renewed' if message['renewal_ok'] == 'Y' else 'lent'} until {due}"
        case Kind.CHECKIN_SAID:
            goes = message.text(Field.DESTINATION)
            return f"{_yes(message['ok'] == '1')}{f', goes to {goes}' if goes else ''}{_why(message)}"
        case Kind.CHECKOUT_SAID | Kind.HOLD_SAID:
            return f"{_yes(message['ok'] == '1')}{_why(message)}"
        case Kind.PATRON_STATUS_SAID | Kind.PATRON_INFORMATION_SAID:
            pin = {"Y": ", PIN right", "N": ", PIN wrong"}.get(message.text(Field.VALID_PIN), "")
            return f"{'known' if message.text(Field.VALID_PATRON) != 'N' else 'unknown'}{pin}"
        case Kind.ITEM_INFORMATION_SAID:
            return f"state {message['circulation_status']}"
        case Kind.RENEW_ALL_SAID:
            return f"{int(message['renewed_count'])} renewed, {int(message['unrenewed_count'])} not"
        case Kind.ACS_STATUS:
            return "on-line" if message["online"] == "Y" else "off-line"
        case Kind.RESEND_REQUEST:
            return "say that again"
    return _yes(next(iter(message.fixed.values()), "") in {"1", "Y"})


def _why(message: Message) -> str:
    """Add the system's own words, where they are about a copy: those about patrons may hold a name."""
    said = message.text(Field.SCREEN)
    return f": {said}" if said else ""


def _yes(done: bool) -> str:
    return "yes" if done else "no"


def _message(raw: bytes) -> Message | None:
    try:
        return decode(raw, Dialect(encoding="utf-8")).message
    except BadMessage:
        return None
