"""Whatever a system answers is read as something or refused as no message: nothing else ever happens."""

import random
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.circulation.model import CardNumber, ItemId
from kiosk.library.remote.system import Who
from kiosk.library.sip2.accounts import whole_list
from kiosk.library.sip2.books import hold_said, item_seen, loan_said, renewal_said, return_said
from kiosk.library.sip2.checkup import steps
from kiosk.library.sip2.checkup.charsets import guess
from kiosk.library.sip2.codec import BadMessage, Dialect, decode
from kiosk.library.sip2.codes import Summary
from kiosk.library.sip2.dates import DayOrder
from kiosk.library.sip2.layouts import Kind
from kiosk.library.sip2.message import Message
from kiosk.library.sip2.people import patron_seen
from kiosk.library.sip2.profile import load_profile, profile_names
from tests.library.sip2.scripted import KYIV, NOW
from tests.library.sip2.transcripts import koha

ITEM, WHO, TODAY = ItemId("LIB1"), Who(CardNumber("P1"), "1234"), date(2026, 11, 23)
PROFILES = [load_profile(name) for name in profile_names()]
ANSWERS = sorted({said.raw for said in koha() if not said.sent and said.raw[:2].isdigit()})
PIECES = [
    b"|",
    b"&#124;",
    b"AY",
    b"AZ",
    b"AF",
    b"CV",
    b"\xff",
    b"\r",
    b"\n",
    b"\0",
    "ї".encode(),
    b" ",
    b"0",
    b"Y",
    b"BV",
]


def readings(said: Message) -> dict[Kind, list[Callable[[], object]]]:
    """Everything the station makes of an answer of each kind, by every profile."""
    per_profile = {
        Kind.PATRON_INFORMATION_SAID: lambda profile: patron_seen(said, WHO, profile, TODAY),
        Kind.PATRON_STATUS_SAID: lambda profile: patron_seen(said, WHO, profile, TODAY),
        Kind.ITEM_INFORMATION_SAID: lambda profile: item_seen(said, ITEM, profile, KYIV),
        Kind.CHECKOUT_SAID: lambda profile: loan_said(said, ITEM, profile, KYIV),
        Kind.CHECKIN_SAID: lambda profile: return_said(said, ITEM, profile, "CPL"),
        Kind.RENEW_SAID: lambda profile: renewal_said(said, ITEM, profile, KYIV),
        Kind.HOLD_SAID: lambda profile: hold_said(said, profile),
    }
    whole = {kind: [lambda p=p, read=read: read(p) for p in PROFILES] for kind, read in per_profile.items()}
    whole[Kind.PATRON_INFORMATION_SAID] += [
        lambda: whole_list(lambda _first: said, Summary.CHARGED),
        lambda: list(steps.of_patron(said, patron_seen(said, WHO, PROFILES[0], TODAY))),
    ]
    whole[Kind.ACS_STATUS] = [lambda: list(steps.of_status(said, "CPL", NOW))]
    return whole


@given(st.sampled_from(ANSWERS), st.randoms(use_true_random=False), st.sampled_from(["utf-8", "cp866", "cp850"]))
def test_an_answer_torn_and_mended_badly_is_borne(raw: bytes, chance: random.Random, encoding: str) -> None:
    torn = bytearray(raw)
    for _ in range(chance.randint(0, 6)):
        at = chance.randrange(len(torn) + 1)
        if chance.random() < 0.4:
            del torn[at : at + chance.randint(1, 12)]
        else:
            torn[at:at] = chance.choice(PIECES)
    try:
        said = decode(bytes(torn), Dialect(encoding=encoding)).message
    except BadMessage:
        return
    assert repr(said)
    for read in readings(said).get(said.kind, []):
        read()


def test_every_answer_of_the_transcript_can_be_read() -> None:
    read = 0
    for raw in ANSWERS:
        said = decode(raw.split(b"\r")[0], Dialect()).message
        for reading in readings(said).get(said.kind, []):
            reading()
            read += 1

    assert read > 1000


@given(st.lists(st.binary(max_size=60), max_size=4))
def test_any_letters_are_guessed_at(heard: list[bytes]) -> None:
    found = guess(heard)

    assert found.encoding is None or b"\r".join(heard).decode(found.encoding) is not None


@pytest.mark.parametrize("order", list(DayOrder))
@given(text=st.text(max_size=30))
def test_any_due_date_is_shown(order: DayOrder, text: str) -> None:
    assert all(finding.words for finding in steps.of_due(text, order))
