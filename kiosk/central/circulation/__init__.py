"""Patrons' business at the centre: the catalogue page's and the librarian's desk, by the rules the stations have.

One wish is one transaction. The rules are `kiosk.circulation`'s; here is what the central tables make of them.
"""

from kiosk.central.circulation.account import account
from kiosk.central.circulation.answers import (
    Account,
    HoldCancelled,
    HoldLine,
    HoldPlaced,
    HoldRefused,
    LentAtDesk,
    LoanLine,
    NoEntry,
    NoSuchHold,
    NotLentAtDesk,
    NotServed,
    SignedIn,
    SignInAnswer,
    TakenBackAtDesk,
)
from kiosk.central.circulation.branch_rules import NoSuchBranch
from kiosk.central.circulation.desk import lend, take_back
from kiosk.central.circulation.expiry import expire_holds
from kiosk.central.circulation.holds import cancel_hold, place_hold
from kiosk.central.circulation.renewals import renew
from kiosk.central.circulation.sign_in import sign_in, still_served

__all__ = [
    "Account",
    "HoldCancelled",
    "HoldLine",
    "HoldPlaced",
    "HoldRefused",
    "LentAtDesk",
    "LoanLine",
    "NoEntry",
    "NoSuchBranch",
    "NoSuchHold",
    "NotLentAtDesk",
    "NotServed",
    "SignInAnswer",
    "SignedIn",
    "TakenBackAtDesk",
    "account",
    "cancel_hold",
    "expire_holds",
    "lend",
    "place_hold",
    "renew",
    "sign_in",
    "still_served",
    "take_back",
]
