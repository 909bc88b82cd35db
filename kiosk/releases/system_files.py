"""What a station's computer holds beside the program, and where: one list for whoever installs it and whoever checks.

The sources lie in `config/deploy` of each version; the places are those a Debian package uses.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

SHARE: Final = "usr/share/littera-kiosk"
_UNITS: Final = (
    "littera-station.service", "littera-screen.service", "littera-update.service", "littera-update.path",
    "littera-central.service", "littera-central-mail.service", "littera-central-nightly.service",
    "littera-central-nightly.timer",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SystemFile:
    """One file: *source* below `config/deploy`, *place* below the root of the computer."""

    source: str
    place: str
    mode: int = 0o644

    @property
    def is_setting(self) -> bool:
        """Whether somebody may have changed it on purpose: the package asks before it writes over it."""
        return self.place.startswith("etc/")

    def differs(self, deploy: Path, root: Path = Path("/")) -> bool | None:
        """Say whether the file in its place is another than in *deploy*; None when there is none. Raises: OSError."""
        try:
            there = (root / self.place).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return there != (deploy / self.source).read_bytes()


SYSTEM_FILES: Final = (
    *(SystemFile(f"systemd/{unit}", f"lib/systemd/system/{unit}") for unit in _UNITS),
    SystemFile("systemd/littera-users.conf", "usr/lib/sysusers.d/littera-kiosk.conf"),
    SystemFile("systemd/littera-watchdog.conf", "usr/lib/systemd/system.conf.d/littera-kiosk.conf"),
    SystemFile("systemd/littera-logind.conf", "usr/lib/systemd/logind.conf.d/littera-kiosk.conf"),
    SystemFile("systemd/littera-modules.conf", "usr/lib/modules-load.d/littera-kiosk.conf"),
    SystemFile("systemd/littera-modprobe.conf", "lib/modprobe.d/littera-kiosk.conf"),
    SystemFile("systemd/littera-sysctl.conf", "usr/lib/sysctl.d/60-littera-kiosk.conf"),
    SystemFile("systemd/littera-screen.pam", "etc/pam.d/littera-screen"),
    SystemFile("udev/70-littera.rules", "lib/udev/rules.d/70-littera.rules"),
    SystemFile("polkit/50-littera-pcsc.rules", "usr/share/polkit-1/rules.d/50-littera-pcsc.rules"),
    SystemFile("polkit/60-littera-power.rules", "usr/share/polkit-1/rules.d/60-littera-power.rules"),
    SystemFile("chromium/littera.json", "etc/chromium/policies/managed/littera.json"),
    SystemFile("xkb/rules/littera", f"{SHARE}/xkb/rules/littera"),
    SystemFile("xkb/symbols/littera", f"{SHARE}/xkb/symbols/littera"),
    SystemFile("debian/kiosk", "usr/bin/kiosk", 0o755),
)
"""Everything; a test compares it with what lies in `config/deploy`."""
