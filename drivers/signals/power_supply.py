"""The battery and the mains of this computer, as Linux tells them.

Source: the kernel's Documentation/ABI/testing/sysfs-class-power. `type` is Mains, USB, Battery or UPS; `online` of a
mains is 1 while it gives power; `capacity` is percent; `time_to_empty_now` seconds, or `_avg` where a driver smooths.
"""

from dataclasses import dataclass
from pathlib import Path

from kiosk.devices import DeviceLost, HouseSignals

SUPPLIES = Path("/sys/class/power_supply")
_MAINS = ("Mains", "USB")
_BATTERIES = ("Battery", "UPS")


@dataclass(frozen=True, slots=True)
class PowerSupplies:
    """On battery when no mains gives power and a battery is there."""

    root: Path = SUPPLIES

    def poll(self) -> HouseSignals:
        """Raises: DeviceLost - this computer tells of no supply at all."""
        supplies = [(_said(path, "type"), path) for path in sorted(self.root.glob("*"))]
        mains = [path for kind, path in supplies if kind in _MAINS]
        batteries = [path for kind, path in supplies if kind in _BATTERIES]
        if not mains and not batteries:
            raise DeviceLost(f"{self.root} tells of no power supply: set signals.battery = false on this computer")
        lit = any(_said(path, "online") == "1" for path in mains)
        charging = any(_said(path, "status") in {"Charging", "Full"} for path in batteries)
        if lit or charging or not batteries:
            return HouseSignals()
        return HouseSignals(
            on_battery=True,
            percent=_least(batteries, "capacity", 1),
            minutes=_least(batteries, "time_to_empty_now", 60) or _least(batteries, "time_to_empty_avg", 60),
        )


def _least(batteries: list[Path], name: str, unit: int) -> int | None:
    known = [int(said) // unit for path in batteries if (said := _said(path, name)).isdecimal()]
    return min(known, default=None)


def _said(supply: Path, name: str) -> str:
    try:
        return (supply / name).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
