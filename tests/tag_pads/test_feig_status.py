import pytest

from drivers.tag_pads.feig_frames import Reply
from drivers.tag_pads.feig_status import Status, TagError, refusal
from kiosk.devices import DeviceRefused, TagGone, TagLocked

EVERY_TROUBLE = [status for status in Status if status not in {Status.OK, Status.MORE, Status.TAG_ERROR}]


@pytest.mark.parametrize("status", EVERY_TROUBLE)
def test_every_status_has_words_and_keeps_its_number(status: Status):
    error = refusal(Reply(0xB0, status), "read tag E004")

    assert f"0x{status:02X}" in str(error)
    assert "unexpected" not in str(error)


@pytest.mark.parametrize("code", TagError)
def test_every_error_of_a_tag_has_words(code: TagError):
    error = refusal(Reply(0xB0, Status.TAG_ERROR, bytes([code])), "read tag E004")

    assert "code of its maker" not in str(error)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(0xB0, 0x01), TagGone),
        (Reply(0xB0, 0x83), TagGone),
        (Reply(0xB0, 0x95, b"\x12"), TagLocked),
        (Reply(0xB0, 0x95, b"\x11"), TagLocked),
        (Reply(0xB0, 0x95, b"\x15"), TagLocked),
        (Reply(0xB0, 0x16), TagLocked),
        (Reply(0xB0, 0x15), TagLocked),
        (Reply(0xB0, 0x03, b"\x02"), DeviceRefused),
        (Reply(0xB0, 0x95, b"\x0f"), DeviceRefused),
        (Reply(0xB0, 0x95), DeviceRefused),
        (Reply(0xB0, 0x82), DeviceRefused),
        (Reply(0xB0, 0x42), DeviceRefused),
    ],
    ids=lambda told: told.__name__ if isinstance(told, type) else f"{told.status:02X}{told.body.hex()}",
)
def test_a_status_is_the_error_the_station_acts_on(reply: Reply, kind: type[DeviceRefused]):
    assert type(refusal(reply, "write")) is kind


def test_a_write_that_failed_names_the_block():
    assert "block 2" in str(refusal(Reply(0xB0, 0x03, b"\x02"), "write"))


def test_a_pad_in_scan_mode_tells_the_technician_what_to_change():
    assert "CFG1 byte 13" in str(refusal(Reply(0xB0, 0x82), "find the tags"))
