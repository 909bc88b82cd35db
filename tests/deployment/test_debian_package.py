"""The Debian package, made and installed for real: what it brings, whom it lets do what, what it leaves behind."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.releases.system_files import SYSTEM_FILES
from tests.deployment.computers import Computer, another_computer
from tests.deployment.projects import ROOT, debian_package

DEPLOY = ROOT / "config/deploy"


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("packages")
    key = folder / "release"
    from click.testing import CliRunner

    from kiosk.cli import main

    CliRunner().invoke(main, ["release", "key", str(key)])
    return {version: debian_package(folder, version, "--key", str(key)) for version in ("7.0.0", "7.1.0")}


@pytest.fixture(scope="module")
def installed(packages: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Computer]:
    """A computer with the package on it, told to be a station. Only for looking at."""
    with another_computer(tmp_path_factory.mktemp("computer")) as computer:
        computer.install(packages["7.0.0"], "central/hall")
        yield computer


@pytest.fixture
def computer(tmp_path: Path) -> Iterator[Computer]:
    with another_computer(tmp_path / "computer") as one:
        yield one


# ---- what is there -------------------------------------------------------------------------------


def test_every_file_of_the_system_is_in_its_place_and_belongs_to_root(installed: Computer) -> None:
    for file in SYSTEM_FILES:
        place = installed.path(file.place)
        facts = place.stat()

        assert place.read_bytes() == (DEPLOY / file.source).read_bytes(), file.place
        assert (facts.st_mode & 0o7777, facts.st_uid, facts.st_gid) == (file.mode, 0, 0), file.place


def test_nothing_in_the_folder_of_the_system_s_files_is_forgotten() -> None:
    listed = {file.source for file in SYSTEM_FILES}
    of_the_package = {"control", "templates", "config", "postinst", "prerm", "postrm", "copyright"}

    there = {
        str(path.relative_to(DEPLOY))
        for path in DEPLOY.rglob("*")
        if path.parent != DEPLOY
        and path.is_file()
        and path.name not in of_the_package
        and "overrides" not in path.parts
    }

    assert there == listed


def test_dpkg_finds_every_file_as_it_was_packed(installed: Computer) -> None:
    assert installed.sh("dpkg --verify littera-kiosk") == ""
    assert installed.sh("dpkg-query -W -f '${db:Status-Status}' littera-kiosk") == "installed"


def test_the_program_belongs_to_root_and_the_ledger_to_the_station(installed: Computer) -> None:
    assert installed.sh("readlink /opt/littera") == "littera-7.0.0\n"
    assert installed.sh("stat -c '%U %a' /opt/littera-7.0.0 /opt/littera/config/network.toml") == "root 755\nroot 644\n"
    assert installed.sh("find /opt/littera-7.0.0 -perm /022 ! -type l") == ""
    assert installed.sh("stat -c '%U %G %a' /var/lib/littera") == "kiosk kiosk 750\n"


def test_the_accounts_cannot_be_signed_in_to_and_have_the_groups_they_need(installed: Computer) -> None:
    accounts = installed.sh("getent passwd kiosk littera-screen littera").splitlines()

    assert [line.rpartition(":")[2] for line in accounts] == ["/usr/sbin/nologin"] * 3
    assert set(installed.sh("id -Gn kiosk").split()) == {"kiosk", "dialout", "lp"}
    assert set(installed.sh("id -Gn littera-screen").split()) == {"littera-screen", "video", "render", "audio"}


def test_the_screen_s_account_cannot_read_the_ledger(installed: Computer) -> None:
    installed.sh("install -o kiosk -g kiosk -m 600 /dev/null /var/lib/littera/station.db")

    refused = installed.run("runuser", "-u", "littera-screen", "--", "cat", "/var/lib/littera/station.db")

    assert "Permission denied" in refused.stderr


def test_the_chosen_station_is_written_down_and_starts_with_the_computer(installed: Computer) -> None:
    assert installed.sh("cat /etc/littera/station.env") == "KIOSK_BRANCH=central\nKIOSK_STATION=hall\n"
    for unit in ("littera-station.service", "littera-screen.service", "littera-update.path"):
        assert installed.sh(f"systemctl is-enabled {unit}") == "enabled\n"
    assert installed.run("systemctl", "is-enabled", "littera-central.service").stdout == "disabled\n"
    assert installed.sh("systemctl get-default") == "graphical.target\n"
    assert installed.run("systemctl", "is-enabled", "ctrl-alt-del.target").stdout == "masked\n"


def test_later_versions_are_trusted_by_the_key_the_package_was_made_with(installed: Computer) -> None:
    assert installed.path("/etc/littera/release.pub").read_text().startswith("-----BEGIN PUBLIC KEY-----")


# ---- what systemd, udev and sh say of it ---------------------------------------------------------


def test_systemd_understands_every_word_of_the_units(installed: Computer) -> None:
    units = [Path(file.place).name for file in SYSTEM_FILES if file.place.startswith("lib/systemd/system/")]

    assert len(units) == 8
    said = installed.run("systemd-analyze", "verify", "--man=no", *units)

    assert [line for line in said.stderr.splitlines() if "littera" in line] == []


@pytest.mark.parametrize(
    ("unit", "at_most"),
    [
        ("littera-station", 1.8),
        ("littera-screen", 3.0),
        ("littera-update", 1.9),
        ("littera-central", 1.7),
        ("littera-central-mail", 1.5),
        ("littera-central-nightly", 1.5),
    ],
)
def test_no_unit_is_more_exposed_than_it_was(installed: Computer, unit: str, at_most: float) -> None:
    """Exposure as systemd counts it, 0 to 10: above 5 it says "exposed". Lower the number when a unit got better."""
    said = installed.run("systemd-analyze", "security", "--offline=true", "--no-pager", f"{unit}.service")

    last = said.stdout.strip().splitlines()[-1]
    assert "Overall exposure level" in last, said.stderr
    assert float(last.split(": ")[1].split()[0]) <= at_most


def test_udev_understands_every_rule(installed: Computer) -> None:
    said = installed.run("udevadm", "test", "/sys/class/mem/null", SYSTEMD_LOG_LEVEL="info")

    assert [line for line in (said.stdout + said.stderr).splitlines() if "70-littera.rules" in line] == []


@pytest.mark.parametrize("script", ["config", "postinst", "prerm", "postrm", "kiosk"])
def test_the_scripts_are_for_any_shell(script: str) -> None:
    said = subprocess.run(["sh", "-n", DEPLOY / "debian" / script], capture_output=True, text=True, check=False)

    assert said.stderr == ""


# ---- its life ------------------------------------------------------------------------------------


def test_without_a_station_chosen_nothing_starts(computer: Computer, packages: dict[str, Path]) -> None:
    said = computer.install(packages["7.0.0"])

    assert "dpkg-reconfigure littera-kiosk" in said.stderr
    assert computer.run("systemctl", "is-enabled", "littera-station.service").stdout == "disabled\n"
    assert not computer.path("/etc/littera/station.env").exists()


def test_a_newer_package_is_tried_by_the_version_at_work(computer: Computer, packages: dict[str, Path]) -> None:
    computer.install(packages["7.0.0"], "children-2")
    computer.install(packages["7.1.0"], "children-2")

    assert "release install --key /usr/share/littera-kiosk/version.pub" in computer.path("/tmp/asked").read_text()
    assert computer.sh("readlink /opt/littera") == "littera-7.0.0\n"
    assert computer.path("/opt/littera-7.0.0/program").exists()


def test_a_newer_package_that_does_not_come_up_leaves_the_old_version_at_work(
    computer: Computer, packages: dict[str, Path]
) -> None:
    computer.install(packages["7.0.0"], "children-2")
    computer.path("/tmp/release-ends-with").write_text("1")

    said = computer.install(packages["7.1.0"], "children-2")

    assert "7.0.0 stays at work" in said.stderr
    assert computer.sh("dpkg-query -W -f '${db:Status-Status}' littera-kiosk") == "installed"


def test_an_older_package_never_throws_a_version_back(computer: Computer, packages: dict[str, Path]) -> None:
    computer.install(packages["7.1.0"], "children-2")
    computer.install(packages["7.0.0"], "children-2")

    assert computer.sh("readlink /opt/littera") == "littera-7.1.0\n"
    assert "release install" not in computer.path("/tmp/asked").read_text()


def test_removed_and_installed_again_it_has_its_ledger_and_its_settings(
    computer: Computer, packages: dict[str, Path]
) -> None:
    computer.install(packages["7.0.0"], "children-2")
    computer.sh("echo '# ours' >>/opt/littera/config/branches/children-2.toml; echo loans >/var/lib/littera/station.db")

    computer.sh("dpkg --remove littera-kiosk")
    assert computer.run("systemctl", "is-enabled", "ctrl-alt-del.target").stdout != "masked\n"
    assert computer.sh("ls -d /opt/littera* 2>/dev/null || true") == ""
    assert computer.path("/var/lib/littera/station.db").read_text() == "loans\n"

    computer.install(packages["7.1.0"], "children-2")
    assert computer.sh("tail -n 1 /etc/littera/config/branches/children-2.toml") == "# ours\n"
    assert computer.sh("cat /opt/littera/.config-as-released/branches/children-2.toml | tail -n 1") != "# ours\n"


def test_purged_nothing_is_left_of_a_station_whose_centre_has_all(
    computer: Computer, packages: dict[str, Path]
) -> None:
    computer.install(packages["7.0.0"], "children-2")
    computer.sh("echo loans >/var/lib/littera/station.db; echo '{\"not_acknowledged\": 0}' >/var/lib/littera/says")

    computer.sh("dpkg --purge littera-kiosk")

    places = "/etc /opt /var/backups /var/lib/systemd /var/lib/dpkg/info"
    assert computer.sh(f"find {places} /var/lib/littera -name '*littera*' 2>/dev/null || true") == ""
    assert [file.place for file in SYSTEM_FILES if computer.path(file.place).exists()] == []


@pytest.mark.parametrize("says", ['{"not_acknowledged": 3}', "no answer"])
def test_purged_loans_that_only_this_ledger_knows_are_set_aside_for_root(
    computer: Computer, packages: dict[str, Path], says: str
) -> None:
    computer.install(packages["7.0.0"], "children-2")
    computer.sh(f"echo loans >/var/lib/littera/station.db; echo '{says}' >/var/lib/littera/says")

    computer.sh("dpkg --purge littera-kiosk")

    assert computer.sh("cat /var/backups/littera-*/station.db") == "loans\n"
    assert computer.sh("stat -c '%U %a' /var/backups/littera-*") == "root 700\n"


def test_a_folder_in_the_place_of_the_link_is_left_alone(computer: Computer, packages: dict[str, Path]) -> None:
    computer.sh("mkdir /opt/littera; echo mine >/opt/littera/mine")

    refused = computer.run("dpkg", "--force-depends", "-i", computer.bring(packages["7.0.0"]))

    assert "is a folder: mv /opt/littera /opt/littera-first" in refused.stderr
    assert computer.path("/opt/littera/mine").read_text() == "mine\n"
