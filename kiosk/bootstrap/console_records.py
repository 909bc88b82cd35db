"""What the console's records are looked up in: the ledger, the log, the samples; and what goes into the black box."""

import io
import os
import platform
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select, text

from drivers.printers.slip_picture import picture_of
from kiosk.bootstrap.console_told import told_of
from kiosk.bootstrap.receipts import template_of
from kiosk.console.black_box import Contents, pack
from kiosk.console.log_book import LogBook
from kiosk.console.samples import Sample, Samples
from kiosk.console.scrub import HIDDEN
from kiosk.library.remote import RemoteLibrary
from kiosk.receipts.samples import SAMPLES
from kiosk.settings import Settings
from kiosk.station.shell import Shell
from kiosk.store import Store
from kiosk.store.debts import Debts
from kiosk.store.journal import EventType
from kiosk.store.outbox import backlog
from kiosk.store.tables import epochs, items, journal, patrons, titles
from kiosk.store.tags import Tags
from kiosk.sync.heartbeat import own_version
from kiosk.sync.weather import Weather
from web_ui.console.records_pages import JournalRow, Line, OpenDebt, Queue, Records, Worn
from web_ui.texts import Texts

SHOWN = 200
_SECRETS = ("pepper_file", "key_file", "password", "secret", "token", "raid_url")


@dataclass(frozen=True, slots=True)
class Kept:
    """What a station keeps for its technician beside the ledger."""

    book: LogBook
    samples: Samples


def sample_of(store: Store, shell: Shell) -> Callable[[], Sample]:
    """Make the look of the sampler: counts since the look before."""
    before = {"retries": 0, "card_errors": 0}

    def look() -> Sample:
        now = {"retries": shell.retries, "card_errors": shell.card_errors}
        since = {name: max(value - before[name], 0) for name, value in now.items()}
        before.update(now)
        return Sample(time.time(), store.look(backlog, writes=False).rows, since["retries"], since["card_errors"])

    return look


def records_of(
    settings: Settings,
    store: Store,
    shell: Shell,
    texts: Texts,
    kept: Kept,
    weather: Weather | None,
    theirs: RemoteLibrary | None = None,
) -> Records:
    zone = ZoneInfo(settings.network.time_zone)

    def lines(level: str, search: str) -> Sequence[Line]:
        return kept.book.lines(level, search)

    def picture(kind: str, width: int, language: str) -> bytes:
        slip = SAMPLES[kind](language, settings.branch.name, texts, template_of(settings))
        png = io.BytesIO()
        picture_of(slip, width).save(png, "PNG", optimize=True)
        return png.getvalue()

    return Records(
        journal=lambda kind, item: store.look(lambda work: _journal(work, kind, item, zone), writes=False),
        kinds=tuple(kind.value for kind in EventType),
        queue=lambda: _queue(store, weather, zone),
        send_now=lambda: None if weather is None else weather.doubt(),
        told=lambda: None if theirs is None else told_of(store, theirs, zone),
        debts=lambda: store.look(lambda work: _debts(work, zone), writes=False),
        worn=lambda: store.look(lambda work: _worn(work, zone), writes=False),
        lines=lines,
        charts=lambda hours: store.look(lambda work: _charts(work, kept.samples, hours, zone), writes=False),
        slips=tuple(SAMPLES),
        slip_picture=picture,
        black_box=lambda: black_box(settings, store, shell, kept.book),
    )


def _journal(work: Connection, kind: str, item: str, zone: ZoneInfo) -> list[JournalRow]:
    wanted = select(journal, epochs.c.acknowledged).join(epochs, epochs.c.id == journal.c.epoch)
    if kind:
        wanted = wanted.where(journal.c.type == kind)
    about = func.json_extract(journal.c.payload, "$.item").label("about")
    if item:
        wanted = wanted.where(about == item)
    rows = work.execute(wanted.add_columns(about).order_by(journal.c.position.desc()).limit(SHOWN))
    return [
        JournalRow(row.at.astimezone(zone), row.type, str(row.about or ""), sent=row.seq <= row.acknowledged)
        for row in rows
    ]


def _queue(store: Store, weather: Weather | None, zone: ZoneInfo) -> Queue:
    waiting = store.look(backlog, writes=False)
    oldest = None if waiting.oldest is None else waiting.oldest.astimezone(zone)
    if weather is None:
        return Queue(waiting.rows, oldest, "", enrolled=False)
    how = weather.now()
    return Queue(waiting.rows, oldest, how.refused or how.upload or how.download, enrolled=True)


def _debts(work: Connection, zone: ZoneInfo) -> list[OpenDebt]:
    open_now = Debts(work, datetime.now(UTC)).all_open()
    names = _titles(work, [one.item for one in open_now])
    return [
        OpenDebt(one.opened.astimezone(zone), one.kind.value, one.item, one.tag, names.get(one.item, ""))
        for one in open_now
    ]


def _worn(work: Connection, zone: ZoneInfo) -> list[Worn]:
    tags = Tags(work, datetime.now(UTC)).worn()
    names = _titles(work, [one.item for one in tags if one.item is not None])
    return [
        Worn(one.seen.astimezone(zone), one.tag, one.item or "", names.get(one.item or "", ""), one.counts)
        for one in tags
    ]


def _titles(work: Connection, copies: Sequence[str]) -> dict[str, str]:
    named = select(items.c.id, titles.c.name).join(titles, titles.c.id == items.c.title)
    return {row.id: row.name for row in work.execute(named.where(items.c.id.in_(copies)))}


def _charts(work: Connection, samples: Samples, hours: int, zone: ZoneInfo) -> Mapping[str, Sequence[tuple[str, int]]]:
    """Count what the journal tells by the hour, or by six of them; and what was sampled."""
    step = 1 if hours <= 24 else 6
    now = datetime.now(zone).replace(minute=0, second=0, microsecond=0)
    begins = [now - timedelta(hours=hours - step * (place + 1)) for place in range(hours // step)]
    since = begins[0]
    counted: dict[str, Counter[int]] = {kind: Counter() for kind in ("lent", "returned")}
    wanted = select(journal.c.type, journal.c.at).where(journal.c.at >= since, journal.c.type.in_(counted))
    for row in work.execute(wanted):
        counted[row.type][_slot(row.at.astimezone(zone), since, step)] += 1
    retries, cards, queue = Counter[int](), Counter[int](), Counter[int]()
    for one in samples.since(since.timestamp()):
        slot = _slot(datetime.fromtimestamp(one.at, zone), since, step)
        retries[slot] += one.retries
        cards[slot] += one.card_errors
        queue[slot] = max(queue[slot], one.queue)
    named = {"loans": counted["lent"], "returns": counted["returned"], "retries": retries, "card-errors": cards}
    labels = [f"{begin:%d.%m %H}:00" if step > 1 else f"{begin:%H}:00" for begin in begins]
    return {
        name: [(label, counts[place]) for place, label in enumerate(labels)]
        for name, counts in {**named, "queue": queue}.items()
    }


def _slot(at: datetime, since: datetime, step: int) -> int:
    return int((at - since).total_seconds() // 3600 // step)


def black_box(settings: Settings, store: Store, shell: Shell | None, book: LogBook | None) -> bytes:
    """Collect the black box. Without a *shell*, of a station that does not run, it says less."""
    names = store.look(_names, writes=False)
    lines = () if book is None else book.lines()
    logs = "\n".join(f"{line.at.isoformat()} {line.level:8} {line.name}: {line.says}" for line in lines)
    tables = {
        "versions.json": {"littera": own_version(), "python": sys.version, "system": platform.platform()},
        "devices.json": _devices(shell),
        "computer.json": store.look(lambda work: _computer(work, settings), writes=False),
        "journal.json": store.look(_journal_summary, writes=False),
        "debts.json": store.look(
            lambda work: [(one.kind, one.opened, one.origin) for one in Debts(work, datetime.now(UTC)).all_open()],
            writes=False,
        ),
        "settings.json": _hidden(settings.model_dump(mode="json")),
    }
    return pack(Contents({"logs.txt": logs}, tables), names)


def _names(work: Connection) -> set[str]:
    rows = work.execute(select(patrons.c.given_name, patrons.c.family_name))
    return {word for row in rows for name in row for word in str(name).split()}


def _devices(shell: Shell | None) -> object:
    if shell is None:
        return "the station does not run"
    return {
        kind.value: {
            "facts": None if history.facts is None else asdict(history.facts),
            "opened": history.opened,
            "tries": history.tries,
            "troubles": [(one.at, one.says) for one in history.troubles],
        }
        for kind, history in shell.histories().items()
    }


def _computer(work: Connection, settings: Settings) -> dict[str, object]:
    folder = Path(settings.store.path).parent
    disk = shutil.disk_usage(folder)
    return {
        "now": datetime.now(UTC),
        "up_for_s": time.clock_gettime(time.CLOCK_BOOTTIME),
        "load": os.getloadavg(),
        "disk_free_mb": disk.free // 1_000_000,
        "ledger_mb": Path(settings.store.path).stat().st_size // 1_000_000,
        "ledger_check": work.execute(text("PRAGMA quick_check")).scalar(),
    }


def _journal_summary(work: Connection) -> dict[str, object]:
    kinds = work.execute(text("SELECT type, count(*) FROM journal GROUP BY type")).all()
    latest = work.execute(select(journal.c.at, journal.c.type, journal.c.trusted).order_by(journal.c.position.desc()))
    return {
        "kinds": {row[0]: row[1] for row in kinds},
        "latest": [(row.at, row.type, row.trusted) for row in latest.fetchmany(SHOWN)],
    }


def _hidden(table: object) -> object:
    if isinstance(table, dict):
        return {key: HIDDEN if key in _SECRETS and value else _hidden(value) for key, value in table.items()}
    return [_hidden(one) for one in table] if isinstance(table, list) else table
