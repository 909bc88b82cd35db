"""What systemd does for a station: start it with the computer, watch it, restart the computer when that hangs."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from kiosk.doctor.finding import Check, Finding

Ask = Callable[..., str | None]
"""Asks a program of the system; None when it is not there."""

UNITS: Final = ("littera-station.service", "littera-screen.service", "littera-update.path")
_OFTEN: Final = 5
"""Restarts since the computer was started, from which on somebody should look."""
_WHY: Final = {
    "littera-station.service": "it is the station",
    "littera-screen.service": "without it the screen is dark",
    "littera-update.path": "a version agreed to on the console is put to work by it",
}
_MANAGER = Check("systemd", "it starts the station with the computer, and again when it ends")
_TARGET = Check("start of the computer", "the screen belongs to the graphical target")
_WATCHDOG = Check("watchdog of the computer", "a computer that stands still at night stands still until somebody comes")
_RESTART_KEYS = Check("Ctrl+Alt+Del", "while the screen starts, a keyboard restarts the computer with it")
_SYSRQ = Check("magic keys", "with SysRq a keyboard restarts or halts the computer")


def examine_services(ask: Ask, root: Path = Path("/")) -> Iterator[Finding]:
    """Check what starts and watches the station. Where no systemd runs, say that and nothing more."""
    if not (root / "run/systemd/system").is_dir():
        yield _MANAGER.worrying(
            "no systemd runs here: whether the station starts by itself, is watched and comes back is not checked",
            "on a station's own computer: apt-get install systemd-sysv; in a container or on a desk nothing is wrong",
        )
        return
    yield _MANAGER.good((ask("systemctl", "--version", "--no-pager") or "runs").partition("\n")[0])
    for unit in UNITS:
        yield check_unit(unit, ask)
    target = ask("systemctl", "get-default") or "no target"
    if target == "graphical.target":
        yield _TARGET.good(target)
    else:
        yield _TARGET.failed(f"{target}: the screen is not started", "systemctl set-default graphical.target")
    yield check_watchdog(ask("systemctl", "show", "-p", "RuntimeWatchdogUSec", "--value") or "", root)
    yield check_magic_keys(root)
    yield check_restart_keys(ask("systemctl", "is-enabled", "ctrl-alt-del.target"))


def check_unit(unit: str, ask: Ask) -> Finding:
    """Check that a unit is installed, starts with the computer, and runs now."""
    check = Check(unit, _WHY[unit])
    enabled = ask("systemctl", "is-enabled", unit) or "not-found"
    if enabled == "not-found":
        return check.failed("it is not installed", "apt install ./littera-kiosk_*.deb")
    if enabled != "enabled":
        mend = f"systemctl unmask {unit}; systemctl enable --now {unit}"
        return check.failed(f"it does not start with the computer ({enabled})", mend)
    active = ask("systemctl", "is-active", unit)
    if active != "active":
        return check.failed(
            f"it stands still ({active})", f"journalctl -u {unit} -n 50 says why; systemctl restart {unit}"
        )
    restarts = ask("systemctl", "show", "-p", "NRestarts", "--value", unit) or "0"
    if restarts.isdigit() and int(restarts) > _OFTEN:
        return check.worrying(f"it was started anew {restarts} times", f"journalctl -u {unit} -p warning says why")
    return check.good("starts with the computer, runs")


def check_watchdog(kept_for: str, root: Path = Path("/")) -> Finding:
    """Check the hardware watchdog; *kept_for* is systemd's RuntimeWatchdogUSec."""
    if not (root / "dev/watchdog").exists():
        return _WATCHDOG.worrying(
            "this computer has none, or no driver for it is loaded",
            "switch it on in the firmware; iTCO_wdt (Intel) or sp5100_tco (AMD) into /etc/modules-load.d",
        )
    if kept_for in {"", "0", "off", "infinity"}:
        mend = "/usr/lib/systemd/system.conf.d/littera-kiosk.conf asks for it: restart the computer once"
        return _WATCHDOG.worrying("it is there, and nobody uses it", mend)
    return _WATCHDOG.good(f"restarts a computer that stands still for {kept_for}")


def check_restart_keys(state: str | None) -> Finding:
    """Check *state*, what systemctl says of the target that Ctrl+Alt+Del starts."""
    if state in {"masked", "masked-runtime"}:
        return _RESTART_KEYS.good("off")
    return _RESTART_KEYS.worrying(f"on ({state or 'unknown'})", "systemctl mask ctrl-alt-del.target")


def check_magic_keys(root: Path = Path("/")) -> Finding:
    switch = root / "proc/sys/kernel/sysrq"
    try:
        value = switch.read_text(encoding="ascii").strip()
    except OSError:
        value = "0"
    if value == "0":
        return _SYSRQ.good("off")
    return _SYSRQ.worrying(f"on ({value})", "systemctl restart systemd-sysctl; look for kernel.sysrq in /etc/sysctl.d")
