"""The touchscreen: compositor, browser and its policy, a display that is plugged in, a surface that is touched."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kiosk.doctor.finding import Check, Finding

POLICY: Final = "etc/chromium/policies/managed/littera.json"
_ABS_MT_POSITION_X: Final = 0x35
"""A touchscreen says where each finger is (linux/input-event-codes.h)."""
_MUST_HOLD: Final = {"DownloadRestrictions": 3, "DeveloperToolsAvailability": 2, "RemoteDebuggingAllowed": False}
_COMPOSITOR = Check("compositor", "it shows the browser and has no key that leads out of it")
_POLICY = Check("policy of the browser", "without it patrons leave the station's pages")
_DISPLAY = Check("display", "nobody sees the station without one")
_TOUCH = Check("touch", "nobody can choose anything without it, but with a keypad")


def examine_screen(address: str, path: str, root: Path = Path("/")) -> Iterator[Finding]:
    """Check what shows the station at *address* and hears fingers; *path* is where programs are looked for."""
    yield check_compositor(path)
    yield check_policy(address, root)
    yield check_display(root)
    yield check_touch(root)


def check_compositor(path: str) -> Finding:
    missing = [name for name in ("cage", "Xwayland") if shutil.which(name, path=path) is None]
    if missing:
        return _COMPOSITOR.failed(
            f"{' and '.join(missing)} not here", "apt-get install --no-install-recommends cage xwayland"
        )
    return _COMPOSITOR.good("cage")


def check_policy(address: str, root: Path = Path("/")) -> Finding:
    """Check that the browser may open the station and nothing else, whoever changed what in the policy."""
    origin, file = address.rstrip("/"), root / POLICY
    mend = f"cp /opt/littera/config/deploy/chromium/littera.json /{POLICY}; systemctl restart littera-screen"
    try:
        policy = json.loads(file.read_bytes())
        blocked, allowed = set(policy.get("URLBlocklist", ())), set(policy.get("URLAllowlist", ()))
    except FileNotFoundError:
        return _POLICY.failed(f"/{POLICY} is missing: the browser may open everything", mend)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        return _POLICY.failed(f"/{POLICY} cannot be read, so Chromium ignores it: {error}", mend)
    if not {"*", "chrome://*"} <= blocked:
        return _POLICY.failed("other addresses are not blocked", mend)
    if origin not in allowed:
        add = f'add "{origin}" to URLAllowlist in /{POLICY}; systemctl restart littera-screen'
        return _POLICY.failed(f"the station's own address {origin} is blocked", add)
    loose = [name for name, value in _MUST_HOLD.items() if policy.get(name) != value]
    if loose:
        return _POLICY.failed(f"{', '.join(loose)} not as it must be", mend)
    return _POLICY.good(f"{origin} and nothing else")


def check_display(root: Path = Path("/")) -> Finding:
    ports = sorted((root / "sys/class/drm").glob("card*-*/status"))
    lit = [port.parent.name for port in ports if port.read_text(encoding="ascii").strip() == "connected"]
    if lit:
        return _DISPLAY.good(", ".join(lit))
    if ports:
        return _DISPLAY.failed(
            "no display is plugged in", "its cable, its power; then systemctl restart littera-screen"
        )
    return _DISPLAY.worrying(
        "this computer shows no graphics at all", "load its driver: apt-get install firmware-misc-nonfree, restart"
    )


def check_touch(root: Path = Path("/")) -> Finding:
    for capabilities in sorted((root / "sys/class/input").glob("event*/device/capabilities/abs")):
        if _has(capabilities.read_text(encoding="ascii"), _ABS_MT_POSITION_X):
            name = capabilities.parents[1] / "name"
            return _TOUCH.good(name.read_text(encoding="utf-8").strip() if name.exists() else capabilities.parts[-4])
    return _TOUCH.worrying("no touchscreen is plugged in", "its USB cable; `libinput list-devices` shows what there is")


def _has(bits: str, number: int) -> bool:
    """Look a bit up in the words of a capabilities file of sysfs: hexadecimal, 64 bits each, the highest first."""
    words = bits.split()[::-1]
    word, bit = divmod(number, 64)
    return word < len(words) and bool(int(words[word], 16) >> bit & 1)
