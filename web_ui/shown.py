"""Whether this station is shown on a screen: for the watchman of the touchscreen, on the same computer.

A page of the touchscreen holds a stream as long as it lives. The technician's pages need none, so whoever used them
lately is taken to be reading one.
"""

import time

from flask import Flask, Response, jsonify, request

from web_ui.sse import Streams

READING_TIME = 1800.0
"""Seconds a technician may look at one page of the console: as long as a session lasts untouched."""


def tell_whether_shown(app: Flask, streams: Streams) -> None:
    """Add /shown: `{"shown": true}` while somebody's browser shows this station."""
    last_console = [-READING_TIME + time.monotonic()]

    @app.after_request
    def notice(response: Response) -> Response:
        if request.path.startswith("/console"):
            last_console[0] = time.monotonic()
        return response

    @app.get("/shown")
    def shown() -> Response:
        return jsonify(shown=streams.running > 0 or time.monotonic() - last_console[0] < READING_TIME)
