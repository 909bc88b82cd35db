"""The ESC/POS driver on a simulated printer: what is on the paper, and what is said when it cannot be."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.printers.escpos import EscposPrinter, EscposSettings
from drivers.printers.escpos_firmware import EscposFirmware
from drivers.printers.escpos_paper import Painted, Printed
from drivers.printers.escpos_simulator import SimulatedEscposPrinter, SimulatedNetworkPrinter
from drivers.printers.line_pictures import LinePainter
from kiosk.devices import DeviceLost, DeviceRefused, PaperState, Slip, SlipLine

Opened = Callable[..., EscposPrinter]


@pytest.fixture
def opened(simulated: SimulatedEscposPrinter) -> Iterator[Opened]:
    printers: list[EscposPrinter] = []

    def open_with(port: str = "", **options: object) -> EscposPrinter:
        settings = EscposSettings(port or simulated.path, **options)  # type: ignore[arg-type]  # named options
        printers.append(EscposPrinter(settings))
        return printers[-1]

    yield open_with
    for printer in printers:
        printer.close()


def test_ukrainian_letters_come_out_as_letters_where_the_code_page_has_them(
    opened: Opened, simulated: SimulatedEscposPrinter, slip: Slip
) -> None:
    printer = opened(code_page="cp1251")

    printer.print(slip)

    assert simulated.firmware.slips == (
        (
            Printed("ЛітТера", bold=True, size=2, centred=True),
            Printed("Видано: 2 прим.", bold=True),
            Printed("Їжак і ґедзь: єдність п’яти"),
            Printed("повернути до 30.03.2026", small=True),
        ),
    )


def test_a_line_the_code_page_lacks_a_letter_for_is_painted_and_none_is_replaced(
    opened: Opened, simulated: SimulatedEscposPrinter, slip: Slip
) -> None:
    printer = opened(code_page="cp866")

    printer.print(slip)

    (printed,) = simulated.firmware.slips
    assert [type(line) for line in printed] == [Painted, Printed, Painted, Printed]
    assert printed[1] == Printed("Видано: 2 прим.", bold=True)


def test_without_a_code_page_the_paper_shows_the_very_picture_of_each_line(
    opened: Opened, simulated: SimulatedEscposPrinter
) -> None:
    line = SlipLine("Їжак і ґедзь", centred=True)
    printer = opened()

    printer.print(Slip((line,)))

    ((painted,),) = simulated.firmware.slips
    (expected,) = LinePainter(576).paint(line)
    assert isinstance(painted, Painted)
    assert painted.picture.tobytes() == expected.tobytes()


def test_raster_paints_every_line_whatever_the_code_page(
    opened: Opened, simulated: SimulatedEscposPrinter, slip: Slip
) -> None:
    printer = opened(code_page="cp1251", raster=True)

    printer.print(slip)

    (printed,) = simulated.firmware.slips
    assert [type(line) for line in printed] == [Painted] * 4


def test_a_narrow_printer_gets_its_own_page_number_and_breaks_lines_at_its_width(
    opened: Opened, simulated: SimulatedEscposPrinter
) -> None:
    simulated.firmware.teach_page(73, "cp1251")
    printer = opened(profile="POS-5890", code_page="cp1251")

    printer.print(Slip((SlipLine("Захар Беркут. Образ громадського життя Карпатської Русі"),)))
    printer.print(Slip((SlipLine("друга квитанція"),)))

    on_roll = simulated.firmware.hanging_out  # this model has no cutter
    assert [line.text for line in on_roll if isinstance(line, Printed)] == [
        "Захар Беркут. Образ громадського",
        "життя Карпатської Русі",
        "друга квитанція",
    ]


def test_a_page_number_that_differs_in_this_printer_can_be_set(
    opened: Opened, simulated: SimulatedEscposPrinter
) -> None:
    simulated.firmware.teach_page(99, "cp1125")
    printer = opened(code_page="cp1125", code_page_number=99)

    printer.print(Slip((SlipLine("Ґанок"),)))

    assert simulated.firmware.slips == ((Printed("Ґанок"),),)


def test_without_paper_nothing_is_printed_and_after_a_new_roll_everything_is(
    opened: Opened, simulated: SimulatedEscposPrinter, slip: Slip
) -> None:
    printer = opened()
    simulated.firmware.paper = PaperState.OUT

    with pytest.raises(DeviceRefused, match="no paper: put in a new roll"):
        printer.print(slip)
    simulated.refill()

    assert simulated.firmware.slips == ()
    printer.print(slip)
    assert len(simulated.firmware.slips) == 1


def test_paper_that_ends_in_the_middle_is_a_refusal_and_the_rest_never_comes_out(
    opened: Opened, simulated: SimulatedEscposPrinter, slip: Slip
) -> None:
    """The rest of a receipt must not come out before the next patron when somebody puts in a new roll."""
    printer = opened(code_page="cp1251")
    simulated.firmware.runs_out_after = 60

    with pytest.raises(DeviceRefused, match="no paper"):
        printer.print(slip)
    printed_before = simulated.firmware.hanging_out
    simulated.refill()
    printer.paper()

    assert simulated.firmware.hanging_out == printed_before
    assert simulated.firmware.slips == ()


def test_the_half_slip_of_a_lost_connection_does_not_spoil_the_next(
    opened: Opened, simulated: SimulatedEscposPrinter, slip: Slip
) -> None:
    simulated.firmware.take(b"\x1b@\x1dv0\x00\x48\x00\x1e\x00\xff\xff")  # a picture of 2160 bytes, two of them sent

    printer = opened(code_page="cp1251")
    printer.print(slip)

    assert len(simulated.firmware.slips) == 1
    assert Printed("Видано: 2 прим.", bold=True) in simulated.firmware.slips[0]


def test_a_printer_that_never_answers_is_lost_and_the_message_names_the_way_out(
    simulated: SimulatedEscposPrinter,
) -> None:
    simulated.firmware.silent = True

    with pytest.raises(DeviceLost, match="set `status = false`"):
        EscposPrinter(EscposSettings(simulated.path))


def test_a_printer_that_never_answers_still_prints_when_it_is_not_asked(
    opened: Opened, simulated: SimulatedEscposPrinter, tmp_path: Path, slip: Slip
) -> None:
    file = tmp_path / "lp0"
    file.touch()
    printer = opened(str(file), status=False, code_page="cp1251")

    printer.print(slip)

    assert printer.paper() is PaperState.UNKNOWN
    simulated.firmware.take(file.read_bytes())
    assert Printed("Видано: 2 прим.", bold=True) in simulated.firmware.slips[0]


def test_a_printer_that_takes_its_time_is_lost_in_the_end(
    opened: Opened, simulated: SimulatedEscposPrinter, slip: Slip
) -> None:
    printer = opened(print_within=0.2)
    simulated.firmware.stuck = True

    with pytest.raises(DeviceLost, match=r"did not finish a slip in 0\.2 s"):
        printer.print(slip)


def test_a_line_too_slow_for_the_slip_is_given_up_in_time(
    opened: Opened, simulated: SimulatedEscposPrinter, slip: Slip
) -> None:
    printer = opened(print_within=0.0)

    with pytest.raises(DeviceLost, match=r"did not finish a slip in 0 s: a higher `baud` or a `code_page`"):
        printer.print(slip)

    assert simulated.firmware.slips == ()


def test_a_printer_that_is_not_there_is_lost_and_no_file_is_made(tmp_path: Path) -> None:
    missing = tmp_path / "lp0"

    with pytest.raises(DeviceLost, match="is it switched on and plugged in"):
        EscposPrinter(EscposSettings(str(missing)))

    assert not missing.exists()


def test_a_network_printer_that_is_switched_off_is_lost(
    opened: Opened, networked: SimulatedNetworkPrinter, slip: Slip
) -> None:
    address = networked.path
    printer = opened(address)
    networked.unplug()

    with pytest.raises(DeviceLost):
        printer.print(slip)
    with pytest.raises(DeviceLost, match="does not answer"):
        EscposPrinter(EscposSettings(address))


def test_a_failed_open_leaves_nothing_open(simulated: SimulatedEscposPrinter) -> None:
    simulated.firmware.silent = True
    before = len(list(Path("/proc/self/fd").iterdir()))

    with pytest.raises(DeviceLost):
        EscposPrinter(EscposSettings(simulated.path))

    assert len(list(Path("/proc/self/fd").iterdir())) == before


@pytest.mark.parametrize(
    ("profile", "kind"), [("TM-T20II", Printed), ("POS-5890", Printed), ("ZJ-5870", Painted), ("TM-T88IV-SA", Painted)]
)
def test_the_best_page_of_the_model_is_found_or_lines_are_painted(profile: str, kind: type) -> None:
    """The 58 mm one has cp1251 under a number of its own; the next only cp866, which lacks і; the last none at all."""
    firmware = EscposFirmware()
    firmware.teach_page(73, "cp1251")
    typesetter = EscposSettings("", profile, code_page="auto").typesetter()

    firmware.take(typesetter.set_slip(Slip((SlipLine("Їжак і ґедзь"),))))

    printed = [line for line in (*sum(firmware.slips, ()), *firmware.hanging_out) if line != Printed("")]
    assert [type(line) for line in printed] == [kind]
