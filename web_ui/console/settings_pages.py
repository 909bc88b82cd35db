"""Every setting of the station as a form made from its schema: found by a word, compared, applied on trial."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web_ui.console.house import House, Room

MOST = 400
"""Letters of one value."""


@dataclass(frozen=True, slots=True)
class Field:
    """One key. `kind` is text, number, switch or choice; an empty one is shown and changed in the files only."""

    path: str
    says: str
    value: str
    kind: str
    place: str
    choices: tuple[str, ...] = ()

    @property
    def section(self) -> str:
        return self.path.partition(".")[0]


class NotApplied(Exception):
    """Settings that cannot be; the message says which and why, a line each."""


@dataclass(frozen=True, slots=True)
class Form:
    """The settings as they are, and what applies a change of some. `apply` is None where nothing can be changed here.

    `apply` raises NotApplied, and nothing is changed.
    """

    fields: Callable[[], Sequence[Field]]
    apply: Callable[[Mapping[str, str]], None] | None
    trouble: Callable[[], str]


def settings_pages(form: Form) -> Callable[[Blueprint, House], None]:
    def add(pages: Blueprint, house: House) -> None:
        house.rooms.append(Room("settings", "layers"))

        @pages.get("/settings", endpoint="settings")
        @house.signed_in
        def show() -> AnyResponse:
            search, section = request.args.get("search", "").strip(), request.args.get("section", "")
            fields = form.fields()
            sections = tuple(dict.fromkeys(one.section for one in fields))
            section = section if section in sections else ("" if search else "station")
            found = [one for one in fields if _matches(one, section, search)]
            return house.draw(
                "settings.html", fields=found, sections=sections, section=section, search=search,
                may=form.apply is not None, trouble=form.trouble(),
            )  # fmt: skip

        @pages.post("/settings", endpoint="settings_compare")
        @house.signed_in
        def compare() -> AnyResponse:
            changed = _changed(form)
            if not changed:
                flash(house.say("console.settings.same"), "busy")
                return redirect(url_for("console.settings"))
            return house.draw("settings-diff.html", changed=changed)

        @pages.post("/settings/apply", endpoint="settings_apply")
        @house.signed_in
        def apply() -> AnyResponse:
            changed = _changed(form)
            if form.apply is None or not changed:
                return redirect(url_for("console.settings"))
            try:
                form.apply({one.path: new for one, new in changed})
            except NotApplied as wrong:
                return house.draw("settings-diff.html", changed=changed, wrong=str(wrong).splitlines())
            return house.draw("wait.html", onward=url_for("console.settings"))

    return add


def _matches(one: Field, section: str, search: str) -> bool:
    if section and one.section != section:
        return False
    return search.casefold() in f"{one.path} {one.says}".casefold()


def _changed(form: Form) -> list[tuple[Field, str]]:
    """What was sent and is another than what is: only keys that can be changed here."""
    sent: dict[str, Any] = request.form.to_dict()
    return [
        (one, new)
        for one in form.fields()
        if one.kind and one.path in sent and (new := str(sent[one.path]).strip()[:MOST]) != one.value
    ]
