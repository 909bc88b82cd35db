"""The page programs read: how the station is, in Prometheus' own format, for this computer alone."""

from collections.abc import Callable

from flask import Blueprint, Response, abort, request

LOOPBACK = ("127.0.0.1", "::1")


def metrics_page(told: Callable[[], bytes]) -> Blueprint:
    """Serve what *told* says at /metrics; nobody on the network sees that there is such a page."""
    page = Blueprint("metrics", __name__)

    @page.get("/metrics")
    def metrics() -> Response:
        if request.remote_addr not in LOOPBACK:
            abort(404)
        return Response(told(), mimetype="text/plain; version=0.0.4")

    return page
