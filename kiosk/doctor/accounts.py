"""Accounts: who may use a file, said of an account that is not the one asking."""

import grp
import os
import pwd
import stat
from pathlib import Path

STATION = "kiosk"
"""The account the units run the station as."""


def present_account() -> str:
    """Name this account; one made by systemd for a service may have a number only."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def account_in_question() -> str:
    """Name whose rights matter: the station's, when root asks for it on a computer that has one."""
    return STATION if os.geteuid() == 0 and groups_of(STATION) is not None else present_account()


def groups_of(account: str) -> frozenset[int] | None:
    """Number the groups of an account; None when there is no such account."""
    try:
        entry = pwd.getpwnam(account)
    except KeyError:
        return None
    return frozenset(os.getgrouplist(account, entry.pw_gid))


def may_use(path: Path, account: str) -> bool:
    """Say whether *account* may read and write *path*, by its owner, group and mode. Raises: OSError."""
    if account == present_account():
        return os.access(path, os.R_OK | os.W_OK)
    groups = groups_of(account)
    if groups is None:
        return False
    facts = path.stat()
    if pwd.getpwnam(account).pw_uid == facts.st_uid:
        wanted = stat.S_IRUSR | stat.S_IWUSR
    elif facts.st_gid in groups:
        wanted = stat.S_IRGRP | stat.S_IWGRP
    else:
        wanted = stat.S_IROTH | stat.S_IWOTH
    return facts.st_mode & wanted == wanted


def group_of(path: Path) -> str:
    """Name the group of a file, or its number where it has no name. Raises: OSError."""
    try:
        return path.group()
    except KeyError:
        return str(path.stat().st_gid)


def names_of_groups(account: str) -> frozenset[str] | None:
    """Name the groups of an account; None when there is no such account."""
    groups = groups_of(account)
    return None if groups is None else frozenset(entry.gr_name for entry in grp.getgrall() if entry.gr_gid in groups)
