"""The web server of a station: waitress, in a thread of its own."""

import logging
import threading
from typing import Any

from flask import Flask
from waitress.server import create_server

log = logging.getLogger(__name__)

THREADS = 16
"""One stream of screens holds one thread; touches need one for a moment."""


class AddressTaken(Exception):
    """The address the screens should be served at cannot be had; the message says which and what to do."""


class WebServer:
    """Serves one application on a loopback address. Raises: AddressTaken when it cannot listen there."""

    def __init__(self, app: Flask, host: str, port: int) -> None:
        try:
            self._server: Any = create_server(
                app,
                host=host,
                port=port,
                threads=THREADS,
                ident=None,
                channel_request_lookahead=1,  # so that a stream hears when its browser has gone
                clear_untrusted_proxy_headers=True,
            )
        except OSError as err:
            raise AddressTaken(
                f"cannot serve the screens at {host}:{port} ({err.strerror}): is a station running already? "
                "Choose another web.port"
            ) from err
        self.port: int = self._server.effective_port
        self.url = f"http://{host}:{self.port}/"
        self._thread = threading.Thread(target=self._server.run, name="web", daemon=True)

    def start(self) -> None:
        self._thread.start()
        log.info("screens at %s", self.url)

    def stop(self) -> None:
        """Stop listening. Streams end by themselves when the board closes."""
        self._server.close()
        self._server.task_dispatcher.shutdown(timeout=2)
        self._thread.join(2)
