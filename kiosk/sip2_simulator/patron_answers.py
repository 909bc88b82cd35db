"""Answers about patrons: 23, 63, 35, and 01 and 25, which no system carries out as the standard says."""

from decimal import Decimal

from kiosk.circulation.model import ItemId
from kiosk.sip2_simulator.holdings import Member, OpenHold
from kiosk.sip2_simulator.outcomes import Block, Standing
from kiosk.sip2_simulator.talk import HangUp, Reply, Request, Talk, filled, heard, title_of, yes

NO_LANGUAGE = "000"
NOBODY = "YYYY".ljust(14)
LISTS = ("AS", "AT", "AU", "AV", "BU", "CD")


def patron_status(talk: Talk, ask: Request) -> Reply:
    """Answer 23 by 24."""
    standing, right = talk.library.standing(ask.get("AA")), pin_right(talk, ask)
    fixed = f"{status_of(talk, standing, right)}{_language(talk, ask)}{talk.now()}"
    if standing is None:
        return Reply(
            "24", fixed, (*_nobody(talk, ask), *filled([("AF", talk.manner.say("patron-unknown", "23"))]), _ao(talk))
        )
    told = right is False and ask.get("AD") != ""
    return Reply(
        "24",
        fixed,
        (
            ("AE", name_of(talk, standing.member)),
            ("AA", standing.member.card),
            ("BL", "Y"),
            ("CQ", yes(bool(right))),
            *_money(talk, standing),
            *_screen(talk, standing, wrong_pin=told),
            _ao(talk),
        ),
    )


def patron_information(talk: Talk, ask: Request) -> Reply:
    """Answer 63 by 64."""
    standing, right = talk.library.standing(ask.get("AA")), pin_right(talk, ask)
    fixed = f"{status_of(talk, standing, right)}{_language(talk, ask)}{talk.now()}{_counts(talk, standing)}"
    if standing is None:
        nobody = (_ao(talk), ("AA", ask.get("AA")), ("AE", talk.manner.patrons.unknown_name), ("BL", "N"))
        return Reply("64", fixed, (*nobody, *filled([("AF", talk.manner.say("patron-unknown", "63"))])))
    return Reply(
        "64",
        fixed,
        (
            _ao(talk),
            ("AA", standing.member.card),
            ("AE", name_of(talk, standing.member)),
            *_limits(talk, standing),
            ("BL", "Y"),
            *filled([("CQ", "" if right is None else yes(right))]),
            *_money(talk, standing),
            *((("CC", _plain(standing.max_fees)),) if talk.manner.patrons.fee_limit else ()),
            *_listed(talk, ask, standing),
            *_personal(talk, standing),
            *_screen(talk, standing, wrong_pin=right is False),
            *((("AF", standing.member.home),) if talk.manner.patrons.branch_on_screen else ()),
        ),
    )


def end_session(talk: Talk, ask: Request) -> Reply:
    """Answer 35 by 36: whoever it was, the session is over."""
    fields = (_ao(talk), ("AA", ask.get("AA")), *filled([("AF", talk.manner.session.farewell)]))
    return Reply("36", f"Y{talk.now()}", fields)


def block_patron(talk: Talk, ask: Request) -> Reply:
    """Answer 01 by 24: some block for good, others only say so. Nobody asked for takes the connection down."""
    if talk.library.member(ask.get("AA")) is None:
        raise HangUp
    if talk.manner.patrons.block_is_for_good:
        talk.library.block(ask.get("AA"), ask.get("AL") or "Blocked by a station")
    standing = talk.library.standing(ask.get("AA"))
    if standing is None:
        raise HangUp
    fields = (
        ("AE", name_of(talk, standing.member)),
        ("AA", standing.member.card),
        ("BL", "Y"),
        ("CQ", "N"),
        *filled([("AF", talk.manner.say("block-not-done"))]),
        _ao(talk),
    )
    return Reply("24", f"{NOBODY}{NO_LANGUAGE}{talk.now()}", fields)


def enable_patron(talk: Talk, ask: Request) -> Reply:
    """Answer 25 by 26. Enables nobody: nor does any system the reference has seen."""
    standing, right = talk.library.standing(ask.get("AA")), pin_right(talk, ask)
    fixed = f"{status_of(talk, standing, right)}{NO_LANGUAGE}{talk.now()}"
    if standing is None:
        nobody = (("AA", ask.get("AA")), ("AE", talk.manner.patrons.unknown_name), ("BL", "N"), ("CQ", "N"))
        return Reply("26", fixed, (*nobody, *filled([("AF", talk.manner.say("patron-unknown", "25"))]), _ao(talk)))
    fields = (
        ("AA", standing.member.card),
        ("AE", name_of(talk, standing.member)),
        ("CQ", yes(bool(right))),
        ("BL", "Y"),
        *filled([("AF", talk.manner.say("enable-not-done"))]),
        _ao(talk),
    )
    return Reply("26", fixed, fields)


# --- the parts of these answers ---


def pin_right(talk: Talk, ask: Request) -> bool | None:
    """Compare the PIN with the stored one, as the system hears it. None: no PIN came, or the patron is unknown."""
    member = talk.library.member(ask.get("AA"))
    if "AD" not in ask.fields or member is None:
        return None
    if not ask.get("AD"):
        return talk.manner.patrons.empty_pin_is_right or (not member.pin and ask.id == "63")
    return bool(member.pin) and heard(talk, member.pin) == ask.get("AD")


def pin_refused(talk: Talk, ask: Request) -> bool:
    """Tell whether this system refuses this message for its PIN: most look at it on few messages only."""
    return ask.id in talk.manner.patrons.pin_checked_on and pin_right(talk, ask) is False


def name_of(talk: Talk, member: Member) -> str:
    return talk.manner.patrons.name.format(given=member.given_name, family=member.family_name).strip()


def status_of(talk: Talk, standing: Standing | None, right: bool | None) -> str:
    """Return the 14 characters of the patron status: Y is denied, blank is not."""
    if standing is None:
        return NOBODY
    if right is False and talk.manner.patrons.wrong_pin_status:
        return talk.manner.patrons.wrong_pin_status
    marks = [" "] * 14
    if standing.blocks:
        marks[0:4] = "YYYY"
    if {Block.CARD_LOST, Block.NO_ADDRESS} & set(standing.blocks):
        marks[4] = "Y"
    if Block.FEES in standing.blocks:
        marks[10:12] = "YY"
    if talk.manner.patrons.recall_denied:
        marks[2] = "Y"
    return "".join(marks)


def _ao(talk: Talk) -> tuple[str, str]:
    return ("AO", talk.institution)


def _nobody(talk: Talk, ask: Request) -> tuple[tuple[str, str], ...]:
    return (("AE", talk.manner.patrons.unknown_name), ("AA", ask.get("AA")), ("BL", "N"))


def _language(talk: Talk, ask: Request) -> str:
    return ask.fixed["language"] if talk.manner.patrons.echo_language else NO_LANGUAGE


def _counts(talk: Talk, standing: Standing | None) -> str:
    if standing is None:
        return "0000" * 6
    waiting = () if talk.manner.patrons.counts_ready_holds_only else standing.waiting
    each = (standing.ready, standing.overdue, standing.loans, standing.fees, (), waiting)
    return "".join(f"{len(things):04d}" for things in each)


def _limits(talk: Talk, standing: Standing) -> tuple[tuple[str, str], ...]:
    if not talk.manner.patrons.limits:
        return ()
    return (("BZ", "0010"), ("CB", f"{standing.max_loans:04d}"))


def _money(talk: Talk, standing: Standing) -> tuple[tuple[str, str], ...]:
    owed = max(standing.balance, Decimal(0))
    if not owed and not talk.manner.patrons.fee_when_nothing_is_owed:
        return ()
    return (("BV", _plain(owed) if talk.manner.patrons.money == "plain" else f"{owed:.2f}"),)


def _plain(amount: Decimal) -> str:
    return f"{amount:.2f}".rstrip("0").rstrip(".") if amount else "0"


def _listed(talk: Talk, ask: Request, standing: Standing) -> tuple[tuple[str, str], ...]:
    """List what the summary asks for. More than one Y is not allowed, and lists nothing."""
    summary = ask.fixed["summary"]
    if summary.count("Y") != 1 or (place := summary.index("Y")) >= len(LISTS):
        return ()
    fees = tuple(f"{fee.words} {fee.amount:.2f}" for fee in standing.fees)
    things = (
        tuple(_hold_name(talk, hold) for hold in standing.ready),
        tuple(_item_name(talk, loan.item) for loan in standing.overdue),
        tuple(_item_name(talk, loan.item) for loan in standing.loans),
        fees if talk.manner.patrons.fees_in_words else tuple(f"{fee.amount:.2f}" for fee in standing.fees),
        (),
        tuple(_hold_name(talk, hold) for hold in standing.waiting),
    )[place]
    first = max(_number(ask.get("BP"), 1), 1)
    last = _number(ask.get("BQ"), len(things)) + (1 if talk.manner.patrons.last_item_counts_one_more else 0)
    return tuple((LISTS[place], thing) for thing in things[first - 1 : last])


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() else otherwise


def _item_name(talk: Talk, item: ItemId) -> str:
    volume = talk.library.volume(item)
    return title_of(talk, volume) if volume is not None and talk.manner.patrons.lists == "titles" else item


def _hold_name(talk: Talk, hold: OpenHold) -> str:
    item = hold.aside or hold.item
    volume = talk.library.volume(item) if item else talk.library.volume_of_title(hold.title_id)
    if volume is None:
        return hold.title_id
    return title_of(talk, volume) if talk.manner.patrons.lists == "titles" else volume.item


def _personal(talk: Talk, standing: Standing) -> tuple[tuple[str, str], ...]:
    """List the extra fields about a person that this system sends to every station that asks."""
    member, wanted = standing.member, talk.manner.patrons.personal_fields
    told = {
        "BD": member.address,
        "BE": member.mail,
        "BF": member.phone,
        "BC": f"{member.born:%Y%m%d}    000000" if member.born else "",
        "PA": f"{member.expires:%Y%m%d}" if member.expires else "",
        "PB": f"{member.born:%Y%m%d}" if member.born else "",
        "PC": member.category,
        "PI": yes(not standing.blocks),
        "PX": f"{member.expires:%Y%m%d}    235959" if member.expires else "",
        "PY": yes(Block.EXPIRED in standing.blocks),
    }
    return filled((code, value) for code, value in told.items() if code in wanted)


def _screen(talk: Talk, standing: Standing, *, wrong_pin: bool) -> tuple[tuple[str, str], ...]:
    """Say everything there is to say about a patron: behind the system's greeting if it has one, else line by line."""
    manner, member = talk.manner, standing.member
    expired = manner.say(Block.EXPIRED) if Block.EXPIRED in standing.blocks else ""
    lines = [manner.say(block) for block in standing.blocks if block not in {Block.EXPIRED, Block.FEES}]
    if standing.balance:
        lines.append(manner.say("owes" if standing.balance > 0 else "credit"))
    amount = f"{abs(standing.balance):.2f}"
    lines = [line.format(block=member.block, amount=amount) for line in lines if line]
    if wrong_pin:
        lines += manner.say("wrong-pin", "63").split("\n")
    if manner.session.screen:
        return (("AF", manner.session.screen + member.note + expired + "".join(f" -- {line}" for line in lines)),)
    return filled(("AF", line) for line in (member.note, expired, *lines))
