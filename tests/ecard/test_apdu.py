"""APDUs: every short command comes apart as it was put together; answers are followed to their end."""

from collections.abc import Generator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.ecard.apdu import AnswerCut, Command, MalformedCommand, Response, exchange

bytes_1 = st.integers(0, 255)
commands = st.builds(
    Command, bytes_1, bytes_1, bytes_1, bytes_1, st.binary(max_size=255), st.none() | st.integers(1, 256)
)
ASK = Command(0x00, 0xB0, 0x81, 0x00, le=256)


def play(conversation: Generator[bytes, bytes, Response], *answers: str) -> tuple[list[str], Response]:
    """Send *answers* in turn; give the commands that were asked and the outcome."""
    asked = [next(conversation).hex()]
    for answer in answers:
        try:
            asked.append(conversation.send(bytes.fromhex(answer)).hex())
        except StopIteration as done:
            return asked, done.value
    raise AssertionError(f"it asks on: {asked[-1]}")


@given(commands)
def test_a_command_comes_apart_as_it_was_put_together(command: Command) -> None:
    assert Command.from_bytes(command.to_bytes()) == command


@given(st.binary(max_size=300))
def test_any_bytes_are_a_command_with_these_bytes_or_are_refused(raw: bytes) -> None:
    try:
        command = Command.from_bytes(raw)
    except MalformedCommand:
        return
    assert command.to_bytes() == raw


@pytest.mark.parametrize(
    "raw", ["", "00A404", "00A4040002AA", "00A4040002AABBCCDD", "00A404000000", "00B0000000000010"]
)
def test_lengths_that_do_not_add_up_are_refused(raw: str) -> None:
    with pytest.raises(MalformedCommand):
        Command.from_bytes(bytes.fromhex(raw))


def test_more_data_than_a_short_command_carries_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 255 bytes, not 256"):
        Command(0, 0, 0, 0, bytes(256)).to_bytes()


@pytest.mark.parametrize("raw", [b"", b"\x90"])
def test_an_answer_without_a_status_word_is_cut(raw: bytes) -> None:
    with pytest.raises(AnswerCut, match=f"{len(raw)} of at least 2"):
        Response.from_bytes(raw)


def test_a_wrong_length_is_asked_again_with_the_right_one() -> None:
    asked, response = play(exchange(ASK), "6c03", "aabbcc9000")

    assert asked == ["00b0810000", "00b0810003"]
    assert response == Response(0x9000, bytes.fromhex("aabbcc"))


def test_bytes_waiting_in_the_card_are_fetched() -> None:
    asked, response = play(exchange(ASK), "aa6102", "bb6101", "cc9000")

    assert asked == ["00b0810000", "00c0000002", "00c0000001"]
    assert response == Response(0x9000, bytes.fromhex("aabbcc"))


def test_a_refusal_is_an_answer() -> None:
    assert play(exchange(ASK), "6a82") == (["00b0810000"], Response(0x6A82))
