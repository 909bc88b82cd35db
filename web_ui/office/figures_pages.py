"""The figures a director reports: tables, charts, and a file a spreadsheet opens."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from babel.dates import get_day_names
from flask import Blueprint, request
from flask import Response as FileResponse
from markupsafe import Markup
from werkzeug.wrappers import Response

from kiosk.central.statistics import Figures, Period, discreet, figures
from web_ui.charts import Bar, bars, columns, heat
from web_ui.office.house import Office
from web_ui.office.spreadsheet import harmless, spreadsheet

WHAT = ("visit", "loan", "return", "renewal", "hold", "refusal")
_OPEN = range(8, 22)


def add_figures_pages(pages: Blueprint, office: Office) -> None:
    @pages.get("/figures")
    @office.only("librarian")
    def show() -> Response:
        period = _period(office)
        found = office.centre.look(lambda work: figures(work, office.centre.network, period))
        branches = sorted((str(one.id), one.short) for one in office.policies.branches.values())
        return office.draw(
            "figures.html", found=found, period=period, what=WHAT, branches=branches, discreet=discreet,
            charts=_charts(office, found),
        )  # fmt: skip

    @pages.get("/figures.csv")
    @office.only("librarian")
    def as_file() -> FileResponse:
        period = _period(office)
        found = office.centre.look(lambda work: figures(work, office.centre.network, period))
        return spreadsheet(f"littera-{period.first}-{period.last}.csv", _rows(office, found))


def _period(office: Office) -> Period:
    """Read the period from the address; the last 30 days where it makes none."""
    today = office.policies.day_of(office.centre.now())
    try:
        first, last = (date.fromisoformat(request.args.get(name, "")) for name in ("from", "until"))
    except ValueError:
        first, last = today - timedelta(days=29), today
    if last < first or (last - first).days > 3660:
        first, last = today - timedelta(days=29), today
    return Period(first, last, request.args.get("branch", ""))


def _charts(office: Office, found: Figures) -> dict[str, Markup]:
    say, name_of = office.say, office.policies.short_name
    moved = {branch: counted.get("loan", 0) + counted.get("return", 0) for branch, counted in found.by_branch.items()}
    of_branch = [Bar(name_of(branch), times) for branch, times in sorted(moved.items(), key=lambda one: -one[1])]
    of_day = [Bar(day.strftime("%d.%m"), counted.get("loan", 0)) for day, counted in found.by_day.items()]
    why = [Bar(office.word("refusal", reason), times) for reason, times in list(found.refusals.items())[:12]]
    names = get_day_names("abbreviated", locale=office.language())
    drawn = {
        "branch": bars(say("figures.by-branch"), of_branch),
        "day": columns(say("figures.by-day"), of_day),
        "hour": heat(say("figures.by-hour"), [str(names[day]) for day in range(7)], found.by_hour, _OPEN),
        "refusal": bars(say("figures.refusals"), why),
        "language": bars(say("figures.by-language"), [Bar(lang or "—", n) for lang, n in found.by_language.items()]),
    }
    return {name: Markup(svg) for name, svg in drawn.items()}  # noqa: S704 - charts escapes every word it is given


def _rows(office: Office, found: Figures) -> Iterator[Sequence[object]]:
    """Say what the page shows as rows: group, name, and a column for each thing counted."""
    yield (office.say("figures.group"), office.say("figures.name"), *(office.say(f"what.{one}") for one in WHAT))
    yield (office.say("figures.total"), "", *(found.totals.get(one, 0) for one in WHAT))
    groups = (
        ("figures.branch", ((office.policies.short_name(key), counted) for key, counted in found.by_branch.items())),
        ("figures.day", ((key.isoformat(), counted) for key, counted in found.by_day.items())),
        ("figures.age", ((office.say(f"age.{key}"), counted) for key, counted in found.by_age.items())),
    )
    for group, named in groups:
        for name, counted in named:
            yield (office.say(group), name, *(discreet(counted.get(one, 0)) for one in WHAT))
    for reason, times in found.refusals.items():
        why = harmless(office.word("refusal", reason))
        yield (office.say("figures.refusals"), why, *("" for _ in WHAT[:-1]), times)
