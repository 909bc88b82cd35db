"""A receipt wanted by e-mail, as a station tells of it: it waits in the queue until the postman takes it."""

from kiosk.central.ingest.fold import Folding
from kiosk.central.ingest.picture import MailRow

_KEPT = ("number", "token", "lent", "renewed", "returned")


def receipt_wanted(folding: Folding) -> None:
    """Queue a mail to the patron; one who is no more gets none, and nobody has to look at that."""
    picture, told = folding.picture, folding.told
    patron = picture.survivor(told.text("patron"))
    if patron not in picture.patrons:
        return
    body = {name: told.facts[name] for name in _KEPT if name in told.facts}
    mail = MailRow(told.sent.id, patron, told.text("language"), body, told.happened_at)
    picture.mails.append(mail)
