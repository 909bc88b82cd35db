"""What pages of the catalogue may do, who may keep them, and how a form proves it is ours."""

from flask import Response, abort, request
from flask_wtf.csrf import generate_csrf, validate_csrf
from wtforms import ValidationError

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
FOR_A_MINUTE = "public, max-age=60"
FOR_EVER = "public, max-age=31536000, immutable"
FOR_NOBODY = "no-store"


def protect(response: Response) -> Response:
    """Put the headers on an answer. What no view calls public is kept by nobody."""
    for name, value in _HEADERS.items():
        response.headers[name] = value
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = FOR_NOBODY
    return response


def refuse_nonsense() -> None:
    """Refuse what no text contains, before it reaches a database that refuses it less kindly."""
    said = (request.path, *request.args.values(), *request.form.values())
    if any("\0" in one for one in said):
        abort(400)


def form_proof() -> str:
    """Make what a form carries to prove that it came from our page in this session."""
    token: str = generate_csrf()
    return token


def has_proof() -> bool:
    """Say whether the present form came from our page in this session."""
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return False
    return True


def demand_proof() -> None:
    """Refuse a form that did not."""
    if not has_proof():
        abort(400)
