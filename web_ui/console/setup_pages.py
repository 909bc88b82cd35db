"""The set-up assistant: one step a page, with a picture, what to do, what was found, a way to try again or skip."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from kiosk.console.acceptance import Outcome, SetUp, SetUps, Step
from kiosk.console.door import PasswordRefused
from kiosk.console.tags import NotWritten, only_tag_of
from kiosk.console.workshop import NotInService
from kiosk.devices import DeviceError, LineStyle, Slip, SlipLine
from web_ui.console.house import House, Room
from web_ui.console.workshop_pages import Works, words_of

PICTURES: Mapping[Step, str] = {
    Step.PLACE: "map", Step.DEVICES: "plug", Step.TAG: "book-open", Step.CARD: "id-card", Step.PRINT: "printer",
    Step.GATE: "shield-check", Step.CENTRE: "refresh-cw", Step.CLOCK: "clock", Step.PASSWORD: "lock",
}  # fmt: skip
SERVICE_STEPS = frozenset({Step.TAG, Step.CARD, Step.PRINT, Step.GATE})
CLOCK_TOLERANCE = 30.0
"""Seconds a station's clock may be off the technician's own before the step complains."""
LONGEST = 200


class NotThere(Exception):
    """A step did not find what it needs; the message is in words of the page."""


@dataclass(frozen=True, slots=True)
class FoundDevice:
    """What answered on a port: the section of the settings it belongs to, and what has to stand there."""

    section: str
    port: str
    says: str
    change: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Centre:
    """How the station and the centre stand: enrolled as, where, and whether it answered lately."""

    enrolled_as: str = ""
    url: str = ""
    online: bool = False


@dataclass(frozen=True, slots=True)
class SetUpWorks:
    """What the assistant works with, beside the workshop. `choose` is None where settings cannot be chosen here."""

    setups: SetUps
    place: Mapping[str, str]
    ports: Callable[[], tuple[str, ...]]
    card_readers: Callable[[], tuple[str, ...]]
    probe: Callable[[str], FoundDevice | None]
    choose: Callable[[Mapping[str, Any]], None] | None
    centre: Callable[[], Centre]
    enrol: Callable[[str, str], str]


def setup_pages(works: Works, own: SetUpWorks) -> Callable[[Blueprint, House], None]:
    def add(pages: Blueprint, house: House) -> None:
        assistant = _Assistant(house, works, own)
        house.rooms.append(Room("setup", "hand"))
        house.facts["home"] = lambda: "console.front" if own.setups.finished() else "console.setup"
        _add_steps(pages, house, assistant)
        _add_devices(pages, house, own)
        _add_reports(pages, house, works, own)

    return add


class _Assistant:
    """Does the steps. Each answers with what it found, or raises NotThere with words."""

    def __init__(self, house: House, works: Works, own: SetUpWorks) -> None:
        self._house, self._works, self._own = house, works, own
        self._does: Mapping[Step, Callable[[], Mapping[str, str]]] = {
            Step.PLACE: lambda: own.place, Step.DEVICES: self._devices, Step.TAG: self._tag, Step.CARD: self._card,
            Step.PRINT: self._printed, Step.GATE: self._walked, Step.CENTRE: self._centre, Step.CLOCK: self._clock,
            Step.PASSWORD: self._password,
        }  # fmt: skip

    def try_step(self, step: Step) -> Mapping[str, str]:
        """Do what belongs to *step*. Raises: NotThere."""
        try:
            return self._does[step]()
        except (NotInService, NotWritten, DeviceError) as error:
            raise NotThere(words_of(self._house, error)) from error

    def shown(self, step: Step) -> Mapping[str, Any]:
        """What the page of *step* shows beside its words. Looks only."""
        match step:
            case Step.DEVICES:
                return {"devices": self._works.devices(), "ports": self._own.ports(), "slots": self._slots()}
            case Step.CENTRE:
                return {"centre": self._own.centre()}
            case Step.GATE:
                return {"walk": session.get("gate-walk", "")}
            case Step.CARD:
                last = self._works.shop.last_card
                session.setdefault("card-before", 0 if last is None else last.number)
                return {}
            case _:
                return {"place": self._own.place, "now": self._works.now()}

    def _slots(self) -> tuple[str, ...]:
        try:
            return self._own.card_readers()
        except DeviceError:
            return ()

    def _devices(self) -> Mapping[str, str]:
        devices = self._works.devices()
        for one in devices:
            if not one.ok:
                name = self._house.say(f"console.glance.{one.kind}")
                raise NotThere(self._house.say("console.setup.device-lost", device=name, words=one.says))
        return {
            one.kind: " · ".join(one.facts[name] for name in ("model", "firmware", "port") if name in one.facts)
            for one in devices
        }

    def _tag(self) -> Mapping[str, str]:
        tag = only_tag_of(self._works.shop.inspect())
        if tag.data is None or tag.is_blank or not tag.data.item_id:
            raise NotThere(self._house.say("console.setup.tag-empty"))
        known = self._works.shop.find(tag.data.item_id)
        facts = {"uid": tag.uid, "model": tag.data.model.value, "item": tag.data.item_id, "owner": tag.data.owner}
        return facts if known is None else {**facts, "title": known.title}

    def _card(self) -> Mapping[str, str]:
        last = self._works.shop.last_card
        if last is None or last.number <= session.get("card-before", 0):
            raise NotThere(self._house.say("console.setup.card-none"))
        if last.fault:
            raise NotThere(self._house.say("console.setup.card-bad"))
        number = self._house.say("console.setup.card-number" if last.has_number else "console.setup.card-uid")
        return {"slot": last.slot, "scheme": last.scheme, "read": number}

    def _printed(self) -> Mapping[str, str]:
        if request.form.get("seen") == "yes":
            return {"read": self._house.say("console.setup.print-seen")}
        moment = self._house.moment(self._works.now())
        lines = (
            SlipLine(self._house.say("console.setup.slip-title"), LineStyle.LARGE, centred=True),
            SlipLine(self._house.about.branch, LineStyle.STRONG, centred=True),
            SlipLine(self._house.say("console.setup.slip-letters")),
            SlipLine(moment, LineStyle.QUIET),
        )
        self._works.shop.print(Slip(lines))
        raise NotThere(self._house.say("console.setup.print-look"))

    def _walked(self) -> Mapping[str, str]:
        """Arm, ask, clear, ask, arm again. Where the walk is, the session knows."""
        walk, answer = session.get("gate-walk", ""), request.form.get("sounded", "")
        if walk == "" or answer == "again":
            session["gate-walk"] = "armed"
            self._set_gate(armed=True)
            raise NotThere("")
        if (answer == "yes") is not (walk == "armed"):
            session.pop("gate-walk")
            raise NotThere(self._house.say(f"console.setup.gate-wrong-{walk}"))
        if walk == "armed":
            self._set_gate(armed=False)
            session["gate-walk"] = "cleared"
            raise NotThere("")
        self._set_gate(armed=True)
        session.pop("gate-walk")
        return {"armed": self._house.say("console.setup.sounded"), "cleared": self._house.say("console.setup.silent")}

    def _set_gate(self, *, armed: bool) -> None:
        shop = self._works.shop
        try:
            shop.set_gate(only_tag_of(shop.inspect()).uid, armed=armed)
        except (NotWritten, NotInService, DeviceError):
            session.pop("gate-walk", None)
            raise

    def _centre(self) -> Mapping[str, str]:
        if code := request.form.get("code", "").strip():
            try:
                self._own.enrol(code, request.form.get("url", "").strip())
            except Exception as error:
                raise NotThere(str(error)) from error
        state = self._own.centre()
        if not state.enrolled_as:
            raise NotThere(self._house.say("console.setup.centre-none"))
        if not state.online and not code:
            raise NotThere(self._house.say("console.setup.centre-silent"))
        return {"enrolled": state.enrolled_as, "url": state.url}

    def _clock(self) -> Mapping[str, str]:
        try:
            theirs = float(request.form.get("theirs", "")) / 1000
        except ValueError:
            raise NotThere(self._house.say("console.setup.clock-none")) from None
        now = self._works.now()
        off = now.timestamp() - theirs
        if abs(off) > CLOCK_TOLERANCE:
            raise NotThere(self._house.say("console.setup.clock-off", seconds=f"{off:+.0f}"))
        return {"zone": str(now.tzinfo), "time": f"{now:%Y-%m-%d %H:%M:%S}", "off": f"{off:+.0f}"}

    def _password(self) -> Mapping[str, str]:
        wanted = request.form.get("password", "")
        if wanted != request.form.get("again", ""):
            raise NotThere(self._house.say("console.setup.password-differs"))
        try:
            self._house.door.set_password(wanted)
        except PasswordRefused:
            raise NotThere(self._house.say("console.setup.password-short")) from None
        self._house.stay()
        return {"read": self._house.say("console.setup.password-set")}


def _step(name: str) -> Step:
    try:
        return Step(name)
    except ValueError:
        abort(404)


def _add_steps(pages: Blueprint, house: House, assistant: _Assistant) -> None:
    works, setups = assistant._works, assistant._own.setups  # noqa: SLF001 - one module

    def onward(after: Step, now: SetUp) -> AnyResponse:
        following = now.next_step(after)
        target = url_for("console.setup") if following is None else url_for("console.setup_step", name=following)
        return redirect(target)

    @pages.get("/setup")
    @house.signed_in
    def setup() -> AnyResponse:
        return house.draw("setup.html", now=setups.running(), steps=list(Step), finished=setups.finished())

    @pages.get("/setup/<name>")
    @house.signed_in
    def setup_step(name: str) -> AnyResponse:
        step = _step(name)
        shown = assistant.shown(step)
        steps, now = list(Step), setups.running()
        return house.draw(
            "setup-step.html", step=step, steps=steps, running=now, picture=PICTURES[step], shown=shown,
            can_choose=assistant._own.choose is not None, needs_service=step in SERVICE_STEPS,  # noqa: SLF001
            before=steps[steps.index(step) - 1] if step is not steps[0] else None,
        )  # fmt: skip

    @pages.post("/setup/<name>")
    @house.signed_in
    def setup_try(name: str) -> AnyResponse:
        step, at = _step(name), works.now().isoformat(timespec="minutes")
        try:
            facts = dict(assistant.try_step(step))
        except NotThere as error:
            if str(error):
                flash(str(error), "ask")
            return redirect(url_for("console.setup_step", name=step))
        flash(house.say("console.setup.step-done", step=house.say(f"console.step.{step}.title")), "good")
        session.pop("card-before", None)
        return onward(step, setups.note(step, Outcome(at, facts=facts)))

    @pages.post("/setup/<name>/skip")
    @house.signed_in
    def setup_skip(name: str) -> AnyResponse:
        step, reason = _step(name), request.form.get("reason", "").strip()[:LONGEST]
        if not reason:
            flash(house.say("console.setup.why-skip"), "stop")
            return redirect(url_for("console.setup_step", name=step))
        at = works.now().isoformat(timespec="minutes")
        return onward(step, setups.note(step, Outcome(at, skipped=True, reason=reason)))


def _add_devices(pages: Blueprint, house: House, own: SetUpWorks) -> None:
    here = Step.DEVICES

    @pages.post("/setup/devices/probe")
    @house.signed_in
    def probe() -> AnyResponse:
        port = request.form.get("port", "").strip()[:LONGEST]
        try:
            found = own.probe(port)
        except (DeviceError, ValueError) as error:
            flash(house.say("console.device-says", words=str(error)), "stop")
            return redirect(url_for("console.setup_step", name=here))
        if found is None:
            flash(house.say("console.setup.nothing-answers", port=port), "ask")
            return redirect(url_for("console.setup_step", name=here))
        return house.draw("setup-found.html", found=found, can_choose=own.choose is not None)

    @pages.post("/setup/devices/choose")
    @house.signed_in
    def choose() -> AnyResponse:
        """Probe again rather than believe a form, then start anew with what was found."""
        if own.choose is None:
            abort(400, house.say("console.setup.no-choice"))
        try:
            found = own.probe(request.form.get("port", "").strip()[:LONGEST])
            if found is not None:
                own.choose(found.change)
        except (DeviceError, ValueError, OSError) as error:
            flash(house.say("console.device-says", words=str(error)), "stop")
        else:
            flash(house.say("console.setup.restarting"), "busy")
        return house.draw("wait.html", onward=url_for("console.setup_step", name=here))


def _add_reports(pages: Blueprint, house: House, works: Works, own: SetUpWorks) -> None:
    @pages.post("/setup/finish")
    @house.signed_in
    def setup_finish() -> AnyResponse:
        who, running = request.form.get("who", "").strip()[:LONGEST], own.setups.running()
        if not who or running.next_step() is not None:
            flash(house.say("console.setup.who-missing" if not who else "console.setup.steps-missing"), "stop")
            return redirect(url_for("console.setup"))
        now = works.now()
        own.setups.finish(who, now, report_text(house, running, own.place, who, house.moment(now)))
        works.shop.release()
        return redirect(url_for("console.report", number=0))

    @pages.get("/setup/report/<int:number>")
    @house.signed_in
    def report(number: int) -> AnyResponse:
        finished = own.setups.finished()
        if number >= len(finished):
            abort(404, house.say("console.setup.no-report"))
        return house.draw("report.html", one=finished[number], place=own.place, steps=list(Step))

    @pages.get("/setup/report/<int:number>.txt")
    @house.signed_in
    def report_file(number: int) -> AnyResponse:
        finished = own.setups.finished()
        if number >= len(finished):
            abort(404, house.say("console.setup.no-report"))
        one = finished[number]
        at = house.moment(datetime.fromisoformat(one.finished))
        return Response(report_text(house, one, own.place, one.who, at), mimetype="text/plain")


def report_text(house: House, one: SetUp, place: Mapping[str, str], who: str, at: str) -> str:
    """Write the acceptance report as plain text."""
    lines = [house.say("console.report.title"), "=" * 60, ""]
    lines += [f"{house.say('console.fact.' + name)}: {value}" for name, value in place.items()]
    lines += [f"{house.say('console.report.at')}: {at}", f"{house.say('console.report.who')}: {who}", ""]
    for step in Step:
        outcome = one.outcomes.get(step)
        if outcome is None:
            continue
        how = house.say("console.report.skipped" if outcome.skipped else "console.report.good")
        lines.append(f"[{'-' if outcome.skipped else '+'}] {house.say(f'console.step.{step}.title')}: {how}")
        if outcome.skipped:
            lines.append(f"    {house.say('console.report.reason')}: {outcome.reason}")
        lines += [f"    {house.say('console.fact.' + name)}: {value}" for name, value in outcome.facts.items()]
    return "\n".join([*lines, "", f"{house.say('console.report.signature')}: ____________________", ""])
