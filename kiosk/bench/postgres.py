"""A throw-away PostgreSQL for measurements and tests: a cluster in /tmp, unix socket only, gone with its user.

Runs as `postgres` where it is started by root, because the server refuses root. Debian's own cluster is never touched.
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
from typing import Any

import psycopg

QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
"""For tests, which have nothing to lose. Measurements leave the server as careful as it is."""
_ALWAYS = ("listen_addresses=", "max_connections=120", "shared_buffers=64MB")
_numbers = itertools.count(1)


class NoServer(Exception):
    """No PostgreSQL server is installed; the message says what to do."""


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
        database = f"fresh_{next(_numbers)}"
        self._execute(f"CREATE DATABASE {database} TEMPLATE {self._templates.get(name, 'template1')}")
        return self.url(database)

    def copy_of(self, url: str) -> str:
        """Copy a database as a backup has it, and say the copy's URL. Whoever is connected to it is sent away."""
        database, source = f"copy_{next(_numbers)}", _database(url)
        self._execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{source}'")  # noqa: S608 - our own name
        self._execute(f"CREATE DATABASE {database} TEMPLATE {source}")
        return self.url(database)

    def drop(self, url: str) -> None:
        self._execute(f"DROP DATABASE {_database(url)} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(f"host={self.folder} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


def _database(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]


def binaries() -> Path:
    """Find the newest server that Debian's packages installed. Raises: NoServer."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    if not found:
        raise NoServer("no PostgreSQL server is installed: apt-get install postgresql")
    return found[-1].parent


@contextmanager
def cluster_running(settings: tuple[str, ...] = ()) -> Iterator[Cluster]:
    """Start a cluster, stop it and remove every trace of it. Raises: NoServer."""
    tools = binaries()
    folder = Path(tempfile.mkdtemp(prefix="littera-pg-", dir="/tmp"))
    account = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    become: dict[str, Any] = {}
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)
        become = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": ()}
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, **become)  # noqa: S603 - our own words

    try:
        wishes = ("--no-sync", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8")
        run(f"{tools}/initdb", *wishes, "-D", f"{data}")
        all_of_it = (*_ALWAYS, *settings, f"unix_socket_directories={folder}")
        options = " ".join(f"-c {setting}" for setting in all_of_it)
        run(f"{tools}/pg_ctl", "-w", "-D", f"{data}", "-l", f"{folder}/log", "-o", options, "start")
        try:
            yield Cluster(folder)
        finally:
            run(f"{tools}/pg_ctl", "-w", "-m", "immediate", "-D", f"{data}", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
