"""Answers about copies, queues and money: 17, 19, 15, 37."""

import re
from decimal import Decimal, InvalidOperation

from kiosk.sip2_simulator.holdings import Condition
from kiosk.sip2_simulator.outcomes import HoldOutcome, No, Seen
from kiosk.sip2_simulator.patron_answers import pin_refused
from kiosk.sip2_simulator.queueing import HoldWish
from kiosk.sip2_simulator.talk import HangUp, Reply, Request, Talk, filled, title_of, yes

UNKNOWN_ITEM = "010101"


def item_information(talk: Talk, ask: Request) -> Reply:
    """Answer 17 by 18."""
    item = ask.get("AB")
    seen = talk.library.seen(item)
    if seen is None:
        return Reply("18", f"{UNKNOWN_ITEM}{talk.now()}", (("AB", item), ("AJ", "")))
    volume = seen.volume
    marker = talk.manner.items.security_marker
    fields = (
        ("AB", volume.item),
        ("AJ", title_of(talk, volume)),
        *filled([("CK", volume.media), ("AQ", volume.home), ("BG", volume.home)]),
        *filled([("CF", str(seen.queue) if seen.queue else "")]),
        *filled([("AH", talk.due(seen.loan.due) if seen.loan else "")]),
    )
    return Reply("18", f"{_state(talk, seen)}{marker}01{talk.now()}", fields)


def _state(talk: Talk, seen: Seen) -> str:
    """Return the circulation status; some systems know two of thirteen."""
    if talk.manner.items.states == "few":
        return "04" if seen.loan else "03"
    tests = {
        "04": seen.loan is not None,
        "12": seen.volume.condition is Condition.LOST,
        "10": seen.travels_to is not None,
        "08": seen.aside_for is not None,
        "01": seen.volume.condition in {Condition.DAMAGED, Condition.WITHDRAWN, Condition.NOT_FOR_LOAN},
    }
    return next((state for state, is_so in tests.items() if is_so), "03")


def item_status_update(talk: Talk, ask: Request) -> Reply:
    """Answer 19 by 20: the properties come back as an echo and are stored nowhere."""
    volume = talk.library.volume(ask.get("AB"))
    if talk.manner.items.update == "close" or (volume is None and talk.manner.items.unknown_closes_update):
        raise HangUp
    fields = (("AB", ask.get("AB")), ("AJ", title_of(talk, volume)), *filled([("CH", ask.get("CH"))]))
    return Reply("20", f"{int(volume is not None)}{talk.now()}", fields)


# --- holds ---


def hold(talk: Talk, ask: Request) -> Reply:
    """Answer 15 by 16. Raises: HangUp for a mode this system breaks on."""
    mode = ask.fixed["hold_mode"]
    if mode not in talk.manner.holds.modes or not mode:
        raise HangUp
    if pin_refused(talk, ask):
        return _hold_reply(talk, ask, HoldOutcome(talk.library.member(ask.get("AA")), None, No.WRONG_PIN))
    wish = HoldWish(
        ask.get("AA"), ask.get("AB"), ask.get("AJ"), ask.get("BS"), ask.get("BY"), talk.manner.holds.fees_refuse
    )
    if mode == "-":
        outcome = talk.library.cancel_hold(wish, of_titles=talk.manner.holds.cancels_titles)
    elif mode == "*":
        outcome = talk.library.change_hold(wish)
    else:
        outcome = talk.library.place_hold(wish)
    return _hold_reply(talk, ask, outcome)


def _hold_reply(talk: Talk, ask: Request, outcome: HoldOutcome) -> Reply:
    card, done = (outcome.member.card if outcome.member else ask.get("AA")), outcome.refusal is None
    about: tuple[tuple[str, str], ...] = ()
    if done and outcome.volume is not None:
        about = (*filled([("BS", ask.get("BS"))]), ("AB", outcome.volume.item), ("AJ", title_of(talk, outcome.volume)))
    place = str(outcome.position) if talk.manner.holds.says_place and outcome.position else ""
    fields = (
        ("AA", card),
        *about,
        *filled([("BR", place)]),
        ("AO", talk.institution),
        *filled([("AF", _hold_words(talk, ask, outcome))]),
    )
    available = talk.manner.holds.says_place and outcome.available
    return Reply("16", f"{int(done)}{yes(available)}{talk.now()}", fields)


def _hold_words(talk: Talk, ask: Request, outcome: HoldOutcome) -> str:
    if outcome.refusal is not None:
        return talk.manner.say(outcome.refusal, "15")
    standing = talk.library.standing(ask.get("AA"))
    owes_too_much = standing is not None and standing.balance > standing.max_fees
    return talk.manner.say(No.HOLD_FEES, "15") if owes_too_much and ask.fixed["hold_mode"] == "+" else ""


# --- payments ---


def fee_paid(talk: Talk, ask: Request) -> Reply:
    """Answer 37 by 38."""
    member, fees = talk.library.member(ask.get("AA")), talk.manner.fees
    refusal = _paid(talk, ask, too_much=not fees.too_much_is_refused)
    words = "" if refusal is None else talk.manner.say(refusal, "37")
    fields = (
        ("AO", talk.institution),
        ("AA", member.card if member else ask.get("AA")),
        *filled([("BK", ask.get("BK") if refusal is None else ""), ("AF", words)]),
    )
    return Reply("38", f"{yes(refusal is None)}{talk.now()}", fields)


def _paid(talk: Talk, ask: Request, *, too_much: bool) -> No | None:
    if pin_refused(talk, ask):
        return No.WRONG_PIN
    amount = _amount(ask.get("BV"), lenient=talk.manner.fees.takes_anything)
    if amount is None:
        return No.TOO_MUCH_PAID
    return talk.library.pay(ask.get("AA"), amount, number=ask.get("CG"), too_much=too_much)


def _amount(text: str, *, lenient: bool) -> Decimal | None:
    """Read an amount. *lenient*: as Perl does, the number it begins with, else nothing; a negative one counts."""
    if lenient:
        found = re.match(r"\s*[+-]?\d+(\.\d+)?", text)
        return Decimal(found.group().strip()) if found else Decimal(0)
    try:
        amount = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount > 0 else None
