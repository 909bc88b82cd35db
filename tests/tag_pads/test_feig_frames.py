import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.tag_pads.crc16_mcrf4xx import crc16
from drivers.tag_pads.feig_frames import FrameError, Reply, Request, frame_splitter
from tests.tag_pads.golden_frames import REPLIES, REQUESTS, Exchange

bodies = st.binary(max_size=240)
replies = st.builds(Reply, st.integers(0, 255), st.integers(0, 255), bodies, st.just(0), st.booleans())
requests = st.builds(Request, st.integers(0, 255), bodies, st.integers(0, 255), st.booleans())


def test_the_check_is_the_one_of_the_manual():
    assert crc16(b"123456789") == 0x6F91


@pytest.mark.parametrize("seen", REQUESTS, ids=lambda seen: seen.name)
def test_every_request_seen_on_a_line_survives_the_round_trip(seen: Exchange):
    request = Request.from_bytes(seen.request)

    assert request.to_bytes() == seen.request


@pytest.mark.parametrize("seen", REPLIES, ids=lambda seen: seen.name)
def test_every_reply_seen_on_a_line_survives_the_round_trip(seen: Exchange):
    reply = Reply.from_bytes(seen.reply)

    assert reply.to_bytes() == seen.reply


@given(requests)
def test_any_request_is_what_it_was_after_the_line(request_: Request):
    assert Request.from_bytes(request_.to_bytes()) == request_


@given(replies, st.integers(0, 10_000), st.integers(0, 7))
def test_one_wrong_bit_is_never_a_reply(reply: Reply, at: int, bit: int):
    raw = bytearray(reply.to_bytes())
    raw[at % len(raw)] ^= 1 << bit

    with pytest.raises(FrameError):
        Reply.from_bytes(bytes(raw))


def test_a_body_too_long_for_a_standard_frame_is_refused_with_the_way_out():
    with pytest.raises(FrameError, match="advanced"):
        Request(0xB0, bytes(251)).to_bytes()


@given(st.lists(replies, max_size=4), st.randoms())
def test_the_splitter_does_not_care_how_the_port_chops(sent: list[Reply], chance: random.Random):
    stream, splitter, got = b"".join(reply.to_bytes() for reply in sent), frame_splitter(), []

    while stream:
        cut = chance.randint(1, len(stream))
        got += splitter.feed(stream[:cut])
        stream = stream[cut:]

    assert [Reply.from_bytes(frame) for frame in got] == sent


@given(st.binary(min_size=1, max_size=40), replies)
def test_noise_before_a_reply_is_skipped_when_the_line_falls_silent(noise: bytes, reply: Reply):
    splitter = frame_splitter()

    got = splitter.feed(noise + reply.to_bytes()) or splitter.pause()

    assert reply.to_bytes() in got


def test_what_a_tag_holds_never_passes_for_a_reply():
    forged = Reply(0xB0, 0x00).to_bytes()
    splitter = frame_splitter()
    true = Reply(0xB0, 0x00, b"\x04\x04" + forged + bytes(20)).to_bytes()

    half = splitter.feed(true[:-4]) + splitter.pause()
    rest = splitter.feed(true[-4:])

    assert half == []
    assert rest == [true]


def test_half_a_frame_waits_for_its_other_half():
    splitter = frame_splitter()
    frame = Reply(0x65, 0x00, bytes(7), advanced=True).to_bytes()

    before = splitter.feed(frame[:2]) + splitter.pause()
    after = splitter.feed(frame[2:])

    assert (before, after) == ([], [frame])
