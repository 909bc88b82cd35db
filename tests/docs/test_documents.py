"""The documents: their links lead somewhere, their commands exist, their picture is the receipt that is tested."""

import re
import subprocess
from pathlib import Path

import pytest

from kiosk.cli import COMMANDS

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "ARCHITECTURE.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_inside_the_project_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", document.read_text(encoding="utf-8"))

    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_kiosk_command_a_document_names_exists(document: Path) -> None:
    named = re.findall(r"(?:`|bin/|\$ )kiosk ([a-z]+)", document.read_text(encoding="utf-8"))

    assert set(named) <= set(COMMANDS)


def test_the_picture_in_the_readme_is_the_receipt_that_is_tested() -> None:
    shown = ROOT / "docs" / "pictures" / "receipt.png"
    tested = ROOT / "tests" / "golden" / "receipts" / "borrowed-80-uk.png"

    assert shown.read_bytes() == tested.read_bytes()


def test_the_set_up_is_a_script_for_any_shell_and_refuses_what_it_does_not_know() -> None:
    script = ROOT / "config" / "deploy" / "setup.sh"

    syntax = subprocess.run(["sh", "-n", script], check=False, capture_output=True, text=True)
    refused = subprocess.run(["sh", script, "elephants"], check=False, capture_output=True, text=True)

    assert syntax.stderr == ""
    assert refused.returncode == 1
    assert refused.stderr == "setup: there is no set-up for 'elephants'; there are: demo, test, station\n"


def test_the_code_on_the_page_about_drivers_is_the_code_of_a_driver() -> None:
    page = (ROOT / "docs" / "devices" / "writing-a-driver.md").read_text(encoding="utf-8")
    pads = ROOT / "drivers" / "tag_pads"
    code = "".join((pads / name).read_text(encoding="utf-8") for name in ("elatec.py", "protocols.py"))

    shown = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)

    assert len(shown) == 7
    assert [piece for piece in shown if piece not in code] == []
