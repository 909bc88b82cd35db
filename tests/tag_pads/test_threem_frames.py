import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.tag_pads.threem_frames import (
    SESSION,
    SESSION_START,
    START,
    FrameError,
    Reply,
    Request,
    crc16,
    frame_splitter,
)
from tests.tag_pads.golden_frames import THREEM, Exchange

starts = st.sampled_from([START, SESSION_START])
replies = st.builds(Reply, st.integers(0, 255), st.integers(0, 255), st.binary(max_size=400), starts)
requests = st.builds(Request, st.integers(0, 255), st.binary(max_size=400), starts)
SEEN_REQUESTS = [each for each in THREEM if each.request]
SEEN_REPLIES = [each for each in THREEM if each.reply]


def test_the_check_is_the_one_of_the_specification():
    assert crc16(b"123456789") == 0xD64E


def test_a_session_begins_with_the_bytes_every_host_sends():
    assert SESSION.to_bytes() == bytes.fromhex("D500050400118C66")


@pytest.mark.parametrize("seen", SEEN_REQUESTS, ids=lambda seen: seen.name)
def test_every_request_seen_on_a_line_survives_the_round_trip(seen: Exchange):
    assert Request.from_bytes(seen.request).to_bytes() == seen.request


@pytest.mark.parametrize("seen", SEEN_REPLIES, ids=lambda seen: seen.name)
def test_every_reply_seen_on_a_line_survives_the_round_trip(seen: Exchange):
    assert Reply.from_bytes(seen.reply).to_bytes() == seen.reply


@given(requests)
def test_any_request_is_what_it_was_after_the_line(request_: Request):
    assert Request.from_bytes(request_.to_bytes()) == request_


@given(replies, st.integers(0, 10_000), st.integers(0, 7))
def test_one_wrong_bit_is_never_another_reply(reply: Reply, at: int, bit: int):
    raw = bytearray(reply.to_bytes())
    raw[1 + at % (len(raw) - 1)] ^= 1 << bit  # the start byte is outside the check

    with pytest.raises(FrameError):
        Reply.from_bytes(bytes(raw))


@given(st.lists(replies, max_size=4), st.randoms())
def test_the_splitter_does_not_care_how_the_port_chops(sent: list[Reply], chance: random.Random):
    stream, splitter, got = b"".join(reply.to_bytes() for reply in sent), frame_splitter(), []

    while stream:
        cut = chance.randint(1, len(stream))
        got += splitter.feed(stream[:cut])
        stream = stream[cut:]

    assert [Reply.from_bytes(raw) for raw in got] == sent
    assert splitter.pending == 0


@given(replies, st.binary(min_size=1, max_size=12).filter(lambda noise: noise[0] not in {START, SESSION_START}))
def test_noise_before_a_reply_is_heard_through_once_the_line_is_silent(reply: Reply, noise: bytes):
    splitter = frame_splitter()

    got = splitter.feed(noise + reply.to_bytes()) or splitter.pause()

    assert got == [reply.to_bytes()]


def test_a_frame_kept_in_the_memory_of_a_tag_is_never_taken_for_a_reply():
    forged = Reply(0x0A, 0, bytes.fromhex("E00401003123AA26C2")).to_bytes()
    damaged = bytearray(Reply(0x02, 0, bytes(10) + forged).to_bytes())
    damaged[-1] ^= 1
    splitter = frame_splitter()

    assert splitter.feed(bytes(damaged)) == []
    assert splitter.pause() == []
