"""The copies whose tags should be replaced: a list to walk along the shelves with, on the screen or as a file."""

from collections.abc import Iterator, Sequence

from flask import Blueprint, flash, redirect, request, url_for
from flask import Response as FileResponse
from werkzeug.wrappers import Response

from kiosk.central.tag_health import WornTag, see_to, worn_tags
from kiosk.tags.health import TagCounts
from web_ui.catalogue.headers import demand_proof
from web_ui.office.house import Office
from web_ui.office.spreadsheet import harmless, spreadsheet

_COLUMNS = ("item", "book", "stands", "branch", "tag", "why", "reads", "troubles", "last")


def add_tag_pages(pages: Blueprint, office: Office) -> None:
    centre = office.centre

    def asked() -> tuple[str, tuple[WornTag, ...]]:
        member = office.member()
        branch = request.args.get("branch", member.branch if member else "")
        return branch, centre.look(lambda work: worn_tags(work, centre.network, branch))

    @pages.get("/tags")
    @office.only()
    def tags() -> Response:
        branch, worn = asked()
        branches = sorted((str(one.id), one.short) for one in office.policies.branches.values())
        why = {one.tag: reason(one.counts) for one in worn}
        return office.draw("tags.html", tags=worn, why=why, branch=branch, branches=branches)

    @pages.get("/tags.csv")
    @office.only()
    def tags_file() -> FileResponse:
        branch, worn = asked()
        day = office.policies.day_of(centre.now())
        return spreadsheet(f"littera-tags-{branch or 'all'}-{day}.csv", _rows(office, worn))

    @pages.post("/tags/<tag>")
    @office.only()
    def see_to_tag(tag: str) -> Response:
        demand_proof()
        member = office.member()
        assert member is not None, "the page is for somebody signed in"
        done = see_to(centre, tag, member.login)
        flash(office.say("tags.seen-to" if done else "tags.unknown"), "good" if done else "ask")
        return redirect(url_for("office.tags", branch=request.form.get("branch", "")))


def reason(counts: TagCounts) -> str:
    """Say in one word what is the matter: it cannot be read, it does not obey, or it takes too many tries."""
    if counts.unread:
        return "unread"
    return "stubborn" if counts.gate_failed else "weak"


def _rows(office: Office, worn: Sequence[WornTag]) -> Iterator[Sequence[object]]:
    yield [office.say(f"tags.{column}") for column in _COLUMNS]
    for one in worn:
        words = one.item, one.title, one.shelf, office.policies.short_name(one.branch), one.tag
        why = office.say(f"tags.why-{reason(one.counts)}")
        yield [*map(harmless, words), why, one.counts.reads, one.counts.troubles, office.moment(one.last)]
