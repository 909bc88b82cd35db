"""The figures a director reports: how often, where, when; from counters that never knew who."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from kiosk.central.tables import tallies

DIMENSIONS = ("branch", "day", "hour", "age_group", "language", "detail")
SMALLEST_CELL = 5
"""Numbers below it are shown as "<5" where a group by age meets a single hour or day: they could point at a person."""


@dataclass(frozen=True, slots=True)
class Period:
    first: date
    last: date
    branch: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """What happened in a period. `share` is the part of loans and returns patrons did by themselves; None of none."""

    totals: Mapping[str, int]
    share: float | None
    by_branch: Mapping[str, Mapping[str, int]]
    by_day: Mapping[date, Mapping[str, int]]
    by_hour: Mapping[tuple[int, int], int]
    by_age: Mapping[str, Mapping[str, int]]
    by_language: Mapping[str, int]
    refusals: Mapping[str, int]
    new_acquisitions: int


def figures(connection: Connection, network: str, period: Period) -> Figures:
    """Add up the counters of *period*."""
    of = tallies
    names = (of.c.day, of.c.hour, of.c.branch, of.c.channel, of.c.what, of.c.age_group, of.c.language, of.c.detail)
    wanted = select(*names, func.sum(of.c.count).label("times")).where(
        of.c.network == network, of.c.day >= period.first, of.c.day <= period.last
    )
    if period.branch:
        wanted = wanted.where(of.c.branch == period.branch)
    found = _Sums()
    for row in connection.execute(wanted.group_by(*names)):
        found.add(
            row.day,
            row.hour,
            row.branch,
            row.channel,
            row.what,
            row.age_group,
            row.language,
            row.detail,
            int(row.times),
        )
    return found.figures()


class _Sums:
    def __init__(self) -> None:
        self._totals: Counter[str] = Counter()
        self._by: dict[str, dict[object, Counter[str]]] = {"branch": {}, "day": {}, "age": {}}
        self._hours: Counter[tuple[int, int]] = Counter()
        self._languages: Counter[str] = Counter()
        self._refusals: Counter[str] = Counter()
        self._moved: Counter[str] = Counter()
        self._fresh = 0

    def add(  # noqa: PLR0913, PLR0917 - one counter
        self, day: date, hour: int, branch: str, channel: str, what: str, group: str, language: str, detail: str, n: int
    ) -> None:
        self._totals[what] += n
        for name, key in (("branch", branch), ("day", day), ("age", group)):
            self._by[name].setdefault(key, Counter())[what] += n
        if what in ("loan", "return"):
            self._moved["own" if channel == "station" else "staff"] += n
            self._hours[day.weekday(), hour] += n
        if what == "loan":
            self._languages[language] += n
            self._fresh += n if detail == "new-acquisition" else 0
        if what == "refusal":
            self._refusals[detail] += n

    def figures(self) -> Figures:
        moved = self._moved.total()
        return Figures(
            totals=dict(self._totals),
            share=None if moved == 0 else self._moved["own"] / moved,
            by_branch={str(key): dict(counted) for key, counted in sorted(self._by["branch"].items(), key=str)},
            by_day={
                key: dict(counted) for key, counted in sorted(self._by["day"].items(), key=str) if isinstance(key, date)
            },
            by_hour=dict(self._hours),
            by_age={str(key): dict(counted) for key, counted in self._by["age"].items() if key},
            by_language=dict(self._languages.most_common()),
            refusals=dict(self._refusals.most_common()),
            new_acquisitions=self._fresh,
        )


def discreet(number: int) -> str:
    """Write a number so small that it could point at a person as "<5"."""
    return f"<{SMALLEST_CELL}" if 0 < number < SMALLEST_CELL else str(number)
