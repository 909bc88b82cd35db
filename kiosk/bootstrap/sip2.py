"""A library system that speaks SIP2, put together from the settings: where it is, its manner, who the station is."""

import os
from datetime import datetime
from zoneinfo import ZoneInfo

from kiosk.bootstrap.secret_files import read_secret
from kiosk.library.sip2.connection import Endpoint, Tls
from kiosk.library.sip2.requests import Names
from kiosk.library.sip2.signing_in import Login
from kiosk.library.sip2.system import Sip2System
from kiosk.settings import Settings


def sip2_system(settings: Settings) -> Sip2System:
    """Build it; nothing is opened yet. Raises: SecretMissing."""
    told = settings.library.sip2
    zone = ZoneInfo(settings.network.time_zone)
    login = Login(told.user, _secret("password_file", told.password_file, "the login's password"), told.workstation)
    terminal = _secret("terminal_password_file", told.terminal_password_file, "the terminal's password")
    names = Names(told.institution, told.location, terminal)
    return Sip2System.at(endpoint_of(settings), told.manner(), login, names, lambda: datetime.now(zone))


def endpoint_of(settings: Settings) -> Endpoint:
    """Say where the system listens, and how the line to it is encrypted."""
    told = settings.library.sip2
    tls = told.tls
    encrypted = Tls(tls.ca_file or None, tls.certificate_file or None, tls.key_file or None, tls.server_name or None)
    return Endpoint(told.host, told.port, encrypted if tls.on else None)


def _secret(key: str, path: str, what: str) -> str:
    """Read a secret, where one is named; a credential of systemd lies in a folder it names by the environment."""
    if not path:
        return ""
    return read_secret(f"library.sip2.{key}", os.path.expandvars(path), what).decode("utf-8", "replace")
