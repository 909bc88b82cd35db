import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.cli.config import config
from kiosk.settings import branches_in, key_reference

CONFIG = Path(__file__).parents[2] / "config"


def run(*words, **environment):
    return CliRunner().invoke(config, words, env=environment, catch_exceptions=False)


@pytest.fixture
def spoilt(tmp_path):
    folder = Path(shutil.copytree(CONFIG, tmp_path / "config"))
    with (folder / "branches" / "central.toml").open("a", encoding="utf-8") as end:
        end.write("\n[wep]\nport = 1\n\n[stations.hall.pin]\nlength = 99\n")
    return folder


def test_check_says_ok_for_every_branch_that_ships():
    result = run("check", "--config", str(CONFIG))

    assert result.exit_code == 0
    assert [line.split(":")[0] for line in result.output.splitlines()] == list(branches_in(CONFIG))
    assert "central: ok (hall, street)" in result.output


def test_check_says_every_problem_once_and_ends_with_1(spoilt):
    result = run("check", KIOSK_CONFIG=str(spoilt))

    assert result.exit_code == 1
    assert result.output.count("wep: there is no such key; did you mean `web`?") == 1
    assert "central.toml [stations.hall]: pin.length: expected at most 8, found 99" in result.output
    assert "music: ok" in result.output


def test_check_looks_at_the_named_branches_only(spoilt):
    result = run("check", "--config", str(spoilt), "--branch", "music", "--branch", "branch-1")

    assert (result.exit_code, result.output) == (0, "music: ok\nbranch-1: ok\n")


def test_check_of_a_folder_without_branches_says_what_to_do(tmp_path):
    result = run("check", "--config", str(tmp_path))

    assert result.exit_code == 1
    assert "name the folder with --config" in result.output


def test_show_says_where_every_value_comes_from():
    lines = run("show", "--config", str(CONFIG), "--branch", "branch-7").output.splitlines()

    assert 'hours.saturday = "closed"  # branches/branch-7.toml' in lines
    assert "lending.categories.adult.max_loans = 5  # branches/branch-7.toml" in lines
    assert 'pad.driver = "feig"  # network.toml' in lines
    assert "lending.categories.child.rules.book.max_late_fee = not set  # default" in lines


def test_show_lays_the_demo_on_top():
    told = run(
        *("show", "--config", str(CONFIG), "--branch", "central", "--station", "hall"),
        *("--with", str(CONFIG / "demo.toml")),
    )

    assert 'printer.escpos.code_page = "cp1251"  # demo.toml' in told.output


def test_show_of_a_branch_nobody_has_is_one_plain_error():
    result = run("show", "--config", str(CONFIG), "--branch", "musik")

    assert result.exit_code == 1
    assert "did you mean `music`?" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(("kind", "layers"), [("network", "kinds"), ("branch", "stations")])
def test_the_schema_describes_every_section_and_demands_none(kind, layers):
    schema = json.loads(run("schema", "--kind", kind).output)

    assert {"lending", "pad", "hours", layers} <= set(schema["properties"])
    assert schema["additionalProperties"] is False
    assert '"required"' not in json.dumps(schema)
    assert schema["$defs"]["TimingSection"]["properties"]["idle_s"]["description"].startswith("Quiet for so long")


def test_every_pointer_of_the_schema_leads_somewhere():
    text = run("schema", "--kind", "branch").output
    definitions = json.loads(text)["$defs"]

    pointers = {part.split('"')[0] for part in text.split('"#/$defs/')[1:]}

    assert pointers <= set(definitions)
    assert "Layer" in pointers


def test_the_reference_is_the_manuals():
    assert run("reference").output == key_reference()
