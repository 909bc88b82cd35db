"""Starting the station and its computer anew, or switching the computer off: through systemd, as its account may."""

import subprocess
from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType


class Act(StrEnum):
    RESTART_STATION = "restart-station"
    RESTART_COMPUTER = "restart-computer"
    SHUT_DOWN = "shut-down"


COMMANDS: Mapping[Act, tuple[str, ...]] = MappingProxyType(
    {Act.RESTART_COMPUTER: ("systemctl", "reboot"), Act.SHUT_DOWN: ("systemctl", "poweroff")}
)
"""Polkit lets the station's account do these two (config/deploy); the station itself only ends and is started again."""
WITHIN = 10.0


class PowerRefused(Exception):
    """The computer would not; the message is what it said."""


class Power:
    """*start_anew* ends the program so that it is started again. A demo only says what it would do."""

    def __init__(self, start_anew: Callable[[], None], *, only_say: bool = False) -> None:
        self._start_anew = start_anew
        self.only_say = only_say

    def would(self, act: Act) -> str:
        """Say what is going to be done, as a command."""
        return " ".join(COMMANDS.get(act, ("systemctl", "restart", "littera-station")))

    def do(self, act: Act) -> None:
        """Do it. Raises: PowerRefused."""
        if self.only_say:
            return
        if act is Act.RESTART_STATION:
            self._start_anew()
            return
        try:
            subprocess.run(COMMANDS[act], check=True, capture_output=True, text=True, timeout=WITHIN)  # noqa: S603
        except subprocess.CalledProcessError as error:
            raise PowerRefused(error.stderr.strip() or str(error)) from error
        except (OSError, subprocess.TimeoutExpired) as error:
            raise PowerRefused(str(error)) from error
