"""The postman: hands mails of the queue to an SMTP server, one at a time, and tells a "no" from a "perhaps".

What the server answered before the text counts as nothing said: it is tried again. A line that breaks after the text
went out and before the answer came leaves a mail nobody knows the end of: it is never sent again by itself.
"""

import logging
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from enum import StrEnum

from kiosk.central.centre import Centre
from kiosk.central.mail import queue
from kiosk.central.mail.letter import BadAddress, Sender, write
from kiosk.central.mail.queue import Mail
from kiosk.central.policies import Policies
from kiosk.receipts import Phrases

log = logging.getLogger(__name__)

_OK, _FORWARDED, _REFUSED = 250, 251, 500
PATIENCE = 30.0
"""Seconds the server may take for one answer."""


class Security(StrEnum):
    """How the line to the server is kept from being read along."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Server:
    """The SMTP server mails are handed to. `ca_file` is a CA to trust beside the usual ones."""

    host: str
    port: int
    security: Security = Security.STARTTLS
    user: str = ""
    password: str = ""
    ca_file: str = ""


class NotNow(Exception):
    """The server cannot be reached, or says later."""


class Never(Exception):
    """The server says no, for good."""


class NobodyKnows(Exception):
    """The line broke after the text went out and before the server said whether it has it."""


@dataclass(frozen=True, slots=True)
class Round:
    """The postman's tools: whom for, in which words, by which server, and when a mail is too old or tried enough."""

    centre: Centre
    policies: Policies
    phrases: Phrases
    sender: Sender
    server: Server
    too_old: timedelta = timedelta(days=7)
    most_tries: int = 10


def carry_out(round_: Round) -> int:
    """Take every mail that is due; says how many were sent. Raises: CentreUnavailable."""
    count = 0
    while (mail := queue.take(round_.centre)) is not None:
        count += _send(round_, mail)
    return count


def _send(round_: Round, mail: Mail) -> bool:
    centre = round_.centre
    if not mail.address:
        queue.dropped(centre, mail, "no-address")
        return False
    if centre.now() - mail.happened_at > round_.too_old:
        queue.dropped(centre, mail, "too-old")
        return False
    try:
        letter = write(centre, round_.policies, round_.phrases, round_.sender, mail)
        hand_over(round_.server, round_.sender.address, mail.address, letter, lambda: queue.handing(centre, mail))
    except NotNow as later:
        log.warning("a mail waits: %s", later)
        queue.put_back(centre, mail, str(later), round_.most_tries)
    except (Never, BadAddress) as no:
        log.warning("a mail was refused: %s", no)
        queue.die(centre, mail, str(no))
    except NobodyKnows:
        log.warning("the line broke while a mail went out: nobody knows whether it arrived")
        queue.die(centre, mail, queue.NOBODY_KNOWS)
    except Taken:
        log.warning("a mail took longer than its lease; another copy has it")
    else:
        queue.sent(centre, mail)
        return True
    return False


class Taken(Exception):
    """Another copy took the mail meanwhile."""


def hand_over(server: Server, sender: str, to: str, letter: EmailMessage, before: Callable[[], bool]) -> None:
    """Hand one letter over; *before* is called right before its text goes out, and may say no.

    Raises: NotNow, Never, NobodyKnows, Taken.
    """
    try:
        line = _connected(server)
    except smtplib.SMTPAuthenticationError as error:
        raise NotNow("the server does not take the user and password of central.toml") from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotNow(f"the server at {server.host} cannot be spoken to ({type(error).__name__})") from error
    try:
        _say(lambda: line.mail(sender), "the sender")
        _say(lambda: line.rcpt(to), "the address")
        if not before():
            raise Taken
        _hand_text(line, letter)
    finally:
        line.close()


def _hand_text(line: smtplib.SMTP, letter: EmailMessage) -> None:
    try:
        code, _ = line.data(letter.as_bytes(policy=SMTP))
    except smtplib.SMTPDataError as refused:  # it did not even want the text
        raise _refusal(refused.smtp_code, "the text") from refused
    except (OSError, smtplib.SMTPException) as error:
        raise NobodyKnows from error
    if code != _OK:
        raise _refusal(code, "the text")
    try:
        line.quit()
    except (OSError, smtplib.SMTPException):
        log.debug("the server did not say good-bye")


def _connected(server: Server) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=server.ca_file or None)
    if server.security is Security.TLS:
        line: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE, context=context)
    else:
        line = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
    try:
        line.ehlo()
        if server.security is Security.STARTTLS:
            line.starttls(context=context)
            line.ehlo()
        if server.user:
            line.login(server.user, server.password)
    except BaseException:
        line.close()
        raise
    return line


def _say(step: Callable[[], tuple[int, bytes]], what: str) -> None:
    """Say one line; the answer's words stay out of the log, for they repeat the address."""
    try:
        code, _ = step()
    except (OSError, smtplib.SMTPException) as error:
        raise NotNow(f"the line broke at {what} ({type(error).__name__})") from error
    if code not in (_OK, _FORWARDED):
        raise _refusal(code, what)


def _refusal(code: int, what: str) -> NotNow | Never:
    words = f"the server refused {what} ({code})"
    return Never(words) if code >= _REFUSED else NotNow(words)
