"""Receipts by e-mail: from a station's word to a real SMTP server, once, late, refused, and with a line that breaks."""

import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import Connection, select, update

from kiosk.central import privacy
from kiosk.central.centre import Centre, open_centre
from kiosk.central.mail import queue
from kiosk.central.mail.letter import Sender
from kiosk.central.mail.postman import Round, Security, Server, carry_out
from kiosk.central.tables import cards, mails, patrons
from tests.central.ingest.stand import DUE, NOON, POLICIES, Teller, furnish
from web_ui.texts import Texts

TEXTS = Texts.load(only=("uk", "en"), domains=("receipts", "proof", "mails"))
SENDER = Sender("receipts@library.example", "ЛітТера", "office@library.example", "HTTPS://KATALOG.EXAMPLE/R/")
USER, PASSWORD = "postman", "a-secret"


@dataclass
class Mailbox:
    """What a real server took, and how it is told to answer."""

    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    says: dict[str, str] = field(default_factory=dict)
    encrypted: list[bool] = field(default_factory=list)

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if "rcpt" in self.says:
            return self.says["rcpt"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        if "data" in self.says:
            return self.says["data"]
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.taken.append((envelope.rcpt_tos[0], letter))
        self.encrypted.append(
            server.transport is not None and server.transport.get_extra_info("sslcontext") is not None
        )
        return "250 taken"


class AnyPort(Controller):
    """A controller that looks which port it was given before it tries it."""

    def _trigger_server(self) -> None:
        self.port = _port(self)
        super()._trigger_server()


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[Server]:
    """A mail server on this computer, without TLS."""
    running = AnyPort(mailbox, hostname="127.0.0.1", port=0)
    running.start()
    yield Server("127.0.0.1", _port(running), Security.NONE)
    running.stop()


def _port(running: Controller) -> int:
    assert running.server is not None
    return int(running.server.sockets[0].getsockname()[1])


def certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert, private = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return cert, private


@pytest.fixture
def tls_server(mailbox: Mailbox, tmp_path: Path) -> Iterator[Server]:
    """A mail server that wants STARTTLS and a password."""
    cert, key = certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)

    def authenticate(_server: object, _session: object, _envelope: object, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)

    running = AnyPort(
        mailbox,
        hostname="127.0.0.1",
        port=0,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=authenticate,
    )
    running.start()
    yield Server("127.0.0.1", _port(running), Security.STARTTLS, USER, PASSWORD, str(cert))
    running.stop()


@dataclass
class Post:
    """A centre with a clock that is told, and its postman."""

    centre: Centre
    clock: list[datetime]
    teller: Teller

    def want(self, patron: str = "p1", **more: Any) -> None:
        body = {"lent": [["i1", DUE.isoformat()]], "renewed": [], "returned": [["i2", 3, "3.00"]]}
        told = {"patron": patron, "language": "uk", "number": "abc-7", "token": "ABCDEF234567", **body, **more}
        self.teller.tell("receipt-wanted", minutes=1, **told)
        self.teller.upload()

    def walk(self, server: Server, **more: Any) -> int:
        return carry_out(Round(self.centre, POLICIES, TEXTS, SENDER, server, **more))

    def rows(self) -> list[Any]:
        return self.centre.look(lambda work: list(work.execute(select(mails).order_by(mails.c.id)).all()))

    def states(self) -> list[str]:
        return [row.state for row in self.rows()]

    def later(self, **time: float) -> None:
        self.clock[0] += timedelta(**time)


@pytest.fixture
def post(centre: Centre) -> Post:
    clock = [NOON + timedelta(minutes=5)]
    centre.now = lambda: clock[0]
    furnish(centre)
    with_address = update(patrons).where(patrons.c.id == "p1").values(email="olena@example.org")
    centre.carry_out(lambda work: work.execute(with_address).rowcount)
    return Post(centre, clock, Teller(centre))


def body_of(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_a_receipt_wanted_at_a_station_is_mailed_with_titles_the_station_never_sent(
    post: Post, server: Server, mailbox: Mailbox
) -> None:
    post.want()

    assert post.walk(server) == 1

    ((to, letter),) = mailbox.taken
    assert to == "olena@example.org"
    assert "Книга 1" in body_of(letter, "plain")
    assert "Книга 2" in body_of(letter, "html")
    assert "HTTPS://KATALOG.EXAMPLE/R/ABCDEF234567" in body_of(letter, "plain")
    assert post.states() == ["sent"]


def test_the_subject_and_the_heads_say_nothing_of_what_was_read(post: Post, server: Server, mailbox: Mailbox) -> None:
    post.want()
    post.walk(server)

    letter = mailbox.taken[0][1]
    assert "Книга" not in str(letter["Subject"])
    assert letter["Message-ID"] == f"<{post.rows()[0].id}@library.example>"
    assert letter["Date"].datetime == post.clock[0].replace(microsecond=0)
    assert letter["List-Id"] == "<receipts.library.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in letter.walk()] == [
        "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
    ]  # fmt: skip


def test_a_letter_is_in_the_language_of_the_visit(post: Post, server: Server, mailbox: Mailbox) -> None:
    post.want(language="en")
    post.walk(server)

    letter = mailbox.taken[0][1]
    assert "self-service station" in body_of(letter, "plain")
    assert letter["Content-Language"] == "en"


def test_a_mail_goes_over_starttls_with_a_password(post: Post, tls_server: Server, mailbox: Mailbox) -> None:
    post.want()

    assert post.walk(tls_server) == 1
    assert mailbox.encrypted == [True]


def test_a_server_with_a_certificate_nobody_trusts_gets_no_password_and_no_mail(
    post: Post, tls_server: Server, mailbox: Mailbox
) -> None:
    post.want()

    assert post.walk(replace(tls_server, ca_file="")) == 0
    assert mailbox.taken == []
    assert post.states() == ["waiting"]


def test_a_wrong_password_leaves_the_mail_waiting(post: Post, tls_server: Server, mailbox: Mailbox) -> None:
    post.want()

    assert post.walk(replace(tls_server, password="wrong")) == 0
    assert mailbox.taken == []
    assert "user and password" in post.rows()[0].trouble


def test_a_server_that_says_later_is_tried_again_with_longer_and_longer_pauses(
    post: Post, server: Server, mailbox: Mailbox
) -> None:
    post.want()
    mailbox.says["rcpt"] = "451 later"
    pauses = []
    for _ in range(3):
        post.walk(server)
        (row,) = post.rows()
        pauses.append(row.next_at - post.clock[0])
        post.clock[0] = row.next_at
    mailbox.says.clear()

    assert pauses == [timedelta(minutes=1), timedelta(minutes=4), timedelta(minutes=16)]
    assert post.walk(server) == 1


def test_a_server_that_says_never_leaves_a_dead_letter_a_person_can_send_again(
    post: Post, server: Server, mailbox: Mailbox
) -> None:
    post.want()
    mailbox.says["rcpt"] = "550 no such person"
    post.walk(server)
    (dead,) = post.centre.look(lambda work: queue.dead_letters(work, post.centre.network))
    mailbox.says.clear()

    assert "550" in dead.trouble
    assert "olena" not in dead.trouble
    assert post.walk(server) == 0
    assert queue.again(post.centre, dead.id)
    assert post.walk(server) == 1


def test_a_mail_tried_often_enough_waits_for_a_person(post: Post, mailbox: Mailbox) -> None:
    post.want()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = Server("127.0.0.1", free.getsockname()[1], Security.NONE)
    for _ in range(3):
        post.walk(nobody, most_tries=3)
        post.later(hours=7)

    assert post.states() == ["dead"]
    assert mailbox.taken == []


def test_a_line_that_breaks_after_the_text_is_never_sent_again_by_itself(post: Post, mailbox: Mailbox) -> None:
    post.want()
    with breaking_server() as (broken, heard):
        post.walk(broken)
        post.later(days=1)
        post.walk(broken)

    assert heard == [1]
    assert post.states() == ["dead"]
    assert post.rows()[0].trouble == queue.NOBODY_KNOWS


def test_a_copy_that_dies_before_the_text_loses_nothing(post: Post, server: Server) -> None:
    post.want()
    assert queue.take(post.centre) is not None  # and then the power fails

    assert post.walk(server) == 0
    post.later(minutes=16)
    assert post.walk(server) == 1


def test_a_copy_that_dies_while_the_text_goes_out_leaves_it_to_a_person(post: Post, server: Server) -> None:
    post.want()
    mail = queue.take(post.centre)
    assert mail is not None
    assert queue.handing(post.centre, mail)
    post.later(minutes=16)

    assert post.walk(server) == 0
    assert post.states() == ["dead"]


def test_a_slow_copy_whose_lease_is_over_may_not_hand_the_text_over(post: Post) -> None:
    post.want()
    slow = queue.take(post.centre)
    post.later(minutes=16)
    quick = queue.take(post.centre)

    assert slow is not None
    assert quick is not None
    assert not queue.handing(post.centre, slow)
    assert queue.handing(post.centre, quick)


def test_several_copies_send_every_mail_once(post: Post, central_url: str, server: Server, mailbox: Mailbox) -> None:
    for _ in range(12):
        post.want()
    others = [open_centre(central_url, post.centre.network) for _ in range(3)]
    for other in others:
        other.now = post.centre.now

    def walk(centre: Centre) -> None:
        carry_out(Round(centre, POLICIES, TEXTS, SENDER, server))

    copies = [threading.Thread(target=walk, args=(other,)) for other in others]
    for copy in copies:
        copy.start()
    for copy in copies:
        copy.join()
    for other in others:
        other.close()

    ids = [letter["Message-ID"] for _, letter in mailbox.taken]
    assert len(ids) == 12
    assert len(set(ids)) == 12
    assert set(post.states()) == {"sent"}


def test_a_station_that_was_offline_for_days_is_heard_late_and_its_mails_still_go(post: Post, server: Server) -> None:
    post.later(days=5)
    post.want()

    assert post.walk(server) == 1


def test_a_receipt_wanted_too_long_ago_is_dropped_and_forgotten(post: Post, server: Server, mailbox: Mailbox) -> None:
    post.later(days=9)
    post.want()
    post.walk(server, too_old=timedelta(days=7))

    (row,) = post.rows()
    assert (row.state, row.trouble, row.patron, row.body) == ("dropped", "too-old", None, {})
    assert mailbox.taken == []


def test_a_mail_that_was_sent_is_forgotten_but_for_that_it_was(post: Post, server: Server) -> None:
    post.want()
    post.walk(server)

    (row,) = post.rows()
    assert (row.patron, row.body) == (None, {})


def test_an_event_told_twice_makes_one_mail(post: Post) -> None:
    post.want()
    post.teller.upload(post.teller.rows)

    assert post.states() == ["waiting"]


def test_a_patron_without_an_address_by_then_gets_no_mail(post: Post, server: Server, mailbox: Mailbox) -> None:
    post.want("p2")
    post.walk(server)

    assert post.rows()[0].trouble == "no-address"
    assert mailbox.taken == []


def test_a_person_sees_what_waits_for_them_and_takes_it_away(post: Post) -> None:
    card = post.centre.look(lambda work: _card_of(work, "p3"))
    post.want("p3")

    kept = privacy.export(post.centre, card, "test")["mails"]
    privacy.erase(post.centre, card, "test")

    assert [mail["patron"] for mail in kept] == ["p3"]
    assert post.rows() == []


def test_an_address_that_tries_to_add_a_head_is_refused(post: Post, server: Server, mailbox: Mailbox) -> None:
    evil = "olena@example.org\r\nBcc: all@example.org"
    change = update(patrons).where(patrons.c.id == "p1").values(email=evil)
    post.centre.carry_out(lambda work: work.execute(change).rowcount)
    post.want()
    post.walk(server)

    assert mailbox.taken == []
    assert post.states() == ["dead"]


def _card_of(work: Connection, patron: str) -> str:
    found = work.execute(select(patrons.c.card).where(patrons.c.id == patron)).scalar_one()
    number = work.execute(select(cards.c.number).where(cards.c.patron == patron)).scalar()
    return str(number or found)


class breaking_server:  # noqa: N801 - used like a function
    """Speaks SMTP, takes the whole text, and hangs up without a word."""

    def __enter__(self) -> tuple[Server, list[int]]:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.heard: list[int] = []
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return Server("127.0.0.1", self._socket.getsockname()[1], Security.NONE), self.heard

    def __exit__(self, *_: object) -> None:
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        connection, _ = self._socket.accept()
        with connection, connection.makefile("rwb") as line:
            self._say(line, b"220 here")
            while (heard := line.readline()) and not heard.upper().startswith(b"DATA"):
                self._say(line, b"250 ok")
            self._say(line, b"354 go on")
            while (heard := line.readline()) and heard != b".\r\n":
                pass
            self.heard.append(1)

    @staticmethod
    def _say(line: Any, words: bytes) -> None:
        line.write(words + b"\r\n")
        line.flush()
