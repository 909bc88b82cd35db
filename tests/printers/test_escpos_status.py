"""Status bytes of ESC/POS printers, as the manual draws them."""

import pytest

from drivers.printers.escpos_status import AnswerSorter, Condition, Heard, is_printed, is_real_time
from kiosk.devices import PaperState


@pytest.mark.parametrize(
    ("offline", "error", "sensor", "paper", "trouble"),
    [
        (0x12, 0x12, 0x12, PaperState.GOOD, None),
        (0x12, 0x12, 0x1E, PaperState.LOW, None),
        (0x12, 0x12, 0x7E, PaperState.OUT, "no paper"),
        (0x32, 0x12, 0x12, PaperState.OUT, "no paper"),  # stopped by paper, sensor not fitted
        (0x16, 0x12, 0x12, PaperState.GOOD, "cover is open"),
        (0x52, 0x1A, 0x12, PaperState.GOOD, "cutter"),
        (0x52, 0x32, 0x12, PaperState.GOOD, "call service"),
        (0x52, 0x52, 0x12, PaperState.GOOD, "too hot"),
    ],
)
def test_what_the_printer_says_becomes_paper_and_a_remedy(
    offline: int, error: int, sensor: int, paper: PaperState, trouble: str | None
) -> None:
    condition = Condition(offline, error, sensor)

    assert condition.paper is paper
    assert condition.state.prints is (trouble is None)
    assert (trouble is None) == (condition.trouble is None)
    assert trouble is None or trouble in str(condition.trouble)


@pytest.mark.parametrize("byte", range(256))
def test_no_byte_is_an_answer_of_both_kinds(byte: int) -> None:
    assert not (is_real_time(byte) and is_printed(byte))


UNASKED, PRINTED, ANSWER = [0x38, 0x08, 0x0F, 0x00], 0x00, 0x12


@pytest.mark.parametrize(
    ("heard", "sorted_out"),
    [
        (UNASKED, [Heard.UNASKED]),
        ([*UNASKED, PRINTED], [Heard.UNASKED, Heard.PRINTED]),
        ([PRINTED, *UNASKED, ANSWER], [Heard.PRINTED, Heard.UNASKED, ANSWER]),
        ([0x10, 0x00, ANSWER, PRINTED], [ANSWER, Heard.PRINTED]),  # two of its bytes were lost on the way
        ([0x11, 0x13, PRINTED], [Heard.PRINTED]),  # XON, XOFF
    ],
)
@pytest.mark.parametrize("piece", [1, 2, 99])
def test_status_told_unasked_is_told_apart_however_it_arrives(
    heard: list[int], sorted_out: list[object], piece: int
) -> None:
    sorter = AnswerSorter()

    got = [one for at in range(0, len(heard), piece) for one in sorter.feed(heard[at : at + piece])]

    assert got == sorted_out
