"""Run by test_kills.py: a station that lends and settles for ever, killed with SIGKILL in the middle, again and again.

The parent has everything imported and forks, so a kill costs milliseconds. The child says "asked" before and "lent"
after every commit, through a pipe that survives it. What was said is compared with what the ledger holds.
"""

import json
import os
import random
import re
import signal
import sys
import time
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from kiosk.circulation.model import CategoryPolicy, LendingPolicy, LoanRule
from kiosk.library.local import LocalLibrary
from kiosk.store import Moment, TrustedClock, open_store
from kiosk.store.seed import Stock, seed
from tests.library.desk_stand import ADULT, BOOK, NOON, OLENA, RULES, copy, facts, item, patron

NAMES = [f"book-{number}" for number in range(4000)]
LONGEST_LIFE = 0.08


_RULE = LoanRule(days=14, max_loans=10_000)
_ADULTS = CategoryPolicy(max_loans=10_000, max_fees=Decimal(50), max_overdue=3, rules={BOOK: _RULE})
GENEROUS = replace(RULES, policy=LendingPolicy(categories={ADULT: _ADULTS}))
SAYINGS = re.compile(r"(lent|cleared) book-(\d+)")


def lend_for_ever(path: Path, first: int, ack: int) -> None:
    """Lend two copies at a time and say so; ends only by being killed."""
    library = LocalLibrary(open_store(path), GENEROUS, TrustedClock(lambda: NOON))
    library.recover()
    for number in range(first, len(NAMES) - 1, 2):
        names = NAMES[number : number + 2]
        answers = library.checkout(OLENA, tuple(copy(f"k-{name}", name) for name in names))
        os.write(ack, "".join(f"lent {name}\n" for name in names).encode())
        library.settle(facts(order for answer in answers for order in answer.orders))
        os.write(ack, "".join(f"cleared {name}\n" for name in names).encode())


def live_and_die(path: Path, first: int, life: float) -> list[tuple[str, str]]:
    """Let a child live for *life* seconds after its first word; say all its words."""
    listen, ack = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            lend_for_ever(path, first, ack)
        finally:
            os._exit(1)
    os.close(ack)
    words = os.read(listen, 65536)
    time.sleep(life)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(listen, "rb") as rest:
        words += rest.read()
    return SAYINGS.findall(words.decode())


def main(path: Path, kills: int, seed_of_chance: int) -> None:
    chance = random.Random(seed_of_chance)
    with closing(open_store(path)) as store:
        seed(store, Stock(items=[item(name) for name in NAMES], patrons=[patron(OLENA)]))
    said: list[tuple[str, str]] = []
    for _ in range(kills):
        lent = [int(number) for word, number in said if word == "lent"]
        first = max(lent, default=-1) + 3  # two may be lent and not said: the next child leaves them alone
        said += live_and_die(path, first, chance.uniform(0, LONGEST_LIFE))
    with closing(open_store(path)) as store:
        LocalLibrary(store, GENEROUS, TrustedClock(lambda: NOON)).recover()
        with store.reading(Moment(NOON, 0)) as work:
            loans = {loan.item for loan in work.loans.open_of_patron(OLENA)}
            owed = {debt.item for debt in work.debts.all_open()}
            report = {
                "kills": kills,
                "lent": sorted(f"book-{number}" for word, number in said if word == "lent"),
                "cleared": sorted(f"book-{number}" for word, number in said if word == "cleared"),
                "loans": sorted(loans),
                "owed": sorted(owed),
                "first_break": work.journal.first_break(),
                "journaled": sorted(entry.facts()["item"] for entry in work.journal.entries() if entry.type == "lent"),
            }
    print(json.dumps(report))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
