"""A real PostgreSQL for tests: a throw-away cluster per test process, a fresh database per test, nothing synced."""

from collections.abc import Iterator
from contextlib import contextmanager

from kiosk.bench import postgres
from kiosk.bench.postgres import QUICK, Cluster

__all__ = ["Cluster", "cluster_running"]


@contextmanager
def cluster_running() -> Iterator[Cluster]:
    """Start a cluster that is quick because it has nothing to lose."""
    with postgres.cluster_running(QUICK) as cluster:
        yield cluster
