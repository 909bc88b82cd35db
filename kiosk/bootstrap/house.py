"""The house as the station's own ledger and settings know it: read for the screens, kept for half a minute."""

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from kiosk.catalogue.port import Found, Hit, Query
from kiosk.circulation.calendar import days_off, is_open_at, next_opening
from kiosk.circulation.model import BranchId, OpeningHours
from kiosk.settings import Settings, addresses_of_branches, names_of_branches
from kiosk.store import Store, showcase
from kiosk.store.errors import StoreError
from kiosk.store.search import search, title
from web_ui.touchscreen.house import Branch, Event, Hours, Shelf, Title, Today

logger = logging.getLogger(__name__)

KEEP = 30.0
"""Seconds what was read is good for: the welcome screen is drawn for nobody most of the time."""
ARRIVALS = 12
WANTED = 200
"""Covers asked for at most that were not here when somebody looked."""

Answer = TypeVar("Answer")


class StationHouse:
    """Answers from *store*. Asked by many threads."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        places: Mapping[BranchId, Branch],
        now: Callable[[], datetime] | None = None,
    ) -> None:
        zone = ZoneInfo(settings.network.time_zone)
        self.branch = settings.branch.id
        self._hours = settings.opening_hours()
        self._store = store
        self._places = {**places, BranchId(self.branch): Branch(settings.branch.short, settings.branch.address)}
        self._now = now or (lambda: datetime.now(zone))
        self._lock = threading.Lock()
        self._kept: tuple[float, Today] | None = None
        self._wanted: dict[str, None] = {}

    def today(self) -> Today:
        """Say what there is to show; hours always, the rest as far as the ledger can be read."""
        with self._lock:
            if self._kept is None or time.monotonic() - self._kept[0] > KEEP:
                self._kept = time.monotonic(), self._look()
            today = self._kept[1]
        return replace(today, hours=hours_at(self._now(), self._hours))

    def find(self, query: Query) -> Found:
        return self._read(lambda: search(self._store, query), Found((), 0))

    def title(self, name: str) -> Hit | None:
        return self._read(lambda: title(self._store, name), None)

    def place(self, branch: str) -> Branch:
        return self._places.get(BranchId(branch), Branch(branch))

    def cover(self, name: str) -> bytes | None:
        return self._ask(lambda connection: showcase.cover(connection, name), None)

    def pictured(self, names: Collection[str]) -> frozenset[str]:
        """Say which covers are here; remember the others for whoever fetches them."""
        asked = {name for name in names if name}
        lacking = self._ask(lambda connection: showcase.lacking(connection, asked), list(asked)) if asked else []
        with self._lock:
            self._wanted |= dict.fromkeys(lacking[: max(0, WANTED - len(self._wanted))])
        return frozenset(asked - set(lacking))

    def wanted(self) -> tuple[str, ...]:
        """Hand over which covers somebody would have seen; they are forgotten here."""
        with self._lock:
            names, self._wanted = tuple(self._wanted), {}
        return names

    def _look(self) -> Today:
        return self._ask(self._read_today, Today(Hours(self._now())))

    def _read_today(self, connection: Connection) -> Today:
        now = self._now()
        shown = showcase.shown_on(connection, now.date(), self.branch)
        new = showcase.arrivals(connection, now, self.branch, ARRIVALS)
        shelves = [one for one in shown if one.sort == "shelf"]
        works = showcase.works(connection, {name for one in shelves for name, _ in _titles_of(one.facts)})
        covers = [work.cover for work in (*new, *works.values()) if work.cover]
        lacking = showcase.lacking(connection, covers)
        self._wanted |= dict.fromkeys(lacking)

        def drawn(work: showcase.Work, why: Mapping[str, str] | None = None) -> Title:
            return Title(work.id, work.name, work.author, "" if work.cover in lacking else work.cover, why or {})

        return Today(
            hours=Hours(now),
            notices=tuple(one.words for one in shown if one.sort == "notice" and one.words),
            events=tuple(_event(one) for one in shown if one.sort == "event"),
            shelves=tuple(
                Shelf(one.words, tuple(drawn(works[name], why) for name, why in _titles_of(one.facts) if name in works))
                for one in shelves
            ),
            arrivals=tuple(drawn(work) for work in new),
        )

    def _ask(self, question: Callable[[Connection], Answer], otherwise: Answer) -> Answer:
        return self._read(lambda: self._store.look(question, writes=False), otherwise)

    def _read(self, ask: Callable[[], Answer], otherwise: Answer) -> Answer:
        try:
            return ask()
        except StoreError:
            logger.exception("the ledger cannot be read for the welcome screen or the catalogue")
            return otherwise


def places_of(config_dir: Path) -> dict[BranchId, Branch]:
    """Say where every branch of the network is. Raises: SettingsError."""
    addresses = addresses_of_branches(config_dir)
    return {branch: Branch(name, addresses.get(branch, "")) for branch, name in names_of_branches(config_dir).items()}


def hours_at(now: datetime, hours: OpeningHours) -> Hours:
    """Say whether the door is open at *now*, and what comes next."""
    off = days_off(now.date(), hours, 14)
    span = hours.week[now.weekday()]
    if span is not None and is_open_at(now, hours):
        return Hours(now, until=datetime.combine(now.date(), span[1], now.tzinfo), off=off)
    return Hours(now, opens=next_opening(now, hours), off=off)


def _event(one: showcase.Shown) -> Event:
    facts = one.facts
    try:
        at = datetime.fromisoformat(str(facts.get("at", "")))
    except ValueError:
        at = None
    return Event(one.words, at, _by_language(facts.get("where")), _by_language(facts.get("for")))


def _titles_of(facts: Mapping[str, Any]) -> list[tuple[str, Mapping[str, str]]]:
    said = facts.get("titles")
    named = [one for one in said if isinstance(one, dict) and one.get("id")] if isinstance(said, list) else []
    return [(str(one["id"]), _by_language(one.get("why"))) for one in named]


def _by_language(said: object) -> dict[str, str]:
    return {str(lang): str(words) for lang, words in said.items()} if isinstance(said, dict) else {}


def fetch_covers(sync: object, store: Store, house: StationHouse) -> None:
    """Have an enrolled station fetch the covers its screens would show, and keep them in the ledger's small table."""
    from kiosk.sync.station_sync import StationSync  # noqa: PLC0415 - a start without a centre is quicker

    if not isinstance(sync, StationSync):
        return

    def keep(name: str, picture: bytes) -> None:
        store.look(lambda connection: showcase.keep_cover(connection, name, picture, datetime.now(UTC)))

    sync.fetch_covers(house.wanted, keep)
