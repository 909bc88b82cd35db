"""`kiosk tag` at a technician's desk: hex in any dress, one line of JSON, one line of why not."""

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kiosk.cli.tag import tag
from tests.tags.golden_tags import TAGS, octets_of

HAMBURG = octets_of("hsu_hamburg_truncated_32")
PAGE = Path(__file__).parents[2] / "docs" / "tags.md"
SESSION = re.compile(r"^\$ kiosk tag (?P<line>.+)\n(?P<answer>(?:[^$`\n].*\n)+)", re.MULTILINE)


def run(*arguments: str, stdin: str | bytes = "") -> Result:
    return CliRunner().invoke(tag, arguments, input=stdin)


@pytest.mark.parametrize("published", TAGS, ids=lambda published: published["name"])
def test_a_published_dump_is_told_as_one_line_of_json(published) -> None:
    result = run("decode", published["hex"])

    told = json.loads(result.stdout)

    assert (result.exit_code, result.stdout.count("\n")) == (0, 1)
    assert told["model"] == published["model"]
    assert {name: told[name] for name in published["says"]} == published["says"]
    assert told["extras"].items() >= published["extras"].items()


@pytest.mark.parametrize(
    "dressed",
    [
        HAMBURG.hex(" "),
        HAMBURG.hex(":").upper(),
        "0x" + HAMBURG.hex(),
        " ".join(f"0x{octet:02X}," for octet in HAMBURG),
        HAMBURG.hex("-", 4),
        HAMBURG.hex("\n", 4) + "\r\n",
    ],
    ids=["blanks", "colons", "0x", "c-array", "blocks", "lines"],
)
def test_hex_may_come_in_any_dress_and_from_standard_input(dressed: str) -> None:
    given, piped = run("decode", dressed), run("decode", "-", stdin=dressed)

    assert json.loads(given.stdout)["item_id"] == "11223344"
    assert given.stdout == piped.stdout == run("decode", *HAMBURG.hex(" ").split()).stdout


@pytest.mark.parametrize("dsfid", ["3E", "3e", "0x3E", "3Eh"])
def test_the_dsfid_is_hexadecimal(dsfid: str) -> None:
    assert json.loads(run("decode", HAMBURG.hex(), "--dsfid", dsfid).stdout)["model"] == "iso28560-3"


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (["11 01 0G"], 2, "'G' is no hexadecimal digit"),
        (["110"], 2, "3 hexadecimal digits"),
        ([""], 2, "no hexadecimal digits at all"),
        (["1101", "--dsfid", "3E"], 1, "the CRC ends at byte 21"),
        (["2104", "--dsfid", "06"], 1, "the bytes end inside the element at byte 0"),
    ],
)
def test_what_cannot_be_read_is_one_line_on_standard_error(arguments: list[str], code: int, why: str) -> None:
    result = run("decode", *arguments)

    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (code, "", 1)
    assert why in result.stderr


@pytest.mark.parametrize("option", [["--dsfid", "XYZ"], ["--dsfid", "100"], ["--block-size", "0"]])
def test_a_wrong_option_is_a_wrong_use(option: list[str]) -> None:
    assert run("decode", "1101", *option).exit_code == 2


def test_bytes_that_are_no_text_at_all_are_a_wrong_use() -> None:
    result = run("decode", "-", stdin=b"\x11\x01\xff\xfe")

    assert result.exit_code == 2
    assert "is no hexadecimal digit" in result.stderr


def test_several_faults_are_all_told() -> None:
    result = run("decode", "9100051CBE991A142602AB106503787878", "--dsfid", "06")

    assert "element 6 at byte 8" in json.loads(result.stdout)["extras"]["fault"]
    assert "element 5 at byte 12" in json.loads(result.stdout)["extras"]["fault"]


@pytest.mark.parametrize("owner", ["UA-0001", "UA0001", "ua-0001"])
@pytest.mark.parametrize("model", ["iso28560-3", "iso28560-2"])
def test_an_encoded_tag_is_decoded_to_what_was_asked(model: str, owner: str) -> None:
    asked = [
        "--item-id",
        "Том-12",
        "--parts",
        "3",
        "--part",
        "2",
        "--usage",
        "local",
        "--title",
        "Кобзар",
        "--size",
        "112",
    ]
    written = run("encode", "--model", model, "--owner", owner, *asked)

    told = json.loads(run("decode", "-", stdin=written.stdout).stdout)

    assert (told["model"], told["item_id"], told["owner"]) == (model, "Том-12", "UA-0001")
    assert (told["parts"], told["part"], told["usage"]) == (3, 2, "local")
    assert (told["extras"]["title"], len(written.stdout)) == ("Кобзар", 2 * 112 + 1)


def test_an_owner_a_3m_tag_has_no_place_for_is_left_out_and_said_so() -> None:
    result = run(
        "encode", "--model", "3m501", "--item-id", "1111", "--owner", "UA-0001", "--media", "book", "--size", "28"
    )

    assert bytes.fromhex(result.stdout) == octets_of("barcode_1111")
    assert result.stderr == "3M 501 has no place for an owner: left out\n"


def test_what_a_tag_cannot_hold_is_one_line_on_standard_error() -> None:
    result = run("encode", "--model", "iso28560-3", "--item-id", "1", "--title", "Кобзар", "--size", "32")

    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)


@pytest.mark.parametrize("model", ["iso28560-3", "iso28560-2", "3m501"])
def test_a_part_beyond_the_last_is_refused(model: str) -> None:
    result = run("encode", "--model", model, "--item-id", "1", "--parts", "2", "--part", "3")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: part 3 of 2: ")


@pytest.mark.parametrize(
    "session", [*SESSION.finditer(PAGE.read_text("utf-8"))], ids=lambda session: session["line"][:40]
)
def test_the_page_on_tags_shows_what_the_command_answers(session: re.Match[str]) -> None:
    result = run(*shlex.split(session["line"]))

    assert result.stdout == session["answer"]


def test_the_page_on_tags_shows_both_commands() -> None:
    lines = [session["line"].split()[0] for session in SESSION.finditer(PAGE.read_text("utf-8"))]

    assert {"decode", "encode"} <= set(lines)
