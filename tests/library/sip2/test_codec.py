"""Messages there and back, and the ways of real servers."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.library.sip2.checksums import Checksum, SumOf, checksum_of
from kiosk.library.sip2.codec import BadMessage, Dialect, decode, encode
from kiosk.library.sip2.fields import Field
from kiosk.library.sip2.layouts import LAYOUTS, Kind
from kiosk.library.sip2.message import Message, message
from kiosk.library.sip2.texts import UnsendableValue

NOW = "20261123    031538"
NUMBERED = [layout for layout in LAYOUTS.values() if layout.kind not in (Kind.RESEND_ANSWER, Kind.RESEND_REQUEST)]


def item_request(item: str, **other: str | None) -> Message:
    fields = {Field.INSTITUTION: "CPL", Field.ITEM: item, Field.TERMINAL_PASSWORD: "", **other}
    return message(Kind.ITEM_INFORMATION, {"transaction_date": NOW}, fields.items())


# --- the examples of the standard and of a real server --------------------------------------------------


@pytest.mark.parametrize(
    ("body", "digits"),
    [
        (b"9900802.00AY1AZ", "FCA0"),
        (b"9300CNLoginUserID|COLoginPassword|CPLocationCode|AY5AZ", "EC7B"),
        (b"97AZ", "FEF5"),
        (b"96AZ", "FEF6"),
        (b"941AY0AZ", "FDFD"),
        (
            "1803020120261123    031538ABLIB000011|AJҐудзик і п’ятірка «Їжак»|CK001|AQCPL|BGCPL|AY2AZ".encode(),
            "D0F0",
        ),
    ],
)
def test_checksums_of_the_standard_and_of_koha(body: bytes, digits: str) -> None:
    assert checksum_of(body) == digits
    assert decode(body + digits.encode(), Dialect()).checksum is Checksum.BYTES


def test_a_resend_carries_a_checksum_and_never_a_number() -> None:
    assert encode(message(Kind.RESEND_ANSWER), Dialect(), sequence=4) == b"97AZFEF5\r"
    assert encode(message(Kind.RESEND_ANSWER), Dialect()) == b"97\r"


def test_a_published_message_of_a_server_that_adds_up_code_points() -> None:
    # php-sip2 issue 8: its AJ holds one letter outside ASCII, and its AZ is the sum of code points
    body = "AJAnam ċara :|AY1AZ"
    head = "1803020120261123    031538ABLIB|"
    digits = checksum_of(head + body)
    assert digits != checksum_of((head + body).encode())

    received = decode(f"{head}{body}{digits}".encode(), Dialect())

    assert received.checksum is Checksum.CODE_POINTS
    assert received.message.text(Field.TITLE) == "Anam ċara :"


def test_a_sum_of_decomposed_code_points_is_right_too() -> None:
    said = message(Kind.LOGIN_SAID, {"ok": "1"}, [(Field.SCREEN, "Їжак")])
    raw = encode(said, Dialect(form="NFD", sum_of=SumOf.CODE_POINTS), 3)

    received = decode(raw, Dialect())

    assert received.checksum is Checksum.CODE_POINTS
    assert received.message == said


@pytest.mark.parametrize("digits", ["fca0", "FCA0|", "FCA0  ", "FCA0\n"])
def test_a_checksum_may_be_written_carelessly(digits: str) -> None:
    received = decode(b"9900802.00AY1AZ" + digits.encode(), Dialect())

    assert (received.sequence, received.checksum) == (1, Checksum.BYTES)


def test_a_checksum_may_lack_its_leading_zeros() -> None:
    for filler in range(20000):
        body = b"941AFx%d|AY1AZ" % filler
        if checksum_of(body).startswith("0"):
            break
    short = checksum_of(body).lstrip("0").encode()

    assert decode(body + short, Dialect()).checksum is Checksum.BYTES


def test_a_damaged_message_is_told_apart() -> None:
    raw = encode(item_request("LIB000011"), Dialect(), 2)

    assert decode(raw.replace(b"LIB000011", b"LIB000017"), Dialect()).checksum is Checksum.WRONG


# --- what is sent --------------------------------------------------------------------------------------


def test_a_request_is_written_as_koha_was_asked() -> None:
    assert encode(item_request("LIB000011"), Dialect(), 2) == b"1720261123    031538AOCPL|ABLIB000011|AC|AY2AZF509\r"


def test_a_pin_never_stands_last_without_error_detection() -> None:
    asked = message(
        Kind.PATRON_INFORMATION,
        {"language": "000", "transaction_date": NOW, "summary": " " * 10},
        [(Field.PIN, "s3cret!"), (Field.PATRON, "P0014"), (Field.INSTITUTION, "CPL")],
    )

    assert encode(asked, Dialect()).endswith(b"ADs3cret!|AOCPL|\r")
    assert b"AOCPL|AAP0014|ADs3cret!|AY0AZ" in encode(asked, Dialect(), 0)


@pytest.mark.parametrize("bad", ["LIB\r97", "LIB|AOX", "LIB\0", "LIB\x85"])
def test_a_tag_cannot_write_into_the_message(bad: str) -> None:
    with pytest.raises(UnsendableValue):
        encode(item_request(bad), Dialect())


def test_a_client_never_sends_a_letter_as_another_one() -> None:
    with pytest.raises(UnsendableValue, match="cp850"):
        encode(item_request("ЛІБ"), Dialect(encoding="cp850"))
    assert b"AB???|" in encode(item_request("ЛІБ"), Dialect(encoding="cp850", lossy=True))


def test_a_long_value_is_cut_at_a_letter() -> None:
    raw = encode(item_request("Ї" * 200), Dialect())

    assert decode(raw, Dialect()).message.first(Field.ITEM) == "Ї" * 127


def test_a_message_needs_its_whole_fixed_part() -> None:
    with pytest.raises(ValueError, match="transaction_date needs 18"):
        message(Kind.ITEM_INFORMATION, {"transaction_date": "2026"})
    with pytest.raises(ValueError, match="no fixed part summary"):
        message(Kind.ITEM_INFORMATION, {"transaction_date": NOW, "summary": ""})


# --- what is heard -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "code", "value"),
    [
        (b"941BEleona|rdr@|bar.com|BF1|", Field.EMAIL, "leona|rdr@|bar.com"),  # Sierra, redacted
        (b"941AEPia O&#124;Pipe|", Field.NAME, "Pia O|Pipe"),  # Koha
        (b"941AFone||AGtwo|", Field.SCREEN, "one"),
        (b"941AFlast, without its delimiter", Field.SCREEN, "last, without its delimiter"),
        (b"941AO|AFx|", Field.INSTITUTION, ""),
        (b"941PB\x0119900517|", "PB", "19900517"),  # Atriuum
        (b"941AFtwo\nlines|", Field.SCREEN, "two lines"),
        (b"\n 941AFline feed before|\r\n", Field.SCREEN, "line feed before"),
        (b"941  AFsigns before the first field|", Field.SCREEN, "signs before the first field"),
        (b"941AF\xff\xfe|AOCPL|", Field.INSTITUTION, "CPL"),  # bytes of no character set
    ],
)
def test_what_real_servers_send_is_read(raw: bytes, code: str, value: str) -> None:
    layout_independent = raw.replace(b"941", b"36Y" + NOW.encode(), 1)

    assert decode(layout_independent, Dialect()).message.first(code) == value


def test_decomposed_letters_are_composed() -> None:
    raw = "36Y20261123    031538AFІ\u0308жак и\u0306|".encode()

    assert decode(raw, Dialect()).message.text(Field.SCREEN) == "Їжак й"


def test_unknown_fields_and_repeats_are_kept() -> None:
    received = decode(b"36Y20261123    031538ZZx|AF1|U1y|AF2|", Dialect()).message

    assert received.fields == (("ZZ", "x"), ("AF", "1"), ("U1", "y"), ("AF", "2"))
    assert received.every(Field.SCREEN) == ("1", "2")


@pytest.mark.parametrize(
    "raw", [b"", b"XX1", b"9", b"Problems handling the request: null", b"18030201", b"00AF|", b"\xd0\x9a94"]
)
def test_what_is_no_message_is_said_to_be_none(raw: bytes) -> None:
    with pytest.raises(BadMessage):
        decode(raw, Dialect())


@given(st.binary(max_size=200), st.sampled_from(["utf-8", "cp850", "koi8-u", "cp1251", "ascii"]))
def test_no_bytes_do_more_than_be_refused(raw: bytes, encoding: str) -> None:
    for start in (b"", b"941", b"9900802.00AY1AZ", b"36Y20261123    031538"):
        try:
            decode(start + raw, Dialect(encoding=encoding))
        except BadMessage:
            continue


# --- there and back ------------------------------------------------------------------------------------

LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn")), max_size=40)


@st.composite
def messages(draw: st.DrawFn) -> Message:
    layout = draw(st.sampled_from(NUMBERED))
    signs = st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters="|")
    fixed = {name: draw(st.text(signs, min_size=length, max_size=length)) for name, length in layout.fixed}
    codes = [*layout.fields, "ZZ", "U1"]
    fields = draw(st.lists(st.tuples(st.sampled_from(codes), LETTERS), max_size=6))
    return message(layout.kind, fixed, fields)


def composed(said: Message) -> Message:
    fields = tuple((code, unicodedata.normalize("NFC", value)) for code, value in said.fields)
    return Message(said.kind, said.fixed, fields)


@given(messages(), st.integers(0, 9), st.sampled_from(["NFC", "NFD"]), st.sampled_from(SumOf))
def test_a_numbered_message_comes_back_as_it_went(said: Message, number: int, form: str, sum_of: SumOf) -> None:
    dialect = Dialect(lossy=True, form=form, sum_of=sum_of, limit=4096)
    if any("&#124;" in value for _, value in said.fields):
        return

    received = decode(encode(said, dialect, number), Dialect())

    assert received.sequence == number
    assert received.checksum is not Checksum.WRONG
    assert received.message == composed(said)
