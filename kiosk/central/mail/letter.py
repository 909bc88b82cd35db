"""What a receipt by e-mail says: the slip of the visit as text and as HTML, with its code. No title in the subject."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from io import BytesIO
from typing import Any

import segno
from sqlalchemy import Connection, select

from kiosk.central.centre import Centre
from kiosk.central.mail.queue import Mail
from kiosk.central.policies import Policies
from kiosk.central.tables import items, titles
from kiosk.devices import LineStyle, Slip, SlipLine
from kiosk.receipts import Phrases, Receipt, ReceiptLine, ReturnedLine, plain_text, render

_COLUMNS = 64
_CODE = "receipt-code"
_TAGS = {LineStyle.LARGE: "h1", LineStyle.STRONG: "h2", LineStyle.NORMAL: "p", LineStyle.QUIET: "small"}


class BadAddress(Exception):
    """Nothing can be sent to such an address."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: the address, the name beside it, where answers go ("" for the sender), the page codes lead to."""

    address: str
    name: str
    reply_to: str = ""
    page: str = ""

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def write(centre: Centre, policies: Policies, phrases: Phrases, sender: Sender, mail: Mail) -> EmailMessage:
    """Write the letter. The same mail gives the same Message-ID, whoever sends it. Raises: BadAddress."""
    language = mail.language if mail.language in policies.languages else policies.languages[0]
    branch, _, station = mail.station.partition(".")
    known = policies.of(branch)
    words = centre.look(lambda work: _words(work, centre.network, mail.body))
    receipt = Receipt(
        language=language,
        branch=known.name if known else branch,
        station=station,
        printed_at=mail.happened_at.astimezone(policies.zone),
        number=str(mail.body.get("number", "")),
        lent=tuple(_due(words, line) for line in mail.body.get("lent", ())),
        renewed=tuple(_due(words, line) for line in mail.body.get("renewed", ())),
        returned=tuple(_returned(words, line) for line in mail.body.get("returned", ())),
    )
    letter = EmailMessage()
    _head(letter, sender, mail, phrases.say(language, "mail.subject", None, network=policies.brand))
    letter["Date"] = format_datetime(centre.now())
    _fill(letter, render(receipt, phrases), str(mail.body.get("token", "")), language, phrases, sender.page)
    letter["Content-Language"] = language  # after the content, which takes such heads along
    return letter


def _head(letter: EmailMessage, sender: Sender, mail: Mail, subject: str) -> None:
    try:
        letter["From"] = Address(sender.name, addr_spec=sender.address)
        letter["To"] = Address(addr_spec=mail.address)
    except (ValueError, IndexError) as error:
        raise BadAddress(f"the address cannot be written to ({type(error).__name__})") from error
    if sender.reply_to:
        letter["Reply-To"] = sender.reply_to
    letter["Subject"] = subject
    letter["Message-ID"] = f"<{mail.id}@{sender.domain}>"
    letter["List-Id"] = f"<receipts.{sender.domain}>"
    letter["Auto-Submitted"] = "auto-generated"


def _fill(letter: EmailMessage, slip: Slip, token: str, language: str, phrases: Phrases, page: str) -> None:
    why = phrases.say(language, "mail.why", None)
    text = plain_text(slip, _COLUMNS)
    code = page + token if token else ""
    letter.set_content(f"{text}\n{code}\n\n{why}\n" if code else f"{text}\n{why}\n")
    letter.add_alternative(_html(slip, code, why, language, phrases), subtype="html")
    if code:
        drawn = BytesIO()
        segno.make_qr(code, error="m").save(drawn, kind="png", scale=4, border=4)
        html = letter.get_payload()[1]  # type: ignore[index]
        assert isinstance(html, EmailMessage), "an alternative is a message"
        html.add_related(drawn.getvalue(), "image", "png", cid=f"<{_CODE}>", filename="receipt.png")


def _html(slip: Slip, code: str, why: str, language: str, phrases: Phrases) -> str:
    picture = ""
    if code:
        alt = escape(phrases.say(language, "receipt.code"))
        link = f'<p><a href="{escape(code)}">{escape(code)}</a></p>' if code.lower().startswith("http") else ""
        picture = f'<p><img src="cid:{_CODE}" alt="{alt}"></p>{link}'
    body = "\n".join(_paragraph(line) for line in slip.lines if line.text)
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"></head>'
        f"<body>\n{body}\n{picture}\n<p><small>{escape(why)}</small></p>\n</body></html>\n"
    )


def _paragraph(line: SlipLine) -> str:
    tag = _TAGS.get(line.style, "p")
    inner = f"<{tag}>{escape(line.text)}</{tag}>"
    return f"<div>{inner}</div>" if tag == "small" else inner


Words = dict[str, tuple[str, str]]


def _words(work: Connection, network: str, body: dict[str, Any]) -> Words:
    """Find title and author of every copy the mail is about."""
    named = {str(line[0]) for group in ("lent", "renewed", "returned") for line in body.get(group, ())}
    same = (titles.c.network == items.c.network) & (titles.c.id == items.c.title)
    wanted = select(items.c.id, titles.c.name, titles.c.author).join(titles, same)
    found = work.execute(wanted.where(items.c.network == network, items.c.id.in_(sorted(named))))
    return {row.id: (row.name, row.author) for row in found}


def _due(words: Words, line: list[Any]) -> ReceiptLine:
    item, due = str(line[0]), date.fromisoformat(line[1])
    title, author = words.get(item, (item, ""))
    return ReceiptLine(title, author, due)


def _returned(words: Words, line: list[Any]) -> ReturnedLine:
    item, late, fee = str(line[0]), int(line[1]), Decimal(line[2])
    title, author = words.get(item, (item, ""))
    return ReturnedLine(title, author, late, fee)
