"""What was done at the centre, for the director's figures: how often, never by whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from kiosk.central.policies import Policies
from kiosk.central.tallies import count as add_up
from kiosk.circulation.model import BranchId, CategoryId, Reason


class Done(StrEnum):
    """Values as the tallies keep them."""

    LOAN = "loan"
    RETURN = "return"
    RENEWAL = "renewal"
    HOLD = "hold"
    REFUSAL = "refusal"


class Channel(StrEnum):
    DESK = "desk"
    CATALOGUE = "catalogue"


@dataclass(frozen=True, slots=True)
class Counted:
    """One thing done at a branch; `category` is the patron's, None where nobody was known.

    `detail` is the reason of a refusal, or that a loan was of a new acquisition.
    """

    done: Done
    branch: BranchId
    category: CategoryId | None
    language: str
    detail: str = ""


def refusals(
    reasons: Iterable[Reason], branch: BranchId, category: CategoryId | None, language: str = ""
) -> list[Counted]:
    """Count every reason something was refused for."""
    return [Counted(Done.REFUSAL, branch, category, language, reason.refusal.value) for reason in reasons]


def count(
    connection: Connection,
    network: str,
    policies: Policies,
    at: datetime,
    done: Iterable[Counted],
    channel: Channel = Channel.CATALOGUE,
) -> None:
    """Add *done* to the figures, in the transaction that did it."""
    local = at.astimezone(policies.zone)
    rows = [
        {
            "day": local.date(),
            "hour": local.hour,
            "branch": one.branch,
            "channel": channel.value,
            "what": one.done.value,
            "age_group": "" if one.category is None else policies.age_group(one.branch, one.category),
            "language": one.language,
            "detail": one.detail,
            "count": 1,
        }
        for one in done
    ]
    add_up(connection, network, rows)
