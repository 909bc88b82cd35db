"""The first words of a conversation: prompts of a telnet login, message 93, the system's status.

    connect -> [telnet login and password] -> [99 98] -> 93 94 -> 99 98

Only what 94 says is believed: Evergreen answers 99 even after a failed login. Koha allows one failed 93, then closes.
Source: 3M SIP2 Interface rev. 2.12; Koha 18.12 on the wire (its telnet port says `login: ` and `password: `).
"""

import re
import time
from dataclasses import dataclass, field

from kiosk.library.sip2.connection import Connection, NoAnswer
from kiosk.library.sip2.message import Message
from kiosk.library.sip2.profile import Profile, SignIn
from kiosk.library.sip2.requests import Requests
from kiosk.library.sip2.session import Session

_TELNET_OPTIONS = re.compile(rb"\xff[\xfb-\xfe].|\xff\xfa.*?\xff\xf0", re.DOTALL)
_REFUSED = (b"incorrect", b"invalid", b"denied", b"fail", b"sorry", b"login:")


class LoginRefused(NoAnswer):
    """The system does not know the station's login."""


@dataclass(frozen=True, slots=True)
class Login:
    """Who the station is to the system. Never in a log."""

    user: str = ""
    password: str = field(default="", repr=False)
    workstation: str = ""


def sign_in(
    connection: Connection, profile: Profile, login: Login, requests: Requests, deadline: float
) -> tuple[Session, Message]:
    """Begin the conversation; gives it with the system's status (98). Raises: LoginRefused; NoAnswer."""
    if profile.sign_in is SignIn.TELNET:
        answer_prompts(connection, login, min(deadline, time.monotonic() + profile.answer_s))
    session = Session(connection, profile)
    if profile.status_before_login:
        session.exchange(requests.status(), deadline)
    if profile.sign_in is SignIn.SIP:
        said = session.exchange(requests.login(login.user, login.password, login.workstation), deadline)
        if said["ok"] != "1":
            raise LoginRefused("it refuses the station's login: name, password or location are not what it knows")
    return session, session.exchange(requests.status(), deadline)


def answer_prompts(connection: Connection, login: Login, deadline: float) -> None:
    """Answer the two prompts of a telnet login. Raises: LoginRefused; NoAnswer."""
    connection.prompt((b"login:", b"user:", b"username:"), deadline)
    connection.send(login.user.encode() + b"\r", deadline)
    connection.prompt((b"password:",), deadline)
    connection.send(login.password.encode() + b"\r", deadline)
    verdict = _TELNET_OPTIONS.sub(b"", connection.prompt((b"login:",), deadline)).lower()
    while not verdict.strip():  # the end of the line after the prompt
        verdict = _TELNET_OPTIONS.sub(b"", connection.prompt((b"login:",), deadline)).lower()
    if any(word in verdict for word in _REFUSED) and b"ok" not in verdict:
        raise LoginRefused("it refuses the station's login: name or password are not what it knows")
