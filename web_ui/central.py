"""The web application of the centre: paths for stations, the public catalogue, the librarians' office.

Holds no state: what must be the same on every copy, the secret of the sessions too, lies in the database.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask, Response, abort, request
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import IntegrityError
from werkzeug.middleware.proxy_fix import ProxyFix

from kiosk.central.card_proofs import CardProofs
from kiosk.central.centre import Centre
from kiosk.central.errors import CentreUnavailable
from kiosk.central.http import station_api
from kiosk.central.http.limits import Limits
from kiosk.central.metrics import Metrics
from kiosk.central.newsroom import Newsroom
from kiosk.central.policies import Policies
from kiosk.central.tables import secrets as secrets_table
from web_ui.catalogue.pages import catalogue_pages
from web_ui.office.pages import office_pages
from web_ui.receipt_page import ProveReceipt, receipt_page
from web_ui.texts import Texts

LARGEST_REQUEST = 8_000_000
"""Bytes: a settings file, a cover, a packed upload. What unpacks is measured by itself."""
SEATS_PER_COPY = 48
_LOOPBACK = ("127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Serving:
    """How the centre is reached, where the settings lie that are pushed to stations, what proves receipts."""

    https: bool = False
    proxies: int = 0
    metrics: bool = True
    config_dir: Path = Path("config")
    seats: int = SEATS_PER_COPY
    prove: ProveReceipt | None = None
    cards: CardProofs | None = None


def create_central_app(centre: Centre, policies: Policies, texts: Mapping[str, Texts], serving: Serving) -> Flask:
    """Build it. *texts* are the words of `catalogue`, `office` and `receipts`."""
    app = Flask(__name__, static_folder=None)
    app.config |= {
        "SECRET_KEY": session_secret(centre),
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "SESSION_COOKIE_SECURE": serving.https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(minutes=30),
        "SEND_FILE_MAX_AGE_DEFAULT": 86_400,
    }
    if serving.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, *(serving.proxies,) * 3)  # type: ignore[method-assign]
    metrics = Metrics()
    app.register_blueprint(
        station_api(centre, policies, Newsroom(centre, serving.seats), metrics, Limits(), serving.cards)
    )
    app.register_blueprint(catalogue_pages(centre, policies, texts["catalogue"]))
    app.register_blueprint(office_pages(centre, policies, texts["office"], serving.config_dir))
    if serving.prove is not None:
        app.register_blueprint(receipt_page(serving.prove, texts["receipts"]))
    _add_care(app, centre, metrics if serving.metrics else None)
    return app


def session_secret(centre: Centre) -> str:
    """Find the secret all copies sign sessions with; the first one that starts makes it."""
    ours = (secrets_table.c.network == centre.network) & (secrets_table.c.name == "sessions")

    def find(work: Connection) -> str | None:
        return work.execute(select(secrets_table.c.value).where(ours)).scalar()

    def make(work: Connection) -> str:
        if (found := find(work)) is not None:
            return found
        made = secrets.token_hex(32)
        work.execute(insert(secrets_table).values(network=centre.network, name="sessions", value=made))
        return made

    try:
        return centre.look(find) or centre.carry_out(make)
    except IntegrityError:  # another copy was quicker
        return centre.look(find) or secrets.token_hex(32)


def _add_care(app: Flask, centre: Centre, metrics: Metrics | None) -> None:
    @app.get("/healthz")
    def healthz() -> str:
        """Say that this process answers."""
        return "ok\n"

    @app.get("/readyz")
    def readyz() -> tuple[str, int]:
        """Say whether the database answers too: a balancer sends nobody here while it does not."""
        try:
            centre.look(lambda work: work.execute(text("SELECT 1")))
        except CentreUnavailable:
            return "the database does not answer\n", 503
        return "ready\n", 200

    @app.get("/metrics")
    def tell_prometheus() -> Response:
        if metrics is None or request.remote_addr not in _LOOPBACK:
            abort(404)
        return Response(metrics.text(centre), mimetype="text/plain; version=0.0.4")
