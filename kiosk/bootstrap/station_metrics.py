"""What Prometheus is told of a station, on its own computer. Numbers of things, never of persons."""

from collections.abc import Callable
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from kiosk.devices import PaperState
from kiosk.store import Store
from kiosk.store.debts import Debts
from kiosk.store.outbox import backlog
from kiosk.store.proofs import count_cards
from kiosk.sync.station_health import StationHealth


def station_metrics(store: Store, health: Callable[[], StationHealth]) -> bytes:
    """Look how the station is now, in Prometheus' own format. Raises: StoreError."""
    registry, now, how = CollectorRegistry(), datetime.now(UTC), health()
    waiting = store.look(backlog, writes=False)
    debts = store.look(lambda connection: len(Debts(connection, now).all_open()), writes=False)
    age = 0.0 if waiting.oldest is None else max((now - waiting.oldest).total_seconds(), 0.0)
    told: tuple[tuple[str, str, float], ...] = (
        ("unsent_events", "Journal rows the centre has not got", waiting.rows),
        ("oldest_unsent_seconds", "Age of the oldest of them", age),
        ("open_debts", "Debts nobody settled yet", debts),
        ("visits", "Visits since the start", how.visits),
        ("checkouts", "Loans since the start", how.checkouts),
        ("failed_checkouts", "Loans that came to nothing since the start", how.failed_checkouts),
        ("largest_checkout", "The most copies in one visit since the start", how.largest_checkout),
        ("holds_returned", "Returned copies somebody waits for, since the start", how.holds_returned),
        ("calls", "People at the screen who asked for a person in the last ten minutes", how.calls),
    )
    cards = store.look(count_cards, writes=False)
    told += (
        ("cards_proven", "Taps of cards that proved themselves, since the start", how.cards_proven),
        ("cards_claimed", "Taps of cards that can be copied, since the start", how.cards_claimed),
        ("cards_refused", "Taps of cards that failed to prove themselves, since the start", how.cards_refused),
        ("cards_known", "Active cards of the network", cards.known),
        ("cards_to_replace", "Those of them that never proved themselves here", cards.to_replace),
    )
    for name, says, value in told:
        Gauge(f"littera_station_{name}", says, registry=registry).set(value)
    devices = Gauge("littera_station_device_ok", "Whether a device works", ["kind", "driver"], registry=registry)
    for device in how.devices:
        devices.labels(device.kind, device.driver).set(device.ok)
    paper = Gauge(
        "littera_station_printer", "How the printer is: 1 for the state it is in", ["state"], registry=registry
    )
    for state in PaperState if how.paper else ():
        paper.labels(state.value).set(how.paper == state.value)
    return generate_latest(registry)
