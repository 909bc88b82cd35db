"""What an earlier run of the program left half done becomes a debt with a name, mended when its tag is seen."""

from datetime import timedelta

from kiosk.library.local.desk import Desk
from kiosk.library.local.gates import journal_debt, owe
from kiosk.library.local.taking_back import leave_unfinished
from kiosk.store.intents import IntentKind, IntentState, ReturnState

REMEMBERED = timedelta(days=1)
"""How long closed loans are kept here: no reading history gathers at a station (ALA privacy guidelines)."""


def recover(desk: Desk) -> int:
    """Name every order of an earlier run nobody has answered; returns how many there were.

    The loans stand: they were durable before a tag was touched. A return that was begun waits for its copy.
    """
    left = desk.work.intents.left_by_earlier_runs()
    for intent in left:
        if intent.kind is IntentKind.CHECKIN:
            desk.work.intents.note(intent, IntentState.OWED)
        else:
            journal_debt(desk, owe(desk, intent, {"why": "the station stopped before it was confirmed"}))
    for key in dict.fromkeys(intent.request_key for intent in left if intent.kind is IntentKind.CHECKIN):
        begun = desk.work.returns.by_key(key)
        if begun is not None and begun.state is ReturnState.BEGUN:
            leave_unfinished(desk, begun, "the station stopped before it was confirmed")
    return len(left)


def tidy(desk: Desk) -> None:
    """Forget what was closed more than a day ago, and the tags nobody has laid down for longest."""
    desk.work.forget_closed(desk.work.moment.at - REMEMBERED)
    desk.work.tags.forget()
