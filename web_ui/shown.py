"""Whether this station is shown on a screen: for the watchman of the touchscreen, on the same computer.

A page of the touchscreen says so every few seconds, from the drawing of a frame: a page that hangs, or is drawn no
more, is silent. The technician's pages say nothing, so whoever used them lately is taken to be reading one.
"""

import time
from collections.abc import Callable

from flask import Flask, Response, jsonify, request

SILENCE = 20.0
"""Seconds without a word of any page; a page says a word every five (station.js)."""
READING_TIME = 1800.0
"""Seconds a technician may look at one page of the console: as long as a session lasts untouched."""


def tell_whether_shown(app: Flask, clock: Callable[[], float] = time.monotonic) -> None:
    """Add /here, where pages say that they are shown, and /shown, which tells whether one is: `{"shown": true}`."""
    until = [clock()]

    @app.after_request
    def notice(response: Response) -> Response:
        if request.path.startswith("/console"):
            until[0] = max(until[0], clock() + READING_TIME)
        return response

    @app.get("/here")
    def here() -> tuple[str, int]:
        until[0] = max(until[0], clock() + SILENCE)
        return "", 204

    @app.get("/shown")
    def shown() -> Response:
        return jsonify(shown=clock() < until[0])
