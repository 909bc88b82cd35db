"""What a station tells Prometheus: numbers of things, on its own computer."""

from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from kiosk.bootstrap.station_metrics import station_metrics
from kiosk.store import Moment, open_store
from kiosk.store.journal import EventType
from kiosk.sync.station_health import StationHealth
from kiosk.wire.messages import DeviceHealth
from web_ui.metrics import metrics_page

HEALTH = StationHealth(
    visits=3,
    paper="cover-open",
    cards_refused=2,
    devices=(DeviceHealth(kind="pad", driver="feig", ok=False, says="gone"),),
)


def told_by(path: Path) -> str:
    store = open_store(path)
    store.carry_out(lambda work: work.journal.record(EventType.LENT, {"item": "x"}), Moment(datetime.now(UTC), 1.0))
    try:
        return station_metrics(store, lambda: HEALTH).decode()
    finally:
        store.close()


def test_a_station_tells_what_waits_what_was_done_and_which_device_fails(tmp_path: Path) -> None:
    lines = told_by(tmp_path / "station.db").splitlines()

    assert "littera_station_unsent_events 1.0" in lines
    assert "littera_station_visits 3.0" in lines
    assert "littera_station_cards_refused 2.0" in lines
    assert "littera_station_cards_to_replace 0.0" in lines
    assert 'littera_station_device_ok{driver="feig",kind="pad"} 0.0' in lines
    assert 'littera_station_printer{state="cover-open"} 1.0' in lines
    assert 'littera_station_printer{state="good"} 0.0' in lines


def test_only_programs_of_the_same_computer_are_told() -> None:
    app = Flask("station")
    app.register_blueprint(metrics_page(lambda: b"littera_station_visits 3.0\n"))
    asks = app.test_client()

    near = asks.get("/metrics")
    far = asks.get("/metrics", environ_base={"REMOTE_ADDR": "192.168.1.7"})

    assert (near.status_code, near.data) == (200, b"littera_station_visits 3.0\n")
    assert far.status_code == 404
