"""Messages cut out of a stream that comes in any pieces."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.library.sip2.framing import LONGEST, MessageSplitter, TooLong

ENDS = [b"\r", b"\r\n", b"\n\r", b"\r\r\n", b"\r\0"]


@given(st.lists(st.sampled_from([b"941", b"98YYY", "18АБ|".encode()]), max_size=6), st.sampled_from(ENDS), st.randoms())
def test_the_pieces_do_not_matter(sent: list[bytes], end: bytes, chance: random.Random) -> None:
    stream, splitter, got = b"".join(line + end for line in sent), MessageSplitter(), []
    while stream:
        size = chance.randint(1, len(stream))
        got += splitter.feed(stream[:size])
        stream = stream[size:]

    assert got == sent


def test_a_prompt_without_an_end_can_be_seen() -> None:
    splitter = MessageSplitter()

    assert splitter.feed(b"login: ") == []
    assert splitter.rest == b"login: "


def test_a_system_that_ends_in_line_feeds_only() -> None:
    assert MessageSplitter(b"\n").feed(b"941\n98YY\r\n") == [b"941", b"98YY"]


def test_a_line_feed_inside_a_value_ends_nothing() -> None:
    assert MessageSplitter().feed(b"36YAFtwo\nlines|\r") == [b"36YAFtwo\nlines|"]


def test_a_flood_is_no_message() -> None:
    splitter = MessageSplitter()

    splitter.feed(b"x" * LONGEST)
    with pytest.raises(TooLong):
        splitter.feed(b"x")
