"""What polkit lets the station's account do, asked of the real polkitd with the package's rules."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.deployment.computers import another_computer
from tests.deployment.projects import debian_package

PCSC = ("org.debian.pcsc-lite.access_pcsc", "org.debian.pcsc-lite.access_card")
ACTION = """<?xml version="1.0"?>
<!DOCTYPE policyconfig PUBLIC "-//freedesktop//DTD PolicyKit Policy Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/PolicyKit/1/policyconfig.dtd">
<policyconfig>{actions}</policyconfig>
"""
ONE = """<action id="{name}"><description>x</description><message>x</message>
<defaults><allow_any>no</allow_any><allow_inactive>no</allow_inactive><allow_active>no</allow_active></defaults></action>"""
START = """
mkdir -p /run/dbus
dbus-daemon --system --fork
/usr/lib/polkit-1/polkitd --no-debug >/dev/null 2>&1 &
until dbus-send --system --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.GetNameOwner \
    string:org.freedesktop.PolicyKit1 >/dev/null 2>&1; do sleep 0.05; done
"""
STOP = """
kill "$(cat /run/dbus/pid)"
"""
MAY = """
runuser -u "$0" -- sleep 60 &
until [ "$(ps -o user:32= -C sleep --ppid $! 2>/dev/null | tail -n 1)" = "$0" ]; do sleep 0.02; done
pid=$(pgrep -P $! sleep)
pkcheck --action-id "$1" --process "$pid"
said=$?
kill "$pid"
exit $said
"""
Ask = Callable[[str, str], bool]


@pytest.fixture(scope="module")
def may(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Ask whether an account may do something, on a computer that is a station."""
    folder = tmp_path_factory.mktemp("rights")
    with another_computer(folder / "computer") as computer:
        if not (computer.path("/usr/lib/polkit-1/polkitd").exists() and computer.path("/usr/bin/dbus-daemon").exists()):
            pytest.skip("no polkit here to ask: apt-get install polkitd dbus")
        computer.install(debian_package(folder, "7.0.0"), "children-2")
        actions = "".join(ONE.format(name=name) for name in PCSC)  # Debian 12's pcscd asks nobody; later ones do
        Path(computer.path("/usr/share/polkit-1/actions/pcsc.policy")).write_text(ACTION.format(actions=actions))
        computer.sh(START)
        yield lambda account, action: computer.run("sh", "-c", MAY, account, action).returncode == 0
        computer.sh(STOP)


@pytest.mark.parametrize(
    "action",
    [
        *PCSC,
        "org.freedesktop.login1.reboot",
        "org.freedesktop.login1.power-off",
        "org.freedesktop.login1.reboot-multiple-sessions",
        "org.freedesktop.login1.power-off-multiple-sessions",
    ],
)
def test_the_station_may_use_cards_and_restart_its_computer(may: Ask, action: str) -> None:
    assert may("kiosk", action)


@pytest.mark.parametrize(
    "action",
    [
        "org.freedesktop.login1.reboot-ignore-inhibit",
        "org.freedesktop.login1.suspend",
        "org.freedesktop.login1.hibernate",
        "org.freedesktop.systemd1.manage-units",
        "org.freedesktop.systemd1.manage-unit-files",
        "org.freedesktop.policykit.exec",
    ],
)
def test_the_station_may_nothing_else(may: Ask, action: str) -> None:
    assert not may("kiosk", action)


@pytest.mark.parametrize("action", [*PCSC, "org.freedesktop.login1.reboot", "org.freedesktop.login1.power-off"])
def test_the_screen_may_none_of_it(may: Ask, action: str) -> None:
    assert not may("littera-screen", action)
