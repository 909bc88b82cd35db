"""A station's computer as a folder: the files the doctor looks at, as the Debian package and the kernel lay them."""

import shutil
from collections.abc import Callable
from pathlib import Path

from kiosk.releases.system_files import SYSTEM_FILES

DEPLOY = Path(__file__).parents[2] / "config/deploy"
MULTITOUCH = "2e1800000000003"
"""What a USB touchscreen says in its capabilities, with ABS_MT_POSITION_X (bit 0x35) in it."""
MOUSE = "3"


class Root:
    """The root of a computer that is as it should be; tests take away from it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for file in SYSTEM_FILES:
            place = folder / file.place
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(DEPLOY / file.source, place)
        self.write("etc/littera/release.pub", "key")
        self.write("run/systemd/system/x", "")
        self.write("usr/lib/polkit-1/polkitd", "")
        self.write("dev/watchdog", "")
        self.write("proc/sys/kernel/sysrq", "0\n")
        self.write("sys/class/drm/card0-HDMI-A-1/status", "connected\n")
        self.write("sys/class/drm/card0-DP-1/status", "disconnected\n")
        self.write("sys/class/input/event0/device/capabilities/abs", "0\n")
        self.write("sys/class/input/event4/device/capabilities/abs", f"{MULTITOUCH}\n")
        self.write("sys/class/input/event4/device/name", "ILITEK Multi-Touch\n")

    def write(self, place: str, words: str) -> None:
        path = self.folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words, encoding="utf-8")

    def remove(self, place: str) -> None:
        path = self.folder / place
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def answers(**changes: str | None) -> Callable[..., str | None]:
    """Answer as a sound computer's programs do, but for *changes*, named by the last word or the property asked for."""
    told: dict[str, str | None] = {
        "--no-pager": "systemd 252 (252.38)",
        "get-default": "graphical.target",
        "ctrl-alt-del.target": "masked",
        "is-enabled": "enabled",
        "is-active": "active",
        "NRestarts": "0",
        "RuntimeWatchdogUSec": "1min",
        "littera-kiosk": "1.2.0",
    }
    told |= {name.replace("_", "-"): answer for name, answer in changes.items()}

    def ask(*command: str) -> str | None:
        return next((told[word] for word in command[::-1] if word in told), None)

    return ask
