"""The demo's network as a library system would have it: the same people, copies, loans and holds."""

from datetime import datetime, time
from decimal import Decimal

from kiosk.circulation.model import CardStatus, HoldStatus, ItemStatus
from kiosk.demo_network import DemoNetwork, DemoPatron
from kiosk.sip2_simulator.holdings import Condition, Holdings, Member, OpenHold, OpenLoan, Terms, Volume

TERMS = {
    "adult": Terms(days=21, max_loans=20, max_fees=Decimal(50), fee_per_day_late=Decimal("0.50")),
    "youth": Terms(days=21, max_loans=15, max_fees=Decimal(50), fee_per_day_late=Decimal("0.25")),
    "senior": Terms(days=30, max_loans=20, max_fees=Decimal(50)),
    "child": Terms(days=14, max_loans=10),
}
MEDIA = {"disc": "006", "score": "001"}
END_OF_DAY = time(23, 59)
_CONDITIONS = {
    ItemStatus.NOT_FOR_LOAN: Condition.NOT_FOR_LOAN,
    ItemStatus.WITHDRAWN: Condition.WITHDRAWN,
    ItemStatus.LOST: Condition.LOST,
}


def demo_shelf(network: DemoNetwork) -> Holdings:
    """Make holdings of the demo's files, as they stand on the day they were read for."""
    cards = {person.patron.id: person.patron.card for person in network.patrons}
    return Holdings(
        members=tuple(_member(person) for person in network.patrons),
        volumes=tuple(
            Volume(
                item=item.id,
                title_id=item.title.id,
                title=item.title.name,
                author=item.title.author,
                home=item.branch,
                media=MEDIA.get(item.type, "001"),
                shelf=item.shelf,
                condition=_CONDITIONS.get(item.status, Condition.GOOD),
            )
            for item in network.items.values()
        ),
        terms=TERMS,
        loans=tuple(
            OpenLoan(
                loan.item,
                cards[loan.patron],
                datetime.combine(loan.due, END_OF_DAY),
                loan.renewals,
                loan.lent_at.replace(tzinfo=None),
            )
            for loan in network.loans
        ),
        holds=tuple(
            OpenHold(
                cards[hold.patron],
                hold.title,
                hold.pickup,
                aside=hold.item if hold.status is HoldStatus.READY else None,
            )
            for hold in network.holds
        ),
        fees=tuple(
            (person.patron.card, "Fees", person.patron.fees) for person in network.patrons if person.patron.fees
        ),
        branches=tuple({person.patron.branch for person in network.patrons}),
    )


def _member(person: DemoPatron) -> Member:
    patron = person.patron
    return Member(
        card=patron.card,
        given_name=patron.given_name,
        family_name=patron.family_name,
        pin=person.pin or "",
        category=patron.category,
        home=patron.branch,
        born=patron.born,
        expires=patron.expires,
        block="Blocked by staff" if patron.card_status is CardStatus.BLOCKED else "",
        card_lost=patron.card_status is CardStatus.LOST,
    )
