"""Which branch's rules hold for a wish that was made at no branch, and how long the hold shelf keeps a book."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from kiosk.central.circulation.facts import OpenLoan
from kiosk.central.policies import BranchPolicy, Policies
from kiosk.circulation.calendar import lifted, next_open
from kiosk.circulation.model import BranchId


class NoSuchBranch(LookupError):
    """The settings know no branch of that name; the message says which."""


def rules_of(policies: Policies, branch: str) -> BranchPolicy:
    """Find the rules of *branch*. Raises: NoSuchBranch."""
    known = policies.of(branch)
    if known is None:
        raise NoSuchBranch(f"no branch {branch!r} in the settings")
    return known


def rules_for(policies: Policies, branch: str, home: str = "") -> BranchPolicy:
    """Find the rules of *branch*; those of *home* where the settings no longer know it, else the first there are."""
    known = policies.of(branch) or policies.of(home) or next(iter(policies.branches.values()), None)
    if known is None:
        raise NoSuchBranch("no branch at all in the settings")
    return known


def due_when_open(policies: Policies, running: Iterable[OpenLoan], home: str = "") -> tuple[OpenLoan, ...]:
    """Move what falls due on a day its branch is closed to the day it opens again."""
    return tuple(replace(one, loan=lifted(one.loan, rules_for(policies, one.branch, home).hours)) for one in running)


def kept_until(policies: Policies, pickup: BranchId, ready_at: datetime) -> date:
    """Say on which day a copy is fetched at the latest: an open day, so that nobody finds a locked door."""
    last = policies.day_of(ready_at) + timedelta(days=policies.hold_shelf_days)
    known = policies.of(pickup)
    return last if known is None else next_open(last, known.hours)
