"""What Prometheus is told of the centre. Numbers of things, never of persons."""

from datetime import timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from sqlalchemy import Connection, func, select

from kiosk.central.card_count import count_cards
from kiosk.central.centre import Centre
from kiosk.central.fleet import overview
from kiosk.central.tables import debts, loans

SILENT_AFTER = timedelta(minutes=5)


class Metrics:
    """Counts what this copy does; asks the database for the rest when somebody reads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.events = Counter("littera_events", "Events taken in, by verdict", ["verdict"], registry=self.registry)
        self.cards = Counter(
            "littera_card_proofs", "Cards asked to prove themselves", ["outcome"], registry=self.registry
        )
        self.waiting = Gauge("littera_waiting_polls", "Stations waiting for news here", registry=self.registry)
        self._stations = Gauge("littera_stations", "Enrolled stations, by state", ["state"], registry=self.registry)
        self._queue = Gauge(
            "littera_station_queue", "Events a station has not sent", ["station"], registry=self.registry
        )
        self._debts = Gauge("littera_open_debts", "Open debts, by kind", ["kind"], registry=self.registry)
        self._loans = Gauge("littera_open_loans", "Open loans", registry=self.registry)
        self._cards = Gauge(
            "littera_cards", "Active cards, by whether they proved themselves", ["state"], registry=self.registry
        )

    def text(self, centre: Centre) -> bytes:
        """Write everything in Prometheus' own format. Raises: CentreUnavailable."""
        centre.look(lambda work: self._look(work, centre))
        return generate_latest(self.registry)

    def _look(self, work: Connection, centre: Centre) -> None:
        states = [one for one in overview(work, centre.network) if one.revoked_at is None]
        silent = [one for one in states if one.heard_at is None or centre.now() - one.heard_at > SILENT_AFTER]
        self._stations.labels("silent").set(len(silent))
        self._stations.labels("heard").set(len(states) - len(silent))
        for one in states:
            self._queue.labels(one.id).set(0 if one.heartbeat is None else one.heartbeat.queue)
        self._debts.clear()
        ours = (debts.c.network == centre.network) & debts.c.closed.is_(None)
        for kind, count in work.execute(select(debts.c.kind, func.count()).where(ours).group_by(debts.c.kind)):
            self._debts.labels(kind).set(count)
        counted = count_cards(work, centre.network)
        self._cards.labels("proven").set(counted.proven)
        self._cards.labels("to-replace").set(counted.to_replace)
        running = (loans.c.network == centre.network) & (loans.c.state == "open")
        self._loans.set(work.execute(select(func.count()).where(running)).scalar_one())
