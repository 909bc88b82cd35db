"""The library system a branch has already, as its settings name it: where, how it speaks, who the station is there."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from kiosk.bootstrap.secret_files import read_secret
from kiosk.library.sip2.connection import Endpoint, Tls
from kiosk.library.sip2.requests import Names
from kiosk.library.sip2.signing_in import Login
from kiosk.library.sip2.system import Sip2System
from kiosk.settings import Settings
from kiosk.settings.library import Sip2Section, Sip2Tls


def sip2_system(settings: Settings) -> Sip2System:
    """Build the system that speaks SIP2; nothing is opened before it is asked. Raises: SecretMissing."""
    section = settings.library.sip2
    now = branch_clock(settings)
    return Sip2System.at(endpoint_of(section), section.manner(), login_of(section), names_of(section), now)


def branch_clock(settings: Settings) -> Callable[[], datetime]:
    """Give a clock of the branch's own time."""
    zone = ZoneInfo(settings.network.time_zone)
    return lambda: datetime.now(zone)


def endpoint_of(section: Sip2Section) -> Endpoint:
    """Say where the system listens."""
    return Endpoint(section.host, section.port, _tls_of(section.tls) if section.tls.on else None)


def login_of(section: Sip2Section) -> Login:
    """Read who the station is there. Raises: SecretMissing."""
    password = _secret("password_file", section.password_file, "the password of the station's login")
    return Login(section.user, password, section.workstation)


def names_of(section: Sip2Section) -> Names:
    """Read what the system calls the library and this place. Raises: SecretMissing."""
    terminal = _secret("terminal_password_file", section.terminal_password_file, "the terminal's password")
    return Names(section.institution, section.location, terminal)


def _secret(key: str, path: str, what: str) -> str:
    return read_secret(f"library.sip2.{key}", path, what).decode("utf-8") if path else ""


def _tls_of(tls: Sip2Tls) -> Tls:
    return Tls(tls.ca_file or None, tls.certificate_file or None, tls.key_file or None, tls.server_name or None)
