"""Builds the postman of the centre from its settings, and lets him walk until he is told to stop."""

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from kiosk.bootstrap.central import open_network, policies_of
from kiosk.bootstrap.secret_files import read_secret
from kiosk.central.errors import CentreUnavailable
from kiosk.central.mail.letter import Sender
from kiosk.central.mail.postman import Round, Security, Server, carry_out
from kiosk.settings import branches_in, load_settings, stations_of
from kiosk.settings.central import MailSection, load_central
from web_ui.texts import Texts

log = logging.getLogger(__name__)


@contextmanager
def postman(config_dir: Path, database: str | None) -> Iterator[tuple[Round, MailSection]]:
    """Open the centre and put the postman's round together. Raises: one of `mishaps.MISHAPS`."""
    central, policies = load_central(config_dir), policies_of(config_dir)
    told = central.mail
    texts = Texts.load(only=policies.languages, domains=("receipts", "proof", "mails"))
    sender = Sender(told.sender, policies.brand, told.reply_to, _page(config_dir))
    server = Server(told.host, told.port, Security(told.security.value), told.user, _password(told), told.ca_file)
    centre = open_network(central, database)
    try:
        yield Round(centre, policies, texts, sender, server, timedelta(days=told.too_old_days), told.tries), told
    finally:
        centre.close()


def walk(round_: Round, every: float) -> None:
    """Look for mails again and again until SIGTERM or SIGINT; a database that is away is waited for."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        try:
            carry_out(round_)
        except CentreUnavailable as away:
            log.warning("the postman waits: %s", away)
        stop.wait(every)


def _page(config_dir: Path) -> str:
    branch = branches_in(config_dir)[0]
    return load_settings(config_dir, branch, next(iter(stations_of(config_dir, branch)), None)).network.receipt_page


def _password(told: MailSection) -> str:
    if not told.password_file:
        return ""
    return read_secret("mail.password_file", told.password_file, "the password").decode(errors="replace")
