"""The lines between the PC/SC process and the driver, and its orders."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.card_readers.pcsc_lines import Beat, Line, NotReady, Ready, from_line, to_line
from drivers.card_readers.pcsc_orders import WatchOrders
from kiosk.devices import CardFailed, CardFault, CardIdentity, CardInserted, CardTaken

words = st.text(max_size=40)
names = st.lists(words, max_size=4).map(tuple)
identities = st.builds(CardIdentity, words, words, st.none() | words, st.booleans())
lines = st.one_of(
    st.just(Beat()),
    st.builds(Ready, names, names),
    st.builds(NotReady, words),
    st.builds(CardInserted, words, identities),
    st.builds(CardFailed, words, st.sampled_from(CardFault)),
    st.builds(CardTaken, words),
)


@given(lines)
def test_what_is_said_is_heard(said: Line) -> None:
    line = to_line(said)

    assert from_line(line) == said
    assert line.isascii()
    assert line.index(b"\n") == len(line) - 1


@pytest.mark.parametrize(
    "line",
    [b"", b"L0001", b"[]", b"7", b"{}", b'{"say": "hello L0001"}', b'{"say": "taken", "number": "L0001"}', b"\xff",
     b'{"say": "failed", "slot": "L0001", "fault": "L0001"}', b'{"say": "ready", "slots": 1, "missing": []}'],
)  # fmt: skip
def test_a_line_of_another_kind_is_refused_without_quoting_it(line: bytes) -> None:
    with pytest.raises(ValueError) as refusal:
        from_line(line)

    assert "L0001" not in str(refusal.value)


@given(st.builds(WatchOrders, names, names, words, st.floats(0, 100)))
def test_orders_arrive_as_they_were_given(orders: WatchOrders) -> None:
    assert WatchOrders.from_json(orders.to_json()) == orders


LISTED = [
    "ACS ACR1252 1S CL Reader [ACR1252 Reader PICC] 00 00",
    "ACS ACR1252 1S CL Reader [ACR1252 Reader SAM] 00 01",
    "HID OMNIKEY 5022 CL 01 00",
]


@pytest.mark.parametrize(
    ("orders", "chosen"),
    [
        (WatchOrders(), LISTED),
        (WatchOrders(ignore=(" SAM",)), [LISTED[0], LISTED[2]]),
        (WatchOrders(names=("HID OMNIKEY",)), [LISTED[2]]),
        (WatchOrders(names=("HID", "ACS"), ignore=(" SAM",)), [LISTED[0], LISTED[2]]),
        (WatchOrders(names=("Reader PICC",)), []),
    ],
)
def test_card_readers_are_chosen_by_the_beginning_of_their_names(orders: WatchOrders, chosen: list[str]) -> None:
    assert orders.choose(LISTED) == chosen
