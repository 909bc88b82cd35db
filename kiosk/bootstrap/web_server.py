"""The web server of a station: waitress, in a thread of its own."""

import logging
import socket
import threading
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

log = logging.getLogger(__name__)

THREADS = 16
"""One stream of screens holds one thread; touches need one for a moment."""


class AddressTaken(Exception):
    """The address the screens should be served at cannot be had; the message says which and what to do."""


class WebServer:
    """Serves one application on a loopback address. Raises: AddressTaken when it cannot listen there."""

    def __init__(self, app: Flask, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            door = socket.create_server((host, port), family=family)
        except OSError as err:
            raise AddressTaken(
                f"cannot serve the screens at {host}:{port} ({err.strerror}): is a station running already? "
                "Choose another web.port"
            ) from err
        self._sockets: dict[int, Any] = {}
        self._server: Any = create_server(
            app,
            map=self._sockets,
            sockets=[door],
            threads=THREADS,
            ident=None,
            channel_request_lookahead=1,  # so that a stream hears when its browser has gone
            clear_untrusted_proxy_headers=True,
        )
        self.port = int(self._server.effective_port)
        self.url = f"http://{host}:{self.port}/"
        self._thread = threading.Thread(target=self._server.run, name="web", daemon=True)

    def start(self) -> None:
        self._thread.start()
        log.info("screens at %s", self.url)

    def stop(self) -> None:
        """Stop listening. Streams end by themselves when the board closes.

        The server's own thread closes its sockets: closed under it, they would be polled once more as somebody else's.
        """
        self._server.task_dispatcher.shutdown(timeout=2)
        self._server.trigger.pull_trigger(self._hang_up)
        self._thread.join(2)

    def _hang_up(self) -> None:
        wasyncore.close_all(self._sockets)
