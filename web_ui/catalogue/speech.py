"""What the catalogue says, in one language: reasons, days, money, languages and opening hours as words."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import groupby

from babel import Locale, UnknownLocaleError
from babel.dates import get_day_names

from kiosk.central.policies import BranchPolicy, Policies
from kiosk.circulation.calendar import is_open_at
from kiosk.circulation.model import BranchId, OpeningHours, Reason
from web_ui.texts import Texts

Span = tuple[time, time] | None


@dataclass(frozen=True, slots=True)
class HoursLine:
    """Days in a row that open and close alike; `span` is empty for days off."""

    days: str
    span: str


@dataclass(frozen=True, slots=True)
class Speech:
    """The texts in one language, and the names the network has in them."""

    texts: Texts
    lang: str
    policies: Policies

    def say(self, key: str, n: int | None = None, **values: object) -> str:
        return self.texts.say(self.lang, key, n, **values)

    def day(self, day: date) -> str:
        return self.texts.day(self.lang, day)

    def near_day(self, day: date) -> str:
        return self.texts.near_day(self.lang, day)

    def week_day(self, day: date) -> str:
        return self.texts.week_day(self.lang, day)

    def money(self, amount: Decimal) -> str:
        return self.texts.money(self.lang, amount)

    def branch(self, branch: BranchId | str) -> str:
        return self.policies.short_name(branch)

    def branches(self, several: tuple[BranchId, ...], most: int = 3) -> str:
        """Name the first branches, and say how many more there are."""
        named = ", ".join(self.branch(one) for one in several[:most])
        more = len(several) - most
        return named if more <= 0 else self.say("branches.and-more", named=named, more=more)

    def language_of(self, code: str) -> str:
        """Name the language of a book; its code where nobody knows the name."""
        try:
            name = Locale.parse(code).get_language_name(self.lang)
        except (UnknownLocaleError, ValueError):
            name = None
        return name or code

    def why(self, reason: Reason) -> str:
        """Say why something is refused, as exactly as the reason's facts allow, and what to do."""
        stem = f"why.{reason.refusal}"
        amount = None if reason.amount is None else self.money(reason.amount)
        day = None if reason.day is None else self.day(reason.day)
        return self.say(stem, reason.number, amount=amount, day=day, text=reason.text or "")

    def hours(self, hours: OpeningHours) -> tuple[HoursLine, ...]:
        """Say the week, days that are alike in a row together: `пн-пт 10:00-19:00`."""
        names = dict(get_day_names("abbreviated", locale=self.lang))
        runs = groupby(enumerate(hours.week), key=lambda one: one[1])
        return tuple(self._hours_line([day for day, _ in run], span, names) for span, run in runs)

    def _hours_line(self, days: list[int], span: Span, names: dict[int, str]) -> HoursLine:
        named = names[days[0]] if len(days) == 1 else f"{names[days[0]]}–{names[days[-1]]}"
        return HoursLine(named, "" if span is None else f"{span[0]:%H:%M}–{span[1]:%H:%M}")

    def opens(self, branch: BranchPolicy, now: datetime) -> str:
        """Say whether the door is open now, and until when."""
        local = now.astimezone(self.policies.zone).replace(tzinfo=None)
        span = branch.hours.week[local.weekday()]
        if span is None or not is_open_at(local, branch.hours):
            return self.say("branch.closed-now")
        return self.say("branch.open-until", until=f"{span[1]:%H:%M}")

    def days_off(self, hours: OpeningHours, today: date, days: int = 21) -> tuple[str, ...]:
        """Name the days off that are near."""
        return tuple(self.week_day(day) for day in sorted(hours.closed) if 0 <= (day - today).days <= days)
