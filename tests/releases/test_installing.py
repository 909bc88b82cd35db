"""A version is exchanged for another, and nothing on the way loses a book: not a version that dies, not the mains."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from kiosk.releases import installing
from kiosk.releases.installing import Installer, InstallFailed
from kiosk.releases.package import Package, open_package
from tests.releases.trees import KEY, LENDS, NETWORK, SPOILS, UP, Computer, files_of, package_at


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    one = Computer(tmp_path)
    one.has("1.0.0", files_of("1.0.0"))
    return one


def package(computer: Computer, files: dict[str, str], version: str = "1.1.0") -> Package:
    return open_package(package_at(computer.folder / "new.littera", files, version), KEY.public_key())


def install(computer: Computer, files: dict[str, str], version: str = "1.1.0") -> None:
    Installer(computer.home, computer.ledger, computer).install(package(computer, files, version))


def test_a_new_version_comes_up(computer: Computer) -> None:
    install(computer, files_of("1.1.0"))

    assert computer.at_work == "1.1.0"
    assert computer.home.resolve().name == "littera-1.1.0"
    assert computer.asked == ["stop", "start"]


def test_one_after_the_other(computer: Computer) -> None:
    install(computer, files_of("1.1.0"))
    install(computer, files_of("1.2.0"), "1.2.0")

    assert computer.at_work == "1.2.0"


def test_what_does_not_come_up_is_taken_back_with_its_ledger(computer: Computer) -> None:
    computer.ledger.chmod(0o600)
    with pytest.raises(InstallFailed, match=r"1\.1\.0 did not come up; littera-1\.0\.0 is at work again"):
        install(computer, files_of("1.1.0", SPOILS))

    assert computer.at_work == "1.0.0"
    assert computer.home.resolve().name == "littera-1.0.0"
    assert computer.tables() == {"journal"}
    assert computer.ledger.stat().st_mode & 0o777 == 0o600


def test_a_version_that_lent_is_never_taken_back(computer: Computer) -> None:
    """Its ledger holds what the old one never saw."""
    with pytest.raises(InstallFailed, match="loans are in its ledger"):
        install(computer, files_of("1.1.0", LENDS))

    assert computer.home.resolve().name == "littera-1.1.0"


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (files_of("1.1.0", setup="echo 'no compiler' >&2; exit 1"), "no compiler"),
        (files_of("1.1.0", network='rule = "gone"\n'), "there is no such value"),
        ({"config/network.toml": NETWORK}, "setup.sh"),
    ],
)
def test_what_cannot_be_set_up_never_stops_the_station(computer: Computer, broken: dict[str, str], says: str) -> None:
    with pytest.raises(InstallFailed, match=says):
        install(computer, broken)

    assert computer.asked == []
    assert computer.home.resolve().name == "littera-1.0.0"


def test_settings_changed_at_the_station_are_taken_along(computer: Computer) -> None:
    branches = computer.home / "config/branches"
    (branches / "central.toml").write_text("changed = true\n")
    (branches / "ours.toml").write_text("added = true\n")

    install(computer, files_of("1.1.0"))

    assert (branches / "central.toml").resolve() == (computer.home / "config/branches/central.toml").resolve()
    assert (computer.home / "config/branches/central.toml").read_text() == "changed = true\n"
    assert (computer.home / "config/branches/ours.toml").read_text() == "added = true\n"
    assert (computer.home / "config/network.toml").read_text() == NETWORK


def test_a_first_version_without_its_settings_as_they_came_asks_for_them(tmp_path: Path) -> None:
    computer = Computer(tmp_path)
    computer.has("1.0.0", files_of("1.0.0"), pristine=False)
    with pytest.raises(InstallFailed, match=r"cp -r .*config .*\.config-as-released"):
        install(computer, files_of("1.1.0"))
    assert computer.asked == []


def test_settings_nobody_changed_are_those_of_the_new_version(computer: Computer) -> None:
    install(computer, files_of("1.1.0"))

    assert (computer.home / "config/branches/central.toml").read_text() == 'came_with = "1.1.0"\n'


def test_a_home_that_is_no_link_is_told_how_to_become_one(tmp_path: Path) -> None:
    computer = Computer(tmp_path)
    computer.home.mkdir()
    with pytest.raises(InstallFailed, match=r"mv .*littera .*littera-first && ln -s"):
        install(computer, files_of("1.1.0"))


class MainsGone(BaseException):
    """The power goes: nothing after it happens, no `finally` is trusted."""


STEPS = ("_copy", "write_whole", "_point", "start")


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(("runs", "ends_as"), [(UP, "1.1.0"), (SPOILS, "1.0.0")])
def test_a_power_cut_in_the_exchange_is_made_good(
    computer: Computer, monkeypatch: pytest.MonkeyPatch, step: str, runs: str, ends_as: str, *, after: bool
) -> None:
    wanted = package(computer, files_of("1.1.0", runs))
    place = computer if step == "start" else installing
    real: Callable[..., object] = getattr(place, step)

    def cut(*args: object) -> None:
        if after:
            with suppress(InstallFailed):
                real(*args)
        raise MainsGone

    with monkeypatch.context() as patch:
        patch.setattr(place, step, cut)
        with pytest.raises(MainsGone):
            Installer(computer.home, computer.ledger, computer).install(wanted)

    again = Installer(computer.home, computer.ledger, computer)
    if ends_as == "1.1.0":
        again.install(wanted)
    else:
        with pytest.raises(InstallFailed, match="is at work again"):
            again.install(wanted)

    assert computer.at_work == ends_as
    assert computer.home.resolve().name == f"littera-{ends_as}"
    assert ("newer" in computer.tables()) is False
    assert not list(computer.folder.glob("*.version-before"))


@pytest.mark.parametrize("step", ["_put_back", "_point"])
@pytest.mark.parametrize("after", [False, True])
def test_a_power_cut_on_the_way_back_is_made_good(
    computer: Computer, monkeypatch: pytest.MonkeyPatch, step: str, *, after: bool
) -> None:
    wanted = package(computer, files_of("1.1.0", SPOILS))
    real: Callable[..., object] = getattr(installing, step)
    calls: list[object] = []

    def cut(*args: object) -> None:
        calls.append(args)
        first = 2 if step == "_point" else 1  # the first turn of the link is the way there
        if len(calls) < first or after:
            real(*args)
        if len(calls) >= first:
            raise MainsGone

    with monkeypatch.context() as patch:
        patch.setattr(installing, step, cut)
        with pytest.raises(MainsGone):
            Installer(computer.home, computer.ledger, computer).install(wanted)
    with pytest.raises(InstallFailed, match="is at work again"):
        Installer(computer.home, computer.ledger, computer).install(wanted)

    assert computer.at_work == "1.0.0"
    assert computer.tables() == {"journal"}
