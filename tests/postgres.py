"""A real PostgreSQL for tests: a throw-away cluster per test process, a fresh database per test.

Unix socket only, nothing synced, gone with the process. Runs as `postgres` where the tests run as root, because the
server refuses root. Debian's own cluster, if there is one, is never touched.
"""

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

_SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=120",
    "shared_buffers=64MB",
    "autovacuum=off",
)
_numbers = itertools.count(1)


class Cluster:
    """A running server and the folder it lives in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._templates: dict[str, str] = {}

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def fresh(self, name: str = "empty", prepare: Callable[[str], None] | None = None) -> str:
        """Make a database and say its URL. *prepare* fills the template called *name*, once."""
        if prepare is not None and name not in self._templates:
            template = f"template_{next(_numbers)}"
            self._execute(f"CREATE DATABASE {template}")
            prepare(self.url(template))
            self._templates[name] = template
        database = f"test_{next(_numbers)}"
        self._execute(f"CREATE DATABASE {database} TEMPLATE {self._templates.get(name, 'template1')}")
        return self.url(database)

    def copy_of(self, url: str) -> str:
        """Copy a database nobody is connected to, as a backup has it, and say the copy's URL."""
        database = f"test_{next(_numbers)}"
        self._execute(f"CREATE DATABASE {database} TEMPLATE {_database(url)}")
        return self.url(database)

    def drop(self, url: str) -> None:
        self._execute(f"DROP DATABASE {_database(url)} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(f"host={self.folder} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]


def _database(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]


def binaries() -> Path:
    """Find the newest server that Debian's packages installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    assert found, "no PostgreSQL server: apt-get install postgresql (`make test` does it)"
    return found[-1].parent


@contextmanager
def cluster_running(settings: tuple[str, ...] = _SETTINGS) -> Iterator[Cluster]:
    """Start a cluster, stop it and remove every trace of it."""
    folder = Path(tempfile.mkdtemp(prefix="littera-pg-", dir="/tmp"))
    account = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    become = {} if account is None else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": ()}
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)
    data, tools = folder / "data", binaries()

    def run(*command: str) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, **become)

    try:
        wishes = ("--no-sync", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8")
        run(f"{tools}/initdb", *wishes, "-D", f"{data}")
        options = " ".join(f"-c {setting}" for setting in (*settings, f"unix_socket_directories={folder}"))
        run(f"{tools}/pg_ctl", "-w", "-D", f"{data}", "-l", f"{folder}/log", "-o", options, "start")
        try:
            yield Cluster(folder)
        finally:
            run(f"{tools}/pg_ctl", "-w", "-m", "immediate", "-D", f"{data}", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
