"""What the package brings, systemd does and the screen needs: each thing taken away is found, and told how to mend."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from kiosk.doctor.finding import Finding, Level
from kiosk.doctor.installation import check_groups, examine_installation
from kiosk.doctor.screens import examine_screen
from kiosk.doctor.services import examine_services
from kiosk.releases.system_files import SYSTEM_FILES
from tests.doctor.roots import DEPLOY, MOUSE, Root, answers

ADDRESS = "http://127.0.0.1:8080/"
POLICY = "etc/chromium/policies/managed/littera.json"
STATION = "lib/systemd/system/littera-station.service"


@pytest.fixture
def root(tmp_path: Path) -> Root:
    return Root(tmp_path / "root")


@pytest.fixture
def programs(tmp_path: Path) -> str:
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("cage", "Xwayland"):
        (folder / name).touch(mode=0o755)
    return str(folder)


def not_good(findings: Iterable[Finding]) -> list[tuple[str, Level]]:
    """What is not good; whatever is, tells why it is looked at, and how it is mended."""
    found = [finding for finding in findings if finding.level is not Level.GOOD]
    assert all(finding.remedy and finding.why for finding in found)
    return [(finding.check, finding.level) for finding in found]


def installation(root: Root, version: str = "1.2.0", **answer: str | None) -> list[Finding]:
    return list(examine_installation(version, DEPLOY, answers(**answer), root.folder))


# ---- a computer that is as it should be ---------------------------------------------------------------------------


def test_nothing_is_said_against_a_sound_computer(root: Root, programs: str) -> None:
    findings = [
        *installation(root),
        *examine_services(answers(), root.folder),
        *examine_screen(ADDRESS, programs, root.folder),
        check_groups("kiosk", frozenset({"kiosk", "dialout", "lp"})),
        check_groups("littera-screen", frozenset({"video", "render", "audio"})),
    ]

    assert not_good(findings) == []
    assert len(findings) == 19


# ---- what the package brings --------------------------------------------------------------------------------------


def test_without_the_package_that_is_said_and_nothing_else(tmp_path: Path) -> None:
    (finding,) = examine_installation("1.2.0", DEPLOY, answers(), tmp_path)

    assert finding.level is Level.WORRYING
    assert finding.seen == "littera-kiosk is not installed here: nothing of what it brings is checked"


@pytest.mark.parametrize("place", [file.place for file in SYSTEM_FILES])
def test_each_file_that_is_missing_is_named(root: Root, place: str) -> None:
    root.remove(place)

    (finding,) = [one for one in installation(root) if one.level is not Level.GOOD]

    assert finding.level is Level.FAILED
    assert finding.seen == f"/{place} is missing"
    assert ("--force-confmiss" in finding.remedy) == place.startswith("etc/")


@pytest.mark.parametrize("place", [STATION, "lib/udev/rules.d/70-littera.rules", "etc/pam.d/littera-screen"])
def test_a_file_that_was_changed_is_named_with_what_puts_it_right(root: Root, place: str) -> None:
    root.write(place, "changed\n")

    (finding,) = [one for one in installation(root) if one.level is not Level.GOOD]

    assert finding.level is Level.WORRYING
    assert place in finding.seen
    assert ("cp /opt/littera/config/deploy/" in finding.remedy) == place.startswith("etc/")


@pytest.mark.parametrize(
    ("installed", "at_work", "says"),
    [
        ("1.1.0", "1.2.0", "apt install ./littera-kiosk_1.2.0_*.deb"),
        ("1.3.0", "1.2.0", "the console (Version) says why"),
        (None, "1.2.0", "--reinstall"),
    ],
)
def test_a_package_of_another_version_than_the_one_at_work_is_told(
    root: Root, installed: str | None, at_work: str, says: str
) -> None:
    (finding,) = [one for one in installation(root, at_work, littera_kiosk=installed) if one.level is not Level.GOOD]

    assert finding.check == "package"
    assert says in finding.remedy


@pytest.mark.parametrize(
    ("take_away", "finds"),
    [
        (lambda root: root.remove("etc/littera/release.pub"), ("trust in new versions", Level.WORRYING)),
        (
            lambda root: (root.folder / "etc/littera/release.pub").chmod(0o666),
            ("trust in new versions", Level.FAILED),
        ),
        (
            lambda root: root.write("usr/lib/pcsc/drivers/serial/libifdvpcd.so", ""),
            ("virtual card reader", Level.FAILED),
        ),
        (lambda root: root.remove("usr/lib/polkit-1/polkitd"), ("polkit", Level.WORRYING)),
    ],
)
def test_what_else_the_package_needs_is_looked_at(
    root: Root, take_away: Callable[[Root], None], finds: tuple[str, Level]
) -> None:
    take_away(root)

    assert not_good(installation(root)) == [finds]


@pytest.mark.parametrize(
    ("groups", "says"),
    [
        (None, "systemd-sysusers littera-kiosk.conf"),
        (frozenset({"kiosk", "lp"}), "usermod -aG dialout kiosk"),
        (frozenset({"kiosk"}), "usermod -aG dialout,lp kiosk"),
    ],
)
def test_an_account_without_its_groups_is_told_which(groups: frozenset[str] | None, says: str) -> None:
    finding = check_groups("kiosk", groups)

    assert finding.level is Level.FAILED
    assert says in finding.remedy


# ---- systemd ------------------------------------------------------------------------------------------------------


def test_without_systemd_that_is_said_plainly_and_nothing_else(root: Root) -> None:
    root.remove("run/systemd")

    (finding,) = examine_services(answers(), root.folder)

    assert finding.level is Level.WORRYING
    assert finding.seen.startswith("no systemd runs here")


@pytest.mark.parametrize(
    ("answer", "level", "says"),
    [
        ({"is-enabled": "not-found"}, Level.FAILED, "apt install ./littera-kiosk_"),
        ({"is-enabled": None}, Level.FAILED, "apt install ./littera-kiosk_"),
        ({"is-enabled": "disabled"}, Level.FAILED, "systemctl enable --now"),
        ({"is-enabled": "masked"}, Level.FAILED, "systemctl unmask"),
        ({"is-active": "failed"}, Level.FAILED, "journalctl -u"),
        ({"is-active": "inactive"}, Level.FAILED, "systemctl restart"),
        ({"NRestarts": "31"}, Level.WORRYING, "journalctl -u"),
    ],
)
def test_each_unit_that_does_not_serve_is_told_what_to_do(
    root: Root, answer: dict[str, str | None], level: Level, says: str
) -> None:
    found = [one for one in examine_services(answers(**answer), root.folder) if one.level is not Level.GOOD]

    assert [one.check for one in found] == ["littera-station.service", "littera-screen.service", "littera-update.path"]
    assert {one.level for one in found} == {level}
    assert all(says in one.remedy for one in found)


@pytest.mark.parametrize(
    ("place", "words", "answer", "finds"),
    [
        ("x", "", {"get-default": "multi-user.target"}, ("start of the computer", Level.FAILED)),
        ("x", "", {"ctrl-alt-del.target": "static"}, ("Ctrl+Alt+Del", Level.WORRYING)),
        ("x", "", {"RuntimeWatchdogUSec": "0"}, ("watchdog of the computer", Level.WORRYING)),
        ("proc/sys/kernel/sysrq", "438\n", {}, ("magic keys", Level.WORRYING)),
    ],
)
def test_the_computer_itself_is_looked_at(
    root: Root, place: str, words: str, answer: dict[str, str | None], finds: tuple[str, Level]
) -> None:
    root.write(place, words)

    assert not_good(examine_services(answers(**answer), root.folder)) == [finds]


def test_a_computer_without_a_watchdog_is_told(root: Root) -> None:
    root.remove("dev/watchdog")

    assert not_good(examine_services(answers(), root.folder)) == [("watchdog of the computer", Level.WORRYING)]


# ---- the screen ---------------------------------------------------------------------------------------------------


def test_a_screen_without_a_compositor_names_what_is_missing(root: Root, programs: str) -> None:
    (Path(programs) / "Xwayland").unlink()

    (finding,) = [one for one in examine_screen(ADDRESS, programs, root.folder) if one.level is not Level.GOOD]

    assert finding.seen == "Xwayland not here"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"URLBlocklist": []}, "other addresses are not blocked"),
        ({"URLBlocklist": ["*"]}, "other addresses are not blocked"),
        ({"URLAllowlist": ["http://127.0.0.1:8081"]}, "the station's own address http://127.0.0.1:8080 is blocked"),
        ({"DownloadRestrictions": 0}, "DownloadRestrictions not as it must be"),
        ({"RemoteDebuggingAllowed": True}, "RemoteDebuggingAllowed not as it must be"),
    ],
)
def test_a_policy_with_a_hole_is_told(root: Root, programs: str, change: dict[str, object], says: str) -> None:
    policy = json.loads((root.folder / POLICY).read_text()) | change
    root.write(POLICY, json.dumps(policy))

    (finding,) = [one for one in examine_screen(ADDRESS, programs, root.folder) if one.level is not Level.GOOD]

    assert finding.level is Level.FAILED
    assert finding.seen == says


@pytest.mark.parametrize("words", ["{", "[]", "\udcff"])
def test_a_policy_chromium_cannot_read_is_none(root: Root, programs: str, words: str) -> None:
    (root.folder / POLICY).write_bytes(words.encode("utf-8", "surrogateescape"))

    (finding,) = [one for one in examine_screen(ADDRESS, programs, root.folder) if one.level is not Level.GOOD]

    assert "Chromium ignores it" in finding.seen


def test_a_missing_policy_opens_everything(root: Root, programs: str) -> None:
    root.remove(POLICY)

    assert not_good(examine_screen(ADDRESS, programs, root.folder)) == [("policy of the browser", Level.FAILED)]


@pytest.mark.parametrize(
    ("take_away", "finds"),
    [
        (
            lambda root: root.write("sys/class/drm/card0-HDMI-A-1/status", "disconnected\n"),
            ("display", Level.FAILED),
        ),
        (lambda root: root.remove("sys/class/drm"), ("display", Level.WORRYING)),
        (
            lambda root: root.write("sys/class/input/event4/device/capabilities/abs", f"{MOUSE}\n"),
            ("touch", Level.WORRYING),
        ),
    ],
)
def test_a_display_and_a_touchscreen_are_looked_for(
    root: Root, programs: str, take_away: Callable[[Root], None], finds: tuple[str, Level]
) -> None:
    take_away(root)

    assert not_good(examine_screen(ADDRESS, programs, root.folder)) == [finds]
