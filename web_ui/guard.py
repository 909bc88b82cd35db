"""Who may talk to the screens: this machine's own browser, on pages of this very start. And what pages may do.

A page elsewhere on the web that a browser on this machine opens must neither read the screen nor touch it:
the Host must be a loopback name (DNS rebinding), the Origin ours, and a touch carries the token of this start.
"""

import hmac
import secrets
import socket
from collections.abc import Iterable
from ipaddress import ip_address

from flask import Flask, Response, abort, request
from werkzeug.exceptions import HTTPException

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
TOKEN_HEADER = "X-Littera-Token"  # noqa: S105 - the name of a header, no secret

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; media-src 'self'; "
        "connect-src 'self'; frame-src 'self'{pages}; frame-ancestors 'self'{pages}; base-uri 'none'; "
        "form-action 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class Guard:
    """The door of one application: checks what comes in, marks what goes out.

    *pages* are the origins whose pages may show these in a frame, and be shown in one: the bench with several screens.
    *apart* names the part of the application that has a door and proofs of its own, the console; its pages may be
    asked for from other machines where the station is *open_to_network*.
    """

    def __init__(
        self,
        hosts: Iterable[str] = LOOPBACK,
        pages: Iterable[str] = (),
        apart: str = "console",
        *,
        open_to_network: bool = False,
    ) -> None:
        self.token = secrets.token_urlsafe(24)
        self._apart = apart
        self._open = open_to_network
        self._hosts = frozenset(hosts)
        beside = "".join(f" {page}" for page in pages)
        self._headers = {name: value.replace("{pages}", beside) for name, value in _HEADERS.items()}

    def watch(self, app: Flask) -> None:
        """Check every request to *app* and put the headers on every answer."""
        app.before_request(self._check)
        app.after_request(self._with_headers)

    def _check(self) -> None:
        apart = request.blueprint == self._apart
        if not (_host_name(request.host) in self._hosts or (apart and self._open and _cannot_be_rebound(request.host))):
            abort(403, "This page is served to this machine only: open it by the name localhost.")
        origin = request.headers.get("Origin")
        if origin is not None and origin != f"{request.scheme}://{request.host}":
            abort(403, "This request comes from another site's page.")
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            self._check_change(origin, apart=apart)

    def _check_change(self, origin: str | None, *, apart: bool) -> None:
        if origin is None:
            abort(403, "A change must come from a page of this station: the Origin header is missing.")
        if apart:
            return  # its forms carry a proof of the session
        if not hmac.compare_digest(request.headers.get(TOKEN_HEADER, "").encode(), self.token.encode()):
            abort(403, "The page belongs to an earlier start of the station: reload it.")

    def _with_headers(self, response: Response) -> Response:
        for name, value in self._headers.items():
            response.headers.setdefault(name, value)
        if request.endpoint not in {"design", f"{self._apart}.design"} and not (request.endpoint or "").endswith(
            "static"
        ):
            response.headers["Cache-Control"] = "no-store"
        return response


def _cannot_be_rebound(host: str) -> bool:
    """Whether a page elsewhere cannot have got this name: an address written in digits, or this computer's own name."""
    name = _host_name(host)
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        own = socket.gethostname().casefold()
        return name.casefold() in {own, f"{own}.local"}
    return True


def _host_name(host: str) -> str:
    """The name without its port; an IPv6 address keeps its brackets."""
    return host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]


def answer_plainly(app: Flask) -> None:
    """Let *app* answer errors in one plain line: what was wrong and what to do."""

    def answer(error: HTTPException) -> tuple[str, int, dict[str, str]]:
        words = error.description or "The station could not answer."
        return f"{words}\n", error.code or 500, {"Content-Type": "text/plain; charset=utf-8"}

    app.register_error_handler(HTTPException, answer)
