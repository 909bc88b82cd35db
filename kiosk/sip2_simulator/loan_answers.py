"""Answers about loans: 11, 29, 65, 09."""

from datetime import datetime

from kiosk.sip2_simulator.holdings import Member, Volume
from kiosk.sip2_simulator.lending import LoanWish
from kiosk.sip2_simulator.outcomes import Errand, LoanOutcome, No, ReturnOutcome
from kiosk.sip2_simulator.patron_answers import name_of, pin_refused
from kiosk.sip2_simulator.talk import HangUp, Reply, Request, Talk, filled, title_of, yes

Fields = tuple[tuple[str, str], ...]


def checkout(talk: Talk, ask: Request) -> Reply:
    """Answer 11 by 12."""
    return _loan_reply(talk, ask, _checked_out(talk, ask))


def _checked_out(talk: Talk, ask: Request) -> LoanOutcome:
    card, item, lending = ask.get("AA"), ask.get("AB"), talk.manner.lending
    if pin_refused(talk, ask):
        return LoanOutcome(talk.library.member(card), talk.library.volume(item), refusal=No.WRONG_PIN)
    if lending.cancels and ask.get("BI") == "Y":
        return talk.library.lend_again(card, item)
    by_policy = lending.renews_by_checkout == "by policy" and ask.fixed["renewal_policy"] == "Y"
    renews = lending.renews_by_checkout == "always" or by_policy
    return talk.library.checkout(LoanWish(card, item, ask.get("BO") == "Y", renews))


def renew(talk: Talk, ask: Request) -> Reply:
    """Answer 29 by 30."""
    card, item = ask.get("AA"), ask.get("AB")
    if pin_refused(talk, ask):
        outcome = LoanOutcome(talk.library.member(card), talk.library.volume(item), refusal=No.WRONG_PIN)
    else:
        outcome = talk.library.renew(card, item)
    return _loan_reply(talk, ask, outcome)


def _loan_reply(talk: Talk, ask: Request, outcome: LoanOutcome) -> Reply:
    """Word a loan or a renewal: both replies have the same shape."""
    is_loan = ask.id == "11"
    granted = outcome.refusal is None and outcome.loan is not None
    card = outcome.member.card if outcome.member else ask.get("AA")
    due = talk.due(outcome.loan.due) if granted and outcome.loan else ""
    core: Fields = (("AA", card), ("AB", ask.get("AB")), ("AJ", title_of(talk, outcome.volume)), ("AH", due))
    said: Fields = filled([("AF", _words(talk, ask, outcome))])
    media: Fields = filled([("CK", outcome.volume.media)]) if granted and outcome.volume else ()
    fee = _fee(talk, outcome.volume) if is_loan or not granted else ()
    institution = (("AO", talk.institution),)
    if is_loan:
        valid = (
            (("BL", yes(outcome.member is not None)),) if not granted and talk.manner.lending.patron_validity else ()
        )
        return Reply("12", _loan_fixed(talk, outcome, is_loan), (*institution, *core, *said, *media, *valid, *fee))
    return Reply("30", _loan_fixed(talk, outcome, is_loan), (*core, *media, *fee, *institution, *said))


def _loan_fixed(talk: Talk, outcome: LoanOutcome, is_loan: bool) -> str:
    """ok, renewal ok, magnetic media, desensitise: a refused copy says U and N, as every system does."""
    lending = talk.manner.lending
    if outcome.refusal is not None:
        return f"0NUN{talk.now()}"
    magnetic = bool(outcome.volume and outcome.volume.media in lending.magnetic_media)
    renewal = yes(outcome.renewed and lending.renewal_said)
    # a renewed copy is not at the gate: SIPServer says N to 30
    desensitise = "N" if magnetic or not is_loan else lending.desensitise
    return f"1{renewal}{'Y' if magnetic else lending.magnetic}{desensitise}{talk.now()}"


def _words(talk: Talk, ask: Request, outcome: LoanOutcome) -> str:
    manner, member = talk.manner, outcome.member
    if outcome.refusal is None:
        return manner.say("renewed") if outcome.renewed and ask.id == "11" else ""
    name = name_of(talk, member) if member else ""
    return manner.say(outcome.refusal, ask.id).replace("{name}", name)


def _fee(talk: Talk, volume: Volume | None) -> Fields:
    """Tell the rental: amount, currency, and that it is one (BT 06)."""
    if volume is None or not volume.rental:
        return ()
    return (("BV", f"{volume.rental:.2f}"), ("BH", talk.manner.fees.currency), ("BT", "06"))


def renew_all(talk: Talk, ask: Request) -> Reply:
    """Answer 65 by 66."""
    member = talk.library.member(ask.get("AA"))
    institution = ("AO", talk.institution)
    if member is None or pin_refused(talk, ask):
        words = talk.manner.say(No.PATRON_UNKNOWN if member is None else No.WRONG_PIN, "65")
        return Reply("66", f"0{'0000' * 2}{talk.now()}", (institution, *filled([("AF", words)])))
    outcomes = talk.library.renew_all(member.card)
    renewed = tuple(("BM", o.volume.item) for o in outcomes if o.volume and o.refusal is None)
    unrenewed = tuple(("BN", o.volume.item) for o in outcomes if o.volume and o.refusal is not None)
    fixed = f"1{len(renewed):04d}{len(unrenewed):04d}{talk.now()}"
    return Reply("66", fixed, (institution, *renewed, *unrenewed))


# --- returns ---


def checkin(talk: Talk, ask: Request) -> Reply:
    """Answer 09 by 10. Raises: HangUp where the named system's own errors close the line, done or not."""
    returns, item = talk.manner.returns, ask.get("AB")
    if talk.manner.lending.cancels and ask.get("BI") == "Y":
        return _undone(talk, item)
    branch = _branch(talk, ask)
    if returns.foreign_shelf_copy_closes and _foreign_shelf_copy(talk, item, branch):
        raise HangUp
    came = ask.fixed["return_date"]
    outcome = talk.library.checkin(item, branch, _moment(came))
    if outcome is None:
        alert = filled([("CV", returns.unknown_item_alert), ("AF", talk.manner.say(No.ITEM_UNKNOWN, "09"))])
        fields: Fields = (("AO", talk.institution), ("AB", item), *alert)
        return Reply("10", f"{returns.unknown_item}{talk.now()}", fields)
    if returns.blank_date_closes and not came.strip() and outcome.was_with is not None:
        raise HangUp
    return _return_reply(talk, outcome)


def _branch(talk: Talk, ask: Request) -> str:
    """Where the copy is: the place the station names if that is a branch (and is heard at all), else the login's."""
    named = ask.get("AP")
    heard = talk.manner.returns.location_is_heard and talk.library.knows_branch(named)
    return named if heard else talk.institution


def _foreign_shelf_copy(talk: Talk, item: str, branch: str) -> bool:
    seen = talk.library.seen(item)
    return seen is not None and not (seen.loan or seen.queue or seen.travels_to) and seen.volume.home != branch


def _moment(text: str) -> datetime | None:
    """Read a date of 18 characters; None for one that is none."""
    try:
        return datetime.strptime(text[:8] + text[12:18], "%Y%m%d%H%M%S")  # noqa: DTZ007 - the library's own time
    except ValueError:
        return None


def _undone(talk: Talk, item: str) -> Reply:
    volume = talk.library.volume(item)
    talk.library.undo_loan(item)
    fixed = f"{'1Y' if volume else '0N'}NN{talk.now()}"
    fields = filled([("AQ", volume.home), ("AJ", title_of(talk, volume))]) if volume else ()
    return Reply("10", fixed, (("AO", talk.institution), ("AB", item), *fields))


def _return_reply(talk: Talk, outcome: ReturnOutcome) -> Reply:
    returns, volume = talk.manner.returns, outcome.volume
    shelf_copy = outcome.was_with is None
    taken = not (shelf_copy and returns.not_on_loan_is_refused)
    alert = returns.alerts and (outcome.errand is not None or (shelf_copy and returns.alert_when_not_on_loan))
    fields: Fields = (
        ("AO", talk.institution),
        ("AB", volume.item),
        *filled(
            [("AQ", volume.home), ("AJ", title_of(talk, volume)), ("AA", outcome.was_with or ""), ("CK", volume.media)]
        ),
        *filled([("CR", volume.collection), ("CS", volume.shelf)]),
        *(_errand(talk, outcome) if returns.alerts else ()),
        *filled([("AF", "" if taken else talk.manner.say(No.NOT_ON_LOAN, "09"))]),
    )
    return Reply("10", f"{int(taken)}YN{yes(alert)}{talk.now()}", fields)


def _errand(talk: Talk, outcome: ReturnOutcome) -> Fields:
    """Tell where it goes: CT, for whom: CY and DA, and why: CV (3M SIP2 extensions)."""
    waits: Member | None = outcome.waits
    return filled(
        [
            ("CT", outcome.destination or ""),
            ("CY", waits.card if waits else ""),
            ("DA", name_of(talk, waits) if waits else ""),
            ("CV", Errand(outcome.errand).value if outcome.errand else ""),
        ]
    )
