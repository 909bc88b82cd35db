"""What holds for every patron, every book and every order of events."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kiosk.circulation.calendar import is_open
from kiosk.circulation.model import CardStatus, Hold, HoldStatus, ItemStatus, OpeningHours, PatronId
from kiosk.circulation.rules import Extend, Lend, Refuse, decide_checkin, decide_checkout, decide_renewal, next_in_queue
from tests.circulation.builders import (
    BOHUNIIA,
    BOOK,
    CENTRAL,
    DAY,
    DISC,
    ITEM,
    KOBZAR,
    POLICY,
    TODAY,
    hold,
    item,
    loan,
    patron,
    policy,
)

hours = st.builds(
    OpeningHours,
    st.tuples(st.just(DAY), *[st.sampled_from([DAY, None])] * 6),
    st.frozensets(st.integers(0, 60).map(lambda n: TODAY + timedelta(days=n)), max_size=8),
)
patrons = st.builds(
    patron,
    card_status=st.sampled_from(CardStatus),
    category=st.sampled_from(["adult", "child", "guest"]),
    fees=st.decimals(0, 80, places=2),
    born=st.none() | st.dates(date(1940, 1, 1), TODAY),
    expires=st.none() | st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=3)),
)
items = st.builds(
    item,
    type=st.sampled_from([BOOK, DISC, "game"]),
    status=st.sampled_from(ItemStatus),
    title=st.builds(lambda age: replace(KOBZAR, age_from=age), st.sampled_from([0, 7, 16, 18])),
)
open_loans = st.lists(st.tuples(st.integers(-5, 40), st.sampled_from([BOOK, DISC])), max_size=4).map(
    lambda facts: tuple(loan(n + 2, due, item_type=kind) for n, (due, kind) in enumerate(facts))
)
queues = st.lists(
    st.builds(
        hold,
        st.sampled_from(["olena", "petro", "iryna"]),
        st.integers(0, 9),
        pickup=st.sampled_from([CENTRAL, BOHUNIIA]),
        status=st.sampled_from(HoldStatus),
        item=st.sampled_from([ITEM.id, None]),
    ),
    max_size=4,
).map(tuple)
policies = st.builds(
    policy,
    holds_block_shelf_copies=st.booleans(),
    local_holds_first=st.booleans(),
    late_fee_on_closed_days=st.booleans(),
    renew_within_late_days=st.none() | st.integers(0, 9),
)
another_loan = st.none() | st.just(loan(1, patron=PatronId("petro")))


@given(patrons, open_loans, items, queues, another_loan, policies, hours)
def test_a_loan_is_granted_with_a_due_day_or_refused_with_a_reason(who, loans, copy, holds, lent, rules, week):
    answer = decide_checkout(who, loans, copy, holds, lent, rules, week, TODAY)

    if isinstance(answer, Refuse):
        assert answer.reasons
    else:
        assert is_open(answer.due, week)
        assert answer.due >= TODAY + timedelta(days=rules.categories[who.category].rules[copy.type].days)


@given(st.lists(st.sampled_from([BOOK, DISC]), min_size=1, max_size=12), hours)
def test_no_order_of_books_gets_a_patron_past_a_limit(stack, week):
    adult, loans = POLICY.categories[patron().category], ()

    for n, kind in enumerate(stack):
        answer = decide_checkout(patron(), loans, item(type=kind), (), None, POLICY, week, TODAY)
        if isinstance(answer, Lend):
            loans = (*loans, loan(n, item_type=kind, due=answer.due))

    assert len(loans) <= adult.max_loans
    assert all(sum(lent.item_type == kind for lent in loans) <= adult.rules[kind].max_loans for kind in stack)
    assert len(loans) == min(adult.max_loans, stack.count(BOOK) + min(1, stack.count(DISC)))


def spoilt(thing, field, status):
    """Give a thing a worse status, unless it has one of its own to be refused for."""
    fine = getattr(thing, field) in {CardStatus.ACTIVE, ItemStatus.AVAILABLE}
    return replace(thing, **{field: status}) if fine else thing


OBJECTIONS = {
    "the card is blocked": lambda f: f | {"who": spoilt(f["who"], "card_status", CardStatus.BLOCKED)},
    "the card is over": lambda f: f | {"who": replace(f["who"], expires=TODAY - timedelta(days=1))},
    "fees": lambda f: f | {"who": replace(f["who"], fees=f["who"].fees + Decimal(51))},
    "late books": lambda f: f | {"loans": (*f["loans"], loan(90, -1), loan(91, -1))},
    "one more loan": lambda f: f | {"loans": (*f["loans"], loan(92))},
    "it is another's": lambda f: f | {"lent": loan(1, patron=PatronId("petro"))},
    "it is withdrawn": lambda f: f | {"copy": spoilt(f["copy"], "status", ItemStatus.WITHDRAWN)},
    "an older age": lambda f: f | {"copy": replace(f["copy"], title=replace(f["copy"].title, age_from=99))},
    "the queue is guarded": lambda f: f | {"rules": replace(f["rules"], holds_block_shelf_copies=True)},
}


@given(
    st.fixed_dictionaries(
        {
            "who": patrons,
            "loans": open_loans,
            "copy": items,
            "holds": queues,
            "lent": another_loan,
            "rules": policies,
            "week": hours,
        }
    ),
    st.sampled_from(sorted(OBJECTIONS)),
)
def test_one_more_objection_never_turns_a_no_into_a_yes(facts, objection):
    def decide(f):
        return decide_checkout(f["who"], f["loans"], f["copy"], f["holds"], f["lent"], f["rules"], f["week"], TODAY)

    before, after = decide(facts), decide(OBJECTIONS[objection](facts))

    if isinstance(before, Refuse):
        assert isinstance(after, Refuse)
        assert {r.refusal for r in before.reasons} <= {r.refusal for r in after.reasons}


@given(patrons, st.integers(-20, 60), st.integers(0, 4), open_loans, queues, policies, hours)
def test_a_renewal_only_ever_gives_time(who, due_in, renewals, others, holds, rules, week):
    lent = loan(1, due_in, renewals=renewals)

    answer = decide_renewal(who, lent, ITEM, (lent, *others), holds, rules, week, TODAY)

    if isinstance(answer, Extend):
        assert answer.due > lent.due
        assert is_open(answer.due, week)
        assert renewals < rules.categories[who.category].rules[BOOK].max_renewals
    else:
        assert answer.reasons


@given(items, st.none() | st.integers(-60, 10), queues, policies, hours, st.sampled_from([CENTRAL, BOHUNIIA]))
def test_a_book_that_is_back_serves_one_of_those_who_wait_or_goes_home(copy, due_in, holds, rules, week, here):
    lent = None if due_in is None else loan(1, due_in)

    back = decide_checkin(copy, lent, holds, rules, patron().category, here, week, TODAY)

    goes_to = here if back.destination is None else back.destination
    assert goes_to == (copy.branch if back.hold_for is None else back.hold_for.pickup)
    assert back.destination != here
    assert back.hold_for is None or back.hold_for in holds
    assert back.not_on_loan is (lent is None)
    assert back.fee == 0 or back.late_days > 0


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.integers(0, 9)), min_size=1, max_size=8), st.randoms())
def test_the_order_rows_come_in_decides_nothing(places, rnd):
    queue = [Hold(PatronId(who), KOBZAR.id, hold(who, ago).placed_at, CENTRAL) for who, ago in places]
    shuffled = rnd.sample(queue, len(queue))

    one, other = (
        decide_checkin(ITEM, loan(), tuple(q), POLICY, None, CENTRAL, OpeningHours((DAY,) * 7), TODAY)
        for q in (queue, shuffled)
    )

    assert one == other
    assert next_in_queue(tuple(queue)) == next_in_queue(tuple(shuffled)) == one.hold_for
