"""Values of the trade as rows of the tables, and a row that takes the place of one already there."""

from sqlalchemy import Table
from sqlalchemy.dialects.sqlite import Insert, insert

from kiosk.circulation.model import Item, Patron, Title
from kiosk.store.items import contents_text
from kiosk.store.patrons import Card


def newest(table: Table, key: str) -> Insert:
    """Insert; a row of the same *key* that is there already takes over what the new one says."""
    statement = insert(table)
    own = table.primary_key.columns.keys()
    changed = {column.name: column for column in statement.excluded if column.name not in {key, *own}}
    return statement.on_conflict_do_update(index_elements=[key], set_=changed)


def title_row(title: Title) -> dict[str, object]:
    return {
        "id": title.id,
        "name": title.name,
        "author": title.author,
        "year": title.year,
        "language": title.language,
        "age_from": title.age_from,
    }


def item_row(item: Item) -> dict[str, object]:
    return {
        "id": item.id,
        "title": item.title.id,
        "type": item.type,
        "branch": item.branch,
        "status": item.status,
        "shelf": item.shelf,
        "parts": item.parts,
        "contents": contents_text(item.contents),
    }


def patron_row(patron: Patron) -> dict[str, object]:
    return {
        "id": patron.id,
        "card": patron.card,
        "given_name": patron.given_name,
        "family_name": patron.family_name,
        "category": patron.category,
        "branch": patron.branch,
        "born": patron.born,
        "expires": patron.expires,
        "card_status": patron.card_status,
        "fees": patron.fees,
        "guardian": patron.guardian,
        "language": patron.language,
        "pin_needed": patron.pin_needed,
        "mail": patron.mail,
    }


def card_row(card: Card) -> dict[str, object]:
    uid = None if card.uid is None else card.uid.upper()
    return {"number": card.number, "uid": uid, "patron": card.patron, "status": card.status}
