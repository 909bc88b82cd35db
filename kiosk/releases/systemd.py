"""The station as systemd runs it: its unit tells when it is up (Type=notify), so does `systemctl start`."""

import subprocess

from kiosk.releases.installing import InstallFailed

WITHIN = 180.0


class Unit:
    """One unit, stopped and started by root."""

    def __init__(self, name: str) -> None:
        self._name = name

    def stop(self) -> None:
        self._ask("stop")

    def start(self) -> None:
        """Start it and wait until it is up. Raises: InstallFailed."""
        self._ask("start")

    def _ask(self, word: str) -> None:
        command = ("systemctl", word, self._name)
        try:
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=WITHIN)  # noqa: S603
        except subprocess.CalledProcessError as error:
            raise InstallFailed(f"{' '.join(command)}: {error.stderr.strip()}") from error
        except (OSError, subprocess.TimeoutExpired) as error:
            raise InstallFailed(f"{' '.join(command)}: {error}") from error
