"""A simulated ESC/POS printer on a pseudo-terminal: the real driver prints on it, byte for byte.

What it makes of the bytes is `escpos_firmware`'s business; here are the cable and the plug. It makes no noise
and takes no time.
"""

import threading
from contextlib import suppress
from pathlib import Path

from drivers.printers.escpos_firmware import EscposFirmware
from drivers.tag_pads.simulated_port import SimulatedPort

_IDLE = 0.2


class SimulatedEscposPrinter:
    """A printer that is plugged in at once, at *link* or wherever `path` says."""

    def __init__(self, link: Path | None = None) -> None:
        self.firmware = EscposFirmware()
        self._link = link
        self._port: SimulatedPort | None = None
        self._thread: threading.Thread | None = None
        self.plug()

    @property
    def path(self) -> str:
        """The device for the driver to open. Raises RuntimeError while it is unplugged."""
        if self._port is None:
            raise RuntimeError("the simulated printer is unplugged")
        return str(self._link or self._port.path)

    def plug(self) -> None:
        """Plug it in; nothing when it is."""
        if self._port is None:
            self._port = port = SimulatedPort(self._link)
            self._thread = threading.Thread(target=self._serve, args=(port,), name="simulated printer", daemon=True)
            self._thread.start()

    def unplug(self) -> None:
        """Pull the plug: the driver's side hangs up, what was buffered is lost. Nothing when it is out."""
        if self._port is None or self._thread is None:
            return
        port, self._port = self._port, None
        port.wake()
        self._thread.join()
        port.close()
        self.firmware.switch_off()

    def refill(self) -> None:
        """Put in paper and close the cover: it goes on with what is buffered."""
        answer = self.firmware.refill()
        if self._port is not None:
            self._port.send(answer)

    def _serve(self, port: SimulatedPort) -> None:
        while self._port is port:
            with suppress(OSError):
                if answer := self.firmware.take(port.receive(_IDLE)):
                    port.send(answer)
