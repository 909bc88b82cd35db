"""What 64 and 24 say of a patron, as the station understands it.

A right that is denied is believed only when nothing was wrong with the PIN: Sierra and Polaris deny everything to a
card whose PIN is missing or wrong. Flags come before words: AF is read for a reason only where no flag tells one.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from kiosk.circulation.model import CardNumber, Reason, Refusal
from kiosk.library.remote.system import PatronSeen, Who
from kiosk.library.sip2.codes import PatronFlag, count_of, flags_of, language_of
from kiosk.library.sip2.dates import read_day
from kiosk.library.sip2.fields import Field
from kiosk.library.sip2.message import Message
from kiosk.library.sip2.money import read_money
from kiosk.library.sip2.profile import Profile

_RIGHTS = (PatronFlag.CHARGE_DENIED, PatronFlag.RENEWAL_DENIED, PatronFlag.HOLD_DENIED)
_LATE = (PatronFlag.TOO_MANY_OVERDUE, PatronFlag.RECALL_OVERDUE)
_OWING = (PatronFlag.EXCESSIVE_FINES, PatronFlag.EXCESSIVE_FEES, PatronFlag.TOO_MANY_BILLED)
_NO_LIMIT = 999  # and more: nobody is lent so many


def words_of(said: Message, profile: Profile) -> tuple[str, ...]:
    """Give what the system says to people, each once, without what its profile calls noise."""
    found = []
    for text in said.every(Field.SCREEN) or said.every(Field.PRINT):
        words = text
        for noise in profile.noise:
            at = words.casefold().find(noise.casefold())
            words = words if at < 0 else words[:at] + words[at + len(noise) :]
        found.append(" ".join(words.split()).strip("- #"))
    return tuple(dict.fromkeys(words for words in found if words))


def patron_seen(said: Message, who: Who, profile: Profile, today: date) -> PatronSeen:
    """Read an answer about *who*."""
    name = _name(said)
    flags = flags_of(said["patron_status"])
    pin_right = _pin_right(said, who)
    known = _is_known(said, name, flags)
    refused = said.text(Field.VALID_PIN).upper() == "N" or (profile.rights_need_pin and pin_right is not True)
    believed = known and not refused
    limit = count_of(said.text(Field.CHARGED_LIMIT)) or _NO_LIMIT
    language = said["language"]
    return PatronSeen(
        card=_number(said, who),
        known=known,
        name=name,
        pin_right=pin_right,
        blocks=tuple(_blocks(said, flags, profile, today)) if believed else (),
        may_renew=not (believed and PatronFlag.RENEWAL_DENIED in flags),
        may_hold=not (believed and PatronFlag.HOLD_DENIED in flags),
        fees=max(Decimal(0), read_money(said.text(Field.FEE_AMOUNT)) or Decimal(0)),
        max_loans=limit if limit < _NO_LIMIT else None,
        loans=count_of(said.fixed.get("charged_count", "")),
        language=None if language == profile.language else language_of(language),
        born=read_day(said.text(profile.birth_date), profile.day_order) if profile.birth_date else None,
        said=words_of(said, profile),
    )


def _number(said: Message, who: Who) -> CardNumber:
    """Give the number the system knows them by, unless a letter of it came out of nowhere."""
    number = said.text(Field.PATRON)
    return CardNumber(number) if number and "\ufffd" not in number else who.card


def _name(said: Message) -> str:
    """Give the name; Polaris sends a lone comma for nobody, Evergreen two blanks for one."""
    return " ".join(said.text(Field.NAME).split()).strip(" ,")


def _pin_right(said: Message, who: Who) -> bool | None:
    verdict = said.text(Field.VALID_PIN).upper()
    return None if who.pin is None or verdict not in ("Y", "N") else verdict == "Y"


def _is_known(said: Message, name: str, flags: frozenset[PatronFlag]) -> bool:
    """Some answer BL N to a wrong PIN as well; who has a name is known. Without BL the rights must do."""
    valid = said.text(Field.VALID_PATRON).upper()
    if valid == "N":
        return bool(name) and said.text(Field.VALID_PIN).upper() == "N"
    return valid == "Y" or bool(name) or not flags.issuperset(_RIGHTS)


def _blocks(said: Message, flags: frozenset[PatronFlag], profile: Profile, today: date) -> Iterator[Reason]:
    """Say why nothing is lent; nothing when lending is not denied, whatever else is noted."""
    if flags.isdisjoint((PatronFlag.CHARGE_DENIED, PatronFlag.CARD_LOST)):
        return
    reasons = [*_card_reasons(said, flags, profile, today), *_other_reasons(said, flags)]
    if reasons:
        yield from reasons
    elif flags.issuperset(_RIGHTS):
        yield Reason(Refusal.CARD_BLOCKED)
    else:
        yield Reason(Refusal.LIBRARY_REFUSES, text=" ".join(words_of(said, profile)) or None)


def _card_reasons(said: Message, flags: frozenset[PatronFlag], profile: Profile, today: date) -> Iterator[Reason]:
    expires = read_day(said.text(profile.expires), profile.day_order) if profile.expires else None
    if expires is not None and expires < today:
        yield Reason(Refusal.CARD_EXPIRED, day=expires)
        return
    words = " ".join(said.every(Field.SCREEN)).casefold()
    told = [refusal for phrase, refusal in (profile.phrases or {}).items() if phrase in words]
    yield from map(Reason, dict.fromkeys(told))
    if PatronFlag.CARD_LOST in flags and not told:
        yield Reason(Refusal.CARD_LOST)


def _other_reasons(said: Message, flags: frozenset[PatronFlag]) -> Iterator[Reason]:
    if not flags.isdisjoint(_OWING):
        yield Reason(Refusal.FEES, amount=read_money(said.text(Field.FEE_AMOUNT)))
    if not flags.isdisjoint(_LATE):
        yield Reason(Refusal.OVERDUE, number=count_of(said.fixed.get("overdue_count", "")))
    if PatronFlag.TOO_MANY_CHARGED in flags:
        yield Reason(Refusal.LOAN_LIMIT, number=count_of(said.text(Field.CHARGED_LIMIT)))
