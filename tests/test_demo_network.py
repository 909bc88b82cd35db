"""The demo's network: what ships is whole, each story is what it says, and a broken file is told."""

import shutil
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kiosk.circulation.model import BranchId, HoldStatus, ItemStatus, Refusal
from kiosk.circulation.rules import Refuse, card_reasons, decide_checkout, decide_renewal, patron_blocks
from kiosk.demo_network import DemoError, StrayKind, load_demo
from kiosk.settings import branches_in, load_settings

CONFIG = Path(__file__).parents[1] / "config"
TODAY = date(2026, 11, 24)
SETTINGS = load_settings(CONFIG, "central", "hall")
POLICY, HOURS = SETTINGS.lending_policy(), SETTINGS.opening_hours()


@pytest.fixture(scope="module")
def network():
    return load_demo(CONFIG, TODAY)


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(CONFIG / "demo", tmp_path / "demo")
    return tmp_path


def person(network, key):
    return next(p.patron for p in network.patrons if p.patron.id == key)


def loans_of(network, key):
    return tuple(loan for loan in network.loans if loan.patron == key)


def test_there_is_plenty_to_lay_on_the_pad_at_the_central_library(network):
    here = network.items_at(BranchId("central"))
    lent = {loan.item for loan in network.loans}

    assert len(network.titles) >= 200
    assert sum(item.status is ItemStatus.AVAILABLE and item.id not in lent for item in here) >= 40
    assert sum(item.parts > 1 for item in here) >= 3
    assert {item.status for item in here} == set(ItemStatus)


def test_every_copy_is_at_a_branch_and_of_a_type_the_network_has(network):
    assert {item.branch for item in network.items.values()} == set(branches_in(CONFIG))
    assert {item.type for item in network.items.values()} <= set(SETTINGS.lending.item_types)
    assert {p.patron.category for p in network.patrons} <= set(POLICY.categories)


def test_every_tag_is_one_of_its_kind_and_every_barcode_has_ten_digits(network):
    uids = [uid for tags in network.tags.values() for uid in tags] + [tag.uid for tag in network.stray_tags]

    assert Counter(uids).most_common(1)[0][1] == 1
    assert all(len(uid) == 16 and uid.startswith("E00401") for tags in network.tags.values() for uid in tags)
    assert all(len(barcode) == 10 and barcode.isdigit() for barcode in network.items)


def test_every_patron_has_a_card_of_their_own_and_a_story(network):
    for told in (
        lambda p: p.patron.card,
        lambda p: p.card_uid,
        lambda p: p.story["uk"],
        lambda p: p.story["en"],
        lambda p: p.patron.id,
    ):
        assert len({told(p) for p in network.patrons}) == len(network.patrons)
    assert all(person(network, p.patron.guardian) for p in network.patrons if p.patron.guardian)


@pytest.mark.parametrize(
    ("key", "refusals"),
    [
        ("olena", []),
        ("sofiika", []),
        ("iryna", []),
        ("ihor", [Refusal.CARD_BLOCKED]),
        ("nataliia", [Refusal.CARD_EXPIRED]),
        ("petro", [Refusal.CARD_LOST]),
        ("bohdan", [Refusal.FEES]),
        ("oksana", [Refusal.OVERDUE]),
        ("yaryna", [Refusal.LOAN_LIMIT, Refusal.TYPE_LIMIT]),
    ],
)
def test_each_story_is_what_it_says_when_a_book_is_asked_for(network, key, refusals):
    who, loans = person(network, key), loans_of(network, key)
    book = next(i for i in network.items_at(BranchId("central")) if i.title.name == "Тигролови")

    answer = decide_checkout(who, loans, book, (), None, POLICY, HOURS, TODAY)

    told = [reason.refusal for reason in answer.reasons] if isinstance(answer, Refuse) else []
    assert told == refusals


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2026, 1, 1), date(2030, 12, 31)])
def test_the_stories_stay_true_whatever_the_day(day):
    network = load_demo(CONFIG, day)
    child = person(network, "sofiika")

    assert patron_blocks(person(network, "oksana"), loans_of(network, "oksana"), POLICY, day)
    assert card_reasons(person(network, "nataliia"), day)
    assert not card_reasons(child, day)
    assert day.year - child.born.year in {9, 10}


def test_a_copy_is_set_aside_for_the_patron_whose_hold_is_ready(network):
    (hold,) = [hold for hold in network.holds if hold.status is HoldStatus.READY]

    assert (hold.patron, network.items[hold.item].title.id) == ("iryna", hold.title)
    assert hold.item not in {loan.item for loan in network.loans}


def test_a_book_somebody_waits_for_cannot_be_renewed(network):
    (loan,) = loans_of(network, "andrii")
    item, who = network.items[loan.item], person(network, "andrii")

    answer = decide_renewal(who, loan, item, (loan,), network.holds, POLICY, HOURS, TODAY)

    assert [reason.refusal for reason in answer.reasons] == [Refusal.HELD_FOR_ANOTHER]


def test_every_kind_of_stray_tag_is_there_to_be_laid_down(network):
    kinds = {tag.kind: tag for tag in network.stray_tags}

    assert set(kinds) == set(StrayKind)
    assert kinds[StrayKind.FOREIGN].owner not in {"", SETTINGS.network.isil}
    assert kinds[StrayKind.UNLISTED].item not in network.items
    assert not kinds[StrayKind.PATRON_CARD].uid.startswith("E0")
    assert kinds[StrayKind.PATRON_CARD].uid in {p.card_uid for p in network.patrons}


def test_the_same_day_tells_the_same_story(network):
    assert load_demo(CONFIG, TODAY) == network
    assert person(network, "bohdan").fees == Decimal("64.50")


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("titles.csv", "t0002,", "t0001,", "titles.csv, line 3: title t0001 is listed twice"),
        ("titles.csv", ",1798,", ",MDCCXCVIII,", "titles.csv, line 3: invalid literal"),
        ("titles.csv", ",1798,", ",", "titles.csv, line 3: wrong number of columns"),
        ("titles.csv", "id,name", "id,nome", "titles.csv, line 2: name is missing"),
        ("copies.csv", "0012300074", "0012300037", "copies.csv, line 3: barcode 0012300037 is listed twice"),
        ("copies.csv", "0012300074,t0001", "0012300074,t9", "copies.csv, line 3: title t9 is not listed"),
        ("copies.csv", "available", "mislaid", "copies.csv, line 2: 'mislaid' is not a valid ItemStatus"),
        ("copies.csv", "E004015047B4EEC1", "E004015023318188", "tag E004015023318188 is on 0012300037 already"),
        ("copies.csv", " E00401", ",E00401", "wrong number of columns"),
        ("patrons.toml", 'item = "0012302553"', 'item = "1"', "loans entry 1: item 1 is not listed"),
        ("patrons.toml", 'item = "0012303404"', 'item = "0012302553"', "item 0012302553 is on loan twice"),
        ("patrons.toml", 'title = "t0144"', 'title = "t9"', "holds: title t9 is not listed"),
        ("patrons.toml", 'guardian = "olena"', 'guardian = "nobody"', "guardian nobody is not listed"),
        ("patrons.toml", 'fees = "64.50"', 'fees = "much"', "patrons entry 9: "),
        ("patrons.toml", 'card = "20000017"\n', "", "patrons entry 1: card is missing"),
        ("patrons.toml", "[[patrons]]", "[[patrons]", "patrons.toml: "),
    ],
)
def test_a_broken_demo_file_is_told_with_the_entry(folder, file, old, new, told):
    path = folder / "demo" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(DemoError) as caught:
        load_demo(folder, TODAY)

    assert told in str(caught.value)


def test_a_missing_demo_file_is_told(tmp_path):
    with pytest.raises(DemoError, match=r"titles\.csv: .*No such file"):
        load_demo(tmp_path, TODAY)
