"""Settings on their way to stations: written, checked as a station would, compared, sent; and notices on screens."""

import difflib
import tomllib
from collections.abc import Iterator
from datetime import date

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from kiosk.central.errors import PushError
from kiosk.central.fleet import overview
from kiosk.central.settings_push import give_notice, history, newest, push
from kiosk.settings import SettingsError, branches_in, load_settings, stations_of
from web_ui.catalogue.headers import demand_proof
from web_ui.office.house import Office

UNTOUCHABLE = ("branch", "store", "web", "sync")
"""With another ledger, screen or centre a station could not take a mistake back."""
_LONGEST = 100_000


def add_settings_pages(pages: Blueprint, office: Office) -> None:
    centre = office.centre

    @pages.get("/settings")
    @office.only("technician")
    def settings() -> Response:
        found = centre.look(lambda work: newest(work, centre.network))
        stations = centre.look(lambda work: overview(work, centre.network))
        return office.draw("settings.html", documents=found, stations=stations, targets=_targets(office))

    @pages.get("/settings/<target>")
    @office.only("technician")
    def document(target: str) -> Response:
        versions = centre.look(lambda work: history(work, centre.network, target))
        text = versions[0].toml if versions else ""
        return office.draw("document.html", target=target, versions=versions, text=text, diff=None, problems="")

    @pages.post("/settings/<target>")
    @office.only("technician")
    def write(target: str) -> Response:
        demand_proof()
        member = office.member()
        assert member is not None, "the page is for somebody signed in"
        text = request.form.get("toml", "").replace("\r\n", "\n")[:_LONGEST]
        versions = centre.look(lambda work: history(work, centre.network, target))
        shown = {"target": target, "versions": versions, "text": text}
        try:
            check(office, target, text)
        except PushError as error:
            return office.draw("document.html", **shown, diff=None, problems=str(error))
        if request.form.get("sure") != "yes":
            before = versions[0].toml if versions else ""
            return office.draw("document.html", **shown, diff=list(compared(before, text)), problems="")
        version = push(centre, target, text, member.login, request.form.get("note", "")[:200])
        flash(office.say("settings.sent", version=version), "good")
        return redirect(url_for("office.document", target=target))

    @pages.post("/notices")
    @office.only()
    def notice() -> Response:
        demand_proof()
        member = office.member()
        assert member is not None, "the page is for somebody signed in"
        words = {one: text for one in office.languages if (text := request.form.get(f"words-{one}", "").strip()[:300])}
        try:
            days = tuple(date.fromisoformat(request.form.get(name, "")) for name in ("from", "until"))
        except ValueError:
            days = ()
        if not words or len(days) != 2 or days[1] < days[0]:
            flash(office.say("notice.incomplete"), "stop")
        else:
            give_notice(centre, request.form.get("branch", ""), words, (days[0], days[1]), member.login)
            flash(office.say("notice.given"), "good")
        return redirect(url_for("office.fleet"))


def compared(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Go through the lines of both: `+` new, `-` gone, ` ` as it was."""
    for line in difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2):
        if not line.startswith(("---", "+++", "@@")):
            yield line[:1], line[1:]


def check(office: Office, target: str, text: str) -> None:
    """Check a document as every station it is for would. Raises: PushError with everything that is wrong."""
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise PushError(f"TOML: {error}") from error
    if wrong := [name for name in UNTOUCHABLE if name in table]:
        raise PushError(office.say("settings.untouchable", names=", ".join(wrong)))
    problems: dict[str, None] = {}
    for branch, station in _stations(office, target):
        try:
            load_settings(office.config_dir, branch, station, table)
        except SettingsError as error:
            problems |= dict.fromkeys(map(str, error.problems))
    if problems:
        raise PushError("\n".join(problems))


def _stations(office: Office, target: str) -> Iterator[tuple[str, str | None]]:
    kind, _, name = target.partition(":")
    branch_of_station = name.partition(".")[0]
    for branch in branches_in(office.config_dir):
        for station in stations_of(office.config_dir, branch) or (None,):
            mine = {"network": True, "branch": branch == name, "station": branch == branch_of_station}.get(kind, False)
            if mine and (kind != "station" or station in (None, name.partition(".")[2])):
                yield branch, station


def _targets(office: Office) -> list[tuple[str, str]]:
    branches = sorted(office.policies.branches.values(), key=lambda one: one.short)
    return [("network", office.say("settings.network")), *((f"branch:{one.id}", one.short) for one in branches)]
