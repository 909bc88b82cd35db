"""Whole scans, however the line chops them and whatever stands around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.barcode_scanners.scan_text import LONGEST, ScanSplitter, Trim
from kiosk.devices import Scan

texts = st.text(st.characters(min_codepoint=0x30, max_codepoint=0x5A), min_size=1, max_size=30)


def splitter(prefix: str = "", suffix: str = "") -> ScanSplitter:
    return ScanSplitter(Trim(prefix, suffix), "scanner")


@given(st.lists(texts, max_size=4), st.sampled_from([b"\r", b"\n", b"\r\n", b"\t", b"\x03"]), st.randoms())
def test_it_does_not_matter_how_the_line_chops(sent: list[str], end: bytes, rnd: object) -> None:
    stream, one, got = b"".join(text.encode() + end for text in sent), splitter(), []
    while stream:
        n = rnd.randint(1, len(stream))  # type: ignore[attr-defined]  # random.Random, as hypothesis hands it out
        got += one.feed(stream[:n])
        stream = stream[n:]

    assert [scan.text for scan in got] == sent


def test_a_scan_without_an_end_is_whole_when_its_time_is_up() -> None:
    one = splitter()

    assert one.feed(b"31234") == []
    assert one.begun
    assert one.end() == [Scan("31234")]
    assert one.end() == []


@pytest.mark.parametrize(
    ("raw", "scan"),
    [
        (b"\x02]C031234\r", Scan("31234", "C0")),
        (b"]E04006381333931\r", Scan("4006381333931", "E0")),
        (b"]\r", Scan("]")),
        (b"]C0\r", Scan("]C0")),
        (b"~]F0A123B#\r", Scan("A123B", "F0")),
        (b"]F0~A123B#\r", Scan("A123B", "F0")),
        (b"  12 34  \r", Scan("12 34")),
    ],
)
def test_what_stands_around_a_text_is_taken_off(raw: bytes, scan: Scan) -> None:
    assert splitter("~", "#").feed(raw) == [scan]


@pytest.mark.parametrize("noise", [b"\x00\x80\xfe", b"12\xff34", b"7" * (LONGEST + 1), "Ґанок".encode(), b"1\x0034"])
def test_what_is_no_barcode_is_dropped_whole_and_the_next_scan_is_read(noise: bytes) -> None:
    assert splitter().feed(noise + b"\r31234\r") == [Scan("31234")]


@given(st.binary(max_size=400))
def test_noise_makes_no_trouble_and_fills_no_memory(noise: bytes) -> None:
    one = splitter()

    for scan in (*one.feed(noise), *one.end()):
        assert scan.text.isprintable()
        assert len(scan.text) <= LONGEST
