"""Serves the centre: gunicorn, a few processes with many threads, for a station that waits holds one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from kiosk.bootstrap.central import open_network, policies_of
from kiosk.bootstrap.central_receipts import central_proofs
from kiosk.bootstrap.relayed_keys import card_proofs_of
from kiosk.central.centre import Centre
from kiosk.central.policies import Policies
from kiosk.settings.central import CentralSettings, load_central
from web_ui.central import Serving, create_central_app
from web_ui.texts import Texts

GRACE = 35
"""Seconds a copy that is told to stop leaves to what it answers: longer than the longest wait for news."""


def run_centre(config_dir: Path, database: str | None, asked: Mapping[str, Any]) -> None:
    """Run one copy until it is told to stop. Raises: one of `mishaps.MISHAPS` before it serves anything."""
    central = load_central(config_dir)
    central = central.model_copy(update={"serve": central.serve.model_copy(update=dict(asked))})
    policies_of(config_dir)
    open_network(central, database).close()  # tables and incarnation once, before the processes part
    _Server(central, config_dir, database).run()


def central_app(centre: Centre, policies: Policies, central: CentralSettings, config_dir: Path) -> Flask:
    """Build the whole centre as one web application: paths for stations, pages for people."""
    serving = Serving(
        central.serve.https,
        central.serve.proxies,
        central.metrics.on,
        config_dir,
        prove=central_proofs(centre, policies),
        cards=card_proofs_of(central),
    )
    texts = {domain: Texts.load(only=policies.languages, domains=(domain,)) for domain in ("catalogue", "office")}
    texts["receipts"] = Texts.load(only=policies.languages, domains=("receipts", "proof"))
    return create_central_app(centre, policies, texts, serving)


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn carries no types
    """Gunicorn with our settings instead of its own files and arguments; each process opens its own database."""

    def __init__(self, central: CentralSettings, config_dir: Path, database: str | None) -> None:
        self._central, self._config_dir, self._database = central, config_dir, database
        super().__init__()

    def load_config(self) -> None:
        serve = self._central.serve
        settings = {
            "bind": f"{serve.host}:{serve.port}",
            "workers": serve.workers,
            "threads": serve.threads,
            "worker_class": "gthread",
            "graceful_timeout": GRACE,
            "timeout": 60,
            "keepalive": 75,
            "accesslog": None,  # addresses of patrons are nobody's business
            "forwarded_allow_ips": "127.0.0.1" if serve.proxies else "",
            "proc_name": "littera-central",
            "control_socket_disable": True,  # systemd is who controls it
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        centre = open_network(self._central, self._database)
        return central_app(centre, policies_of(self._config_dir), self._central, self._config_dir)
