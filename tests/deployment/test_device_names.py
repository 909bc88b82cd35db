"""The names udev gives to what is plugged in: the real udevadm with the package's rules, on devices drawn in a folder.

`/sys` of the other computer is a folder with what the kernel writes there for a USB plug; udev takes it for real when
it is told not to ask what kind of file system it is (SYSTEMD_DEVICE_VERIFY_SYSFS, made for this).
"""

import grp
import re
from collections.abc import Callable, Iterator

import pytest

from tests.deployment.computers import Computer, another_computer
from tests.deployment.projects import ROOT

Plug = Callable[..., dict[str, str]]
RULES = "lib/udev/rules.d/70-littera.rules"


@pytest.fixture(scope="module")
def plug(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plug]:
    """Plug a device in and say what udev makes of it: its links, group, mode and properties."""
    with another_computer(tmp_path_factory.mktemp("names") / "computer") as computer:
        computer.sh("mount -t tmpfs none /sys; mkdir -p /sys/devices/usb1 /run/udev")
        computer.path(RULES).write_bytes((ROOT / "config/deploy/udev/70-littera.rules").read_bytes())
        count = iter(range(1, 1000))

        def plug(vendor: str, product: str, subsystem: str, name: str) -> dict[str, str]:
            place = f"/sys/devices/usb1/1-{next(count)}"
            _draw(computer, place, vendor, product, subsystem, name)
            said = computer.run("udevadm", "test", f"{place}/{name}", SYSTEMD_DEVICE_VERIFY_SYSFS="0")
            return _made_of(said.stdout + said.stderr)

        yield plug


def _draw(computer: Computer, place: str, vendor: str, product: str, subsystem: str, name: str) -> None:
    """Draw a USB device at *place* and below it what its driver made: *name* of *subsystem*."""
    major = {"tty": 188, "input": 13, "usbmisc": 180}[subsystem]
    computer.sh(f"""
        mkdir -p {place}/{name} /sys/bus/usb /sys/class/{subsystem}
        printf '{vendor}\\n' >{place}/idVendor; printf '{product}\\n' >{place}/idProduct
        printf 'DEVTYPE=usb_device\\n' >{place}/uevent; ln -s /sys/bus/usb {place}/subsystem
        printf 'MAJOR={major}\\nMINOR=0\\nDEVNAME={name}\\n' >{place}/{name}/uevent
        printf '{major}:0\\n' >{place}/{name}/dev
        ln -s /sys/class/{subsystem} {place}/{name}/subsystem
    """)


def _made_of(said: str) -> dict[str, str]:
    properties = dict(re.findall(r"^(?:.*: )?([A-Z_]+)=(.*)$", said, re.MULTILINE))
    last = {name: (re.findall(rf"{name} (\d+)", said) or [""])[-1] for name in ("GROUP", "MODE")}  # later rules win
    return properties | last | {"SAID": said}


@pytest.mark.parametrize(
    ("vendor", "product", "port"),
    [
        ("0403", "6001", "ttyUSB0"),
        ("0403", "6015", "ttyUSB0"),
        ("10c4", "ea60", "ttyUSB0"),
        ("067b", "2303", "ttyUSB0"),
        ("067b", "23a3", "ttyUSB0"),
        ("1a86", "7523", "ttyUSB0"),
        ("09d8", "0420", "ttyACM0"),
    ],
)
def test_what_pads_are_wired_to_is_the_pad(plug: Plug, vendor: str, product: str, port: str) -> None:
    made = plug(vendor, product, "tty", port)

    assert "/dev/littera-pad" in made["DEVLINKS"].split(), made["SAID"]
    assert made["ID_MM_DEVICE_IGNORE"] == "1"
    assert made["MODE"] == "0660"


@pytest.mark.parametrize("vendor", ["0c2e", "05e0", "05f9", "1eab", "065a"])
@pytest.mark.parametrize(("subsystem", "name"), [("tty", "ttyACM1"), ("input", "event7")])
def test_a_barcode_scanner_has_its_name_whatever_it_plays(plug: Plug, vendor: str, subsystem: str, name: str) -> None:
    made = plug(vendor, "0001", subsystem, name)

    assert "/dev/littera-scanner" in made["DEVLINKS"].split(), made["SAID"]
    assert (made["GROUP"], made["MODE"]) == (str(grp.getgrnam("dialout").gr_gid), "0660")


def test_what_a_scanner_types_never_reaches_the_screen(plug: Plug) -> None:
    assert plug("0c2e", "0b61", "input", "event8")["LIBINPUT_IGNORE_DEVICE"] == "1"


def test_a_keyboard_stays_a_keyboard(plug: Plug) -> None:
    made = plug("046d", "c31c", "input", "event9")

    assert "LIBINPUT_IGNORE_DEVICE" not in made
    assert "littera" not in made.get("DEVLINKS", "")


@pytest.mark.parametrize("vendor", ["04b8", "0519", "0416"])
def test_a_receipt_printer_of_any_make_is_the_printer(plug: Plug, vendor: str) -> None:
    made = plug(vendor, "0202", "usbmisc", "lp0")

    assert "/dev/littera-printer" in made["DEVLINKS"].split(), made["SAID"]
    assert (made["GROUP"], made["MODE"]) == (str(grp.getgrnam("lp").gr_gid), "0660")


def test_a_modem_is_no_pad(plug: Plug) -> None:
    made = plug("12d1", "1001", "tty", "ttyUSB5")

    assert "littera" not in made.get("DEVLINKS", "")
