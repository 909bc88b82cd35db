"""The first words to a system nobody has met: which ends of lines it hears, whether it bears numbers, its way in.

Few tries, each on a new line: a login that is refused is the end, because some systems lock an account after a few.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from kiosk.library.sip2.checksums import Checksum
from kiosk.library.sip2.checkup.finding import Finding, failed, fits, look
from kiosk.library.sip2.checkup.talk import Heard, Talk
from kiosk.library.sip2.connection import NoAnswer, Unreachable
from kiosk.library.sip2.message import Message
from kiosk.library.sip2.profile import LineEnd
from kiosk.library.sip2.requests import Requests
from kiosk.library.sip2.signing_in import Login

_WAYS = ((LineEnd.CR, True), (LineEnd.CR, False), (LineEnd.CRLF, False), (LineEnd.LF, False))
GREETING_S = 0.3


@dataclass(slots=True)
class SignedIn:
    """How the system was brought to talk. `learnt` are keys of a profile."""

    learnt: dict[str, object] = field(default_factory=dict)
    talks: bool = False
    answered: bool = False


def examine_sign_in(talk: Talk, requests: Requests, login: Login, result: SignedIn) -> Iterator[Finding]:
    """Connect and sign in, in the ways there are. *result* says what was found out."""
    about = "connection"
    try:
        seconds = talk.open()
    except Unreachable as err:
        yield failed(about, f"{err}.", "Check host, port and firewall, and that the SIP server runs.")
        return
    yield fits(about, f"The system takes connections ({seconds * 1000:.0f} ms).")
    if b"login" in talk.greeting(GREETING_S).lower():
        yield from _prompts(talk, login, result)
        return
    if not login.user:
        result.learnt["sign_in"] = "none"
    first = requests.login(login.user, login.password, login.workstation) if login.user else requests.status()
    yield from _ways(talk, first, result, with_login=bool(login.user))
    if not result.answered and login.user:
        yield from _status_first(talk, requests, first, result)
    if not result.answered:
        yield failed(
            "login", "It answers nothing we say.", "Ask the library which port is SIP2, and from where it lets in."
        )


def _prompts(talk: Talk, login: Login, result: SignedIn) -> Iterator[Finding]:
    result.learnt["sign_in"] = "telnet"
    yield look("login", "It asks for a login by two prompts before any message.", 'sign_in = "telnet"')
    try:
        talk.answer_prompts(login)
    except NoAnswer as err:
        yield failed("login", f"The login came to nothing: {err}.", "Check user and password file.")
    else:
        result.talks = result.answered = True
        yield fits("login", "The station's login is right.")


def _ways(talk: Talk, first: Message, result: SignedIn, *, with_login: bool) -> Iterator[Finding]:
    fresh = True
    for ends_with, numbered in _WAYS:
        talk.write_as(ends_with, numbered=numbered)
        try:
            if not fresh:
                talk.open()
            fresh = False
            heard = talk.ask(first)
        except NoAnswer:
            if talk.stream.endswith(b"\n") and b"\r" not in talk.stream and talk.answers_end is LineEnd.CR:
                yield from _line_feeds(talk, first, result, with_login=with_login)
                return
            continue
        if "ok" not in heard.message.fixed and with_login:
            continue  # 96: it was not understood in this way
        yield from _judged(talk, heard, result, (ends_with, numbered), with_login=with_login)
        return


def _line_feeds(talk: Talk, first: Message, result: SignedIn, *, with_login: bool) -> Iterator[Finding]:
    """Begin again with a system whose answers end in LF alone: they came, and were not seen to end."""
    talk.answers_end = LineEnd.LF
    result.learnt["answers_end_with"] = LineEnd.LF.value
    yield look("ends of messages", "Its answers end in LF alone.", 'answers_end_with = "lf"')
    talk.stream = b""
    talk.open()
    yield from _ways(talk, first, result, with_login=with_login)


def _judged(
    talk: Talk, heard: Heard, result: SignedIn, way: tuple[LineEnd, bool], *, with_login: bool
) -> Iterator[Finding]:
    ends_with, numbered = way
    result.talks = result.answered = True
    if ends_with is not LineEnd.CR:
        result.learnt["ends_with"] = ends_with.value
        yield look("ends of messages", f"It hears nothing that does not end in {ends_with.value.upper()}.")
    if not numbered:
        result.learnt["error_detection"] = "off"
        yield look("checksums", "It does not bear numbers and checksums: they are left out.")
    elif heard.received.sequence is None:
        talk.numbered = False
        yield fits("checksums", "It answers without numbers and checksums: they are left out.")
    else:
        yield fits("checksums", _sum_words(heard.received.checksum))
    if with_login and heard.message["ok"] != "1":
        result.talks = False
        advice = "Check user, password file and workstation; in Koha and Evergreen the login is a staff user."
        yield failed("login", "It refuses the station's login.", advice)
    elif with_login:
        yield fits("login", "The station's login is right.")


def _sum_words(checksum: Checksum) -> str:
    """Say what its sums are of, as far as an answer in plain letters tells."""
    if checksum is Checksum.WRONG:
        return "It numbers its answers, and the checksum of the first was wrong."
    return "It numbers its answers, with checksums: each is checked."


def _status_first(talk: Talk, requests: Requests, login: Message, result: SignedIn) -> Iterator[Finding]:
    """Try the one other order: the status before the login, or no login at all."""
    talk.write_as(LineEnd.CR, numbered=False)
    try:
        talk.open()
        talk.ask(requests.status())
    except NoAnswer:
        return
    result.learnt["error_detection"] = "off"
    result.talks = result.answered = True
    try:
        refused = talk.ask(login).message.fixed.get("ok") != "1"
    except NoAnswer:
        result.learnt["sign_in"] = "none"
        yield look("login", "It talks without a login and does not hear one: it knows the station by its address.")
        talk.open()
        return
    if refused:
        result.talks = False
        yield failed("login", "It refuses the station's login.", "Check user, password file and workstation.")
    else:
        result.learnt["status_before_login"] = True
        yield look("login", "It wants its status asked for before the login.")
