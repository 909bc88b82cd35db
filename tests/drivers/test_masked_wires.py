"""What a technician sees of the wires: books' tags, never a patron's card nor the text of a slip."""

from drivers.masked_wires import MASK, FeigWriter, pad_writer, write_printer
from drivers.tag_pads.feig_frames import Code, Reply, Request, TagCode

ASK = Request(Code.TAG, bytes([TagCode.INVENTORY, 0])).to_bytes()
TAG = bytes.fromhex("03 3E E004010012345678")
CARD = bytes.fromhex("04 00 00 04A1B2C3D4E5F6")


def answered(*records: bytes) -> str:
    write = FeigWriter()
    write(ASK, True)
    return write(Reply(Code.TAG, 0, bytes([len(records)]) + b"".join(records)).to_bytes(), False)


def test_the_tag_of_a_book_is_shown():
    assert "e0 04 01 00 12 34 56 78" in answered(TAG)
    assert MASK not in answered(TAG)


def test_a_card_on_the_pad_is_hidden_beside_a_book():
    shown = answered(TAG, CARD)

    assert "e0 04 01 00 12 34 56 78" in shown
    assert "04 a1" not in shown
    assert "e5 f6" not in shown


def test_what_is_no_frame_is_hidden_whole():
    write = FeigWriter()
    write(ASK, True)

    assert set(write(b"\x04\xa1\xb2", False).split()) == {MASK}


def test_blocks_of_a_tag_are_shown():
    write = FeigWriter()
    write(Request(Code.TAG, bytes([TagCode.READ_BLOCKS, 1]) + bytes(8)).to_bytes(), True)

    assert MASK not in write(Reply(Code.TAG, 0, bytes([1, 4, 0, 1, 2, 3, 4])).to_bytes(), False)


def test_a_slip_is_only_measured():
    assert write_printer("Тіні забутих предків".encode("cp1251"), True) == f"{MASK} 20 {MASK}"
    assert write_printer(b"\x10\x04\x01", True) == "10 04 01"
    assert write_printer(b"\x16", False) == "16"


def test_a_pad_that_sees_no_cards_is_shown_whole():
    assert pad_writer("threem")(b"\xd6\x00", False) == "d6 00"
    assert pad_writer("elatec")(b"050010\r", True) == "050010"
    assert isinstance(pad_writer("feig"), FeigWriter)
