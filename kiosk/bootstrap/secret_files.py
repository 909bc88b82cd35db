"""Secrets the settings name by a file: read when they are needed, never kept in the settings."""

import os
from pathlib import Path


class SecretMissing(Exception):
    """A secret the settings name cannot be read; the message says which file and what to do."""


def read_secret(key: str, path: str, what: str) -> bytes:
    """Read the secret in the file *path* that the settings name as *key*; *what* says in words what belongs there.

    `$CREDENTIALS_DIRECTORY/name` is a credential systemd hands to the service.

    Raises: SecretMissing - it cannot be read, or there is nothing in it.
    """
    try:
        secret = Path(os.path.expandvars(path)).read_bytes().strip()
    except OSError as err:
        raise SecretMissing(
            f"cannot read {key} {path} ({err.strerror}): put {what} there, readable by this account only"
        ) from err
    if not secret:
        raise SecretMissing(f"{key} {path} is empty: put {what} there")
    return secret
