"""The folder printer: what lies in the folder after a slip."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from drivers.printers.escpos_paper import Paper, Printed
from drivers.printers.to_file import FilePrinter, FileSettings
from kiosk.devices import DeviceLost, PaperState, Slip, SlipLine
from tests.privileges import ordinary_user


def test_a_slip_is_a_text_with_the_bytes_of_a_printer_beside_it(tmp_path: Path, slip: Slip) -> None:
    printer = FilePrinter(FileSettings(str(tmp_path / "slips")))

    printer.print(slip)

    text = (tmp_path / "slips" / "C1-000123.txt").read_text(encoding="utf-8")
    paper = Paper()
    paper.feed((tmp_path / "slips" / "C1-000123.escpos").read_bytes())
    assert "Їжак і ґедзь: єдність п’яти\n" in text
    assert Printed("Їжак і ґедзь: єдність п’яти") in paper.slips[0]


def test_a_second_slip_of_the_same_title_overwrites_nothing(tmp_path: Path) -> None:
    printer = FilePrinter(FileSettings(str(tmp_path)))

    printer.print(Slip((SlipLine("перша"),), "A-1"))
    printer.print(Slip((SlipLine("друга"),), "A-1"))

    assert (tmp_path / "A-1.txt").read_text(encoding="utf-8") == "перша\n"
    assert (tmp_path / "A-1-2.txt").read_text(encoding="utf-8") == "друга\n"
    assert {file.suffix for file in tmp_path.iterdir()} == {".txt", ".escpos"}


@pytest.mark.parametrize(("title", "name"), [("../../etc/passwd", "etc-passwd"), ("", "slip"), (".hidden", "hidden")])
def test_a_title_never_leads_out_of_the_folder(tmp_path: Path, title: str, name: str) -> None:
    folder = tmp_path / "slips"

    FilePrinter(FileSettings(str(folder))).print(Slip((SlipLine("квитанція"),), title))

    assert (folder / f"{name}.txt").exists()
    assert list(tmp_path.iterdir()) == [folder]


def test_a_folder_has_paper_and_says_where_it_is(tmp_path: Path) -> None:
    printer = FilePrinter(FileSettings(str(tmp_path)))

    assert printer.paper() is PaperState.GOOD
    assert printer.facts().port == str(tmp_path)
    printer.close()


def test_a_folder_that_cannot_be_made_is_a_lost_printer(tmp_path: Path) -> None:
    (tmp_path / "slips").write_text("a file in the way", encoding="utf-8")

    with pytest.raises(DeviceLost, match="cannot make folder"):
        FilePrinter(FileSettings(str(tmp_path / "slips")))


def test_a_folder_of_somebody_else_is_a_lost_printer() -> None:
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o555)

        with ordinary_user(), pytest.raises(DeviceLost, match="give it to this account"):
            FilePrinter(FileSettings(folder)).paper()


def test_no_columns_is_no_setting(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="`columns` must be 1 or more"):
        FilePrinter(FileSettings(str(tmp_path), columns=0))
