"""`kiosk simulate pad`: a pad that is not there, for the demo, for trying a driver, for teaching.

Lays and lifts tags as told on standard input. What it says to the host is the simulated pad's business.
"""

import shlex
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path

import click

from drivers.tag_pads.protocols import PAD_PROTOCOLS, AnySimulatedPad
from drivers.tag_pads.simulated_tags import SimulatedTag, normal_uid
from drivers.tag_pads.tag_file import TagFileError, load_tags
from kiosk.cli.control_lines import leave_when_asked, serve
from kiosk.cli.options import PadDriver

HELP = (
    "lay UID...|all, lift UID...|all, lock UID [afi|eas|dsfid|block N], unlock UID, silent on|off, split N, corrupt N, "
    "noise [HEX], delay MS, quirk [NAME VALUE], unplug, plug, show, help, quit"
)


class PadControls:
    """Does what control lines say to a simulated pad, and answers each with one line."""

    def __init__(self, pad: AnySimulatedPad, tags: dict[str, SimulatedTag]) -> None:
        self._pad = pad
        self._tags = tags
        self._verbs: dict[str, Callable[[list[str]], str]] = {
            "lay": self._lay,
            "lift": self._lift,
            "lock": self._lock,
            "unlock": self._unlock,
            "silent": self._silent,
            "split": self._split,
            "corrupt": self._corrupt,
            "noise": self._noise,
            "delay": self._delay,
            "quirk": self._quirk,
            "unplug": self._unplug,
            "plug": self._plug,
            "show": self._show,
            "help": lambda _words: HELP,
        }

    def obey(self, line: str) -> str:
        """Do one line; return `ok ...` or `error: ...`. A line that cannot be done changes nothing."""
        try:
            words = shlex.split(line, comments=True)
            if not words:
                return "ok"
            verb = self._verbs.get(words[0].lower())
            if verb is None:
                return f"error: {words[0]!r} is no command; there are: {HELP}"
            return f"ok {verb(words[1:])}".rstrip()
        except (ValueError, IndexError, OSError) as err:
            trouble = "something is missing" if isinstance(err, IndexError) else err
            return f"error: {line.strip()!r}: {trouble}; there are: {HELP}"

    def _each_named(self, words: list[str]) -> list[SimulatedTag]:
        """The tags of several UIDs, a whole stack in one line."""
        return [tag for number in range(max(len(words), 1)) for tag in self._named(words[number:])]

    def _named(self, words: list[str]) -> list[SimulatedTag]:
        if words[0].lower() == "all":
            return list(self._tags.values())
        uid = normal_uid(words[0])
        if uid not in self._tags:
            raise ValueError(f"no tag {uid} in the file; `show` lists them")
        return [self._tags[uid]]

    def _lay(self, words: list[str]) -> str:
        self._pad.lay(*(tags := self._each_named(words)))
        return f"{len(tags)} laid, {len(self._pad.laid())} on the pad"

    def _lift(self, words: list[str]) -> str:
        lifted = [tag for tag in self._each_named(words) if self._pad.lift(tag.uid) is not None]
        return f"{len(lifted)} lifted, {len(self._pad.laid())} on the pad"

    def _lock(self, words: list[str]) -> str:
        what = " ".join(words[1:]).lower() or "afi"
        for tag in self._named(words):
            tag.lock(what)
        return f"{what} locked"

    def _unlock(self, words: list[str]) -> str:
        for tag in self._named(words):
            tag.unlock()
        return "unlocked"

    def _silent(self, words: list[str]) -> str:
        switches = {"on": True, "off": False}
        if words[0].lower() not in switches:
            raise ValueError("say on or off")
        self._pad.troubles.silent = switches[words[0].lower()]
        return f"silent {words[0].lower()}"

    def _split(self, words: list[str]) -> str:
        self._pad.troubles.chunk = _count(words[0])
        return f"answers in pieces of {words[0]}" if self._pad.troubles.chunk else "answers whole"

    def _corrupt(self, words: list[str]) -> str:
        self._pad.troubles.corrupt = _count(words[0])
        return f"the next {words[0]} answers are damaged"

    def _noise(self, words: list[str]) -> str:
        self._pad.troubles.noise = bytes.fromhex("".join(words))
        return "noise before every answer" if words else "no noise"

    def _delay(self, words: list[str]) -> str:
        self._pad.troubles.delay = _count(words[0]) / 1000
        return f"answers {words[0]} ms late"

    def _quirk(self, words: list[str]) -> str:
        """Change one of the habits this pad's firmware has, or list them."""
        quirks = getattr(self._pad.firmware, "quirks", None)
        known = {each.name: getattr(quirks, each.name) for each in fields(quirks)} if is_dataclass(quirks) else {}
        if words:
            name, value = words[0].lower(), words[1].lower()
            if name not in known:
                raise ValueError(f"this pad has no quirk {name!r}; it has: {', '.join(known) or 'none'}")
            known[name] = _like(known[name], value)
            setattr(quirks, name, known[name])
        return ", ".join(f"{name} {value}" for name, value in known.items()) or "no quirks"

    def _unplug(self, _words: list[str]) -> str:
        self._pad.unplug()
        return "unplugged"

    def _plug(self, _words: list[str]) -> str:
        self._pad.plug()
        return self._pad.port

    def _show(self, _words: list[str]) -> str:
        laid = {tag.uid for tag in self._pad.laid()}
        told = (
            f"{tag.uid} {'laid' if tag.uid in laid else 'away'} afi {tag.afi:02X} eas {'on' if tag.eas else 'off'}"
            for tag in self._tags.values()
        )
        return f"{self._pad.port or 'unplugged'}; {'; '.join(told)}"


def _like(before: object, word: str) -> object:
    """Read *word* as a value of the kind a quirk has. Raises: ValueError."""
    if isinstance(before, bool):
        if word not in {"on", "off", "true", "false"}:
            raise ValueError("say on or off")
        return word in {"on", "true"}
    return _count(word) if isinstance(before, int) else word


def _count(word: str) -> int:
    if not word.isdecimal():
        raise ValueError(f"{word!r} is no number")
    return int(word)


@click.command
@click.option("--protocol", type=PadDriver(), default="feig", show_default=True, help="What the pad speaks.")
@click.option(
    "--tags",
    "tag_file",
    required=True,
    type=click.Path(path_type=Path),
    help="JSON or TOML: a list of UIDs or tables, see below.",
)
@click.option(
    "--realtime", type=click.IntRange(4800, 230400), metavar="BAUD", help="Take a real wire's and tag's time."
)
@click.option("--link", type=click.Path(path_type=Path), help="Also reachable here; stays when the pad is replugged.")
@click.option("--profile", metavar="MODEL", help="Which model of pad; a wrong one is answered with those there are.")
def pad(protocol: str, tag_file: Path, realtime: int | None, link: Path | None, profile: str | None) -> None:
    """Run a simulated pad until `quit`, Ctrl-C or SIGTERM.

    The first line printed is the path of its serial port, alone. Then every line on standard input is a command and is
    answered with one line, `ok ...` or `error: ...`; `help` lists them. When standard input ends the pad goes on
    serving; only at a terminal does the end of input (Ctrl-D) end it.

    A tag in the file has a `uid` and `data` (hex) or `item_id`, `owner`, `model`, `parts`, `part`, `title`; and may
    have `dsfid`, `afi`, `eas`, `block_size`, `blocks`, `ic_ref`, `locked`, and `laid = false` to begin away from it.
    """
    try:
        entries = load_tags(tag_file)
    except TagFileError as err:
        raise click.ClickException(str(err)) from err
    models = PAD_PROTOCOLS[protocol].profiles
    if profile not in {None, *models}:
        raise click.BadParameter(
            f"{profile!r} is no {protocol} pad; there are: {', '.join(models)}", param_hint="--profile"
        )
    leave_when_asked()
    laid = [entry.tag for entry in entries if entry.laid]
    try:
        simulated = PAD_PROTOCOLS[protocol].simulate(
            tags=laid, profile=profile or models[0], realtime=realtime, link=link
        )
    except OSError as err:
        raise click.ClickException(f"cannot make the port: {err}; check --link") from err
    with simulated:
        click.echo(simulated.port)
        serve(PadControls(simulated, {entry.tag.uid: entry.tag for entry in entries}).obey)
