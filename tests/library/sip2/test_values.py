"""Dates, money and code tables as real systems write them."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.library.sip2.codes import (
    PatronFlag,
    Summary,
    Supported,
    count_of,
    flags_of,
    language_code,
    language_of,
    supports,
    write_flags,
    write_summary,
)
from kiosk.library.sip2.dates import DayOrder, read_date, read_day, write_date
from kiosk.library.sip2.money import read_money, write_money

KYIV = ZoneInfo("Europe/Kyiv")


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2999, 12, 31)))  # noqa: DTZ001
def test_a_local_time_comes_back(when: datetime) -> None:
    when = when.replace(microsecond=0)

    assert read_date(write_date(when)) == when


def test_a_time_with_a_zone_is_written_in_utc() -> None:
    when = datetime(2026, 11, 23, 5, 15, 38, tzinfo=KYIV)

    assert write_date(when) == "20261123   Z031538"
    assert read_date(write_date(when)) == when


@pytest.mark.parametrize(
    ("text", "offset"), [("20261123   B051538", 2), ("20261123   Q231538", -4), ("20261123   M031538", 12)]
)
def test_military_zones(text: str, offset: int) -> None:
    read = read_date(text)

    assert read is not None
    assert read.utcoffset() == timedelta(hours=offset)


def test_four_zeros_are_local_time() -> None:  # Sierra, TLC
    assert read_date("202611230000031538") == datetime(2026, 11, 23, 3, 15, 38)  # noqa: DTZ001


@pytest.mark.parametrize("text", ["", " " * 18, "20261323    031538", "2026", "20261123    256161"])
def test_what_is_no_date(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20261214    235900", date(2026, 12, 14)),  # Koha
        ("2026-12-07 23:59:59", date(2026, 12, 7)),  # Evergreen
        ("20261207", date(2026, 12, 7)),
        ("20261207235900", date(2026, 12, 7)),
        ("Mon Dec 7 2026 23:59", date(2026, 12, 7)),
        ("2026-12-07T23:30:00+02:00", date(2026, 12, 7)),
        ("20261207   Z233000", date(2026, 12, 8)),  # half past one in Kyiv
        ("07.12.2026", date(2026, 12, 7)),
        ("До 07.12.2026 23:59", date(2026, 12, 7)),
        ("12/25/2026", date(2026, 12, 25)),
        ("25/12/2026 23:59", date(2026, 12, 25)),
        ("12-12-26", date(2026, 12, 12)),
        ("Dec 7, 2026", date(2026, 12, 7)),
        ("7 грудня 2026", date(2026, 12, 7)),
        ("7. 12. 2026", date(2026, 12, 7)),
        ("7 December 2026", date(2026, 12, 7)),
        ("07/12/2026", None),  # which is the day?
        ("", None),
        ("soon", None),
        ("31.02.2026", None),
    ],
)
def test_due_dates(text: str, day: date | None) -> None:
    assert read_day(text, zone=KYIV) == day


def test_a_setting_says_which_number_is_the_day() -> None:
    assert read_day("07/12/2026", DayOrder.DAY_FIRST) == date(2026, 12, 7)
    assert read_day("07/12/26", DayOrder.MONTH_FIRST) == date(2026, 7, 12)


@given(st.text(max_size=30))
def test_any_text_is_a_day_or_none(text: str) -> None:
    assert read_day(text) is None or isinstance(read_day(text), date)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12.5", "12.50"),
        ("0.0", "0"),
        ("2", "2"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("12,5", "12.5"),
        ("1,234", "1234"),
        ("1,234,567.00", "1234567"),
        ("-1.00", "-1"),
        ("₴12.50", "12.50"),
        ("12.50 UAH", "12.50"),
    ],
)
def test_money(text: str, amount: str) -> None:
    assert read_money(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "abc", "|", "-"])
def test_no_money(text: str) -> None:
    assert read_money(text) is None


@given(st.decimals(min_value=-(10**6), max_value=10**6, places=2))
def test_an_amount_comes_back(amount: Decimal) -> None:
    assert read_money(write_money(amount)) == amount


def test_any_sign_but_n_and_blank_says_yes() -> None:
    assert flags_of("Y NX          ") == {PatronFlag.CHARGE_DENIED, PatronFlag.HOLD_DENIED}
    assert flags_of("") == frozenset()


@given(st.frozensets(st.sampled_from(PatronFlag)))
def test_a_patron_status_comes_back(flags: frozenset[PatronFlag]) -> None:
    assert len(write_flags(flags)) == 14
    assert flags_of(write_flags(flags)) == flags


def test_a_summary_names_one_list() -> None:
    assert write_summary(Summary.CHARGED) == "  Y       "
    assert write_summary(None) == " " * 10


def test_counts_may_be_blank() -> None:
    assert [count_of(text) for text in ("0002", "    ", "  12", "x")] == [2, None, 12, None]


def test_a_short_bx_hides_nothing() -> None:
    assert supports("YYYYYYYYYYYNYYYY", Supported.RENEW_ALL)
    assert not supports("YYYYYYYYYYYNYYYY", Supported.ITEM_STATUS_UPDATE)
    assert supports("YYY", Supported.HOLD)
    assert supports(None, Supported.HOLD)


def test_ukrainian_has_no_number() -> None:
    assert [language_code(language) for language in ("uk", "pl", "en", None)] == ["000", "017", "001", "000"]
    assert [language_of(code) for code in ("017", "000", "xx ")] == ["pl", None, None]


def test_utc_is_z() -> None:
    assert read_date("20261123   Z031538") == datetime(2026, 11, 23, 3, 15, 38, tzinfo=UTC)
    assert read_date("20261123   A031538") == datetime(2026, 11, 23, 3, 15, 38, tzinfo=timezone(timedelta(hours=1)))
