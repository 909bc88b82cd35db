"""Whether the library's own system lets the station in and is ready for it: one finding for `kiosk doctor`."""

import time

from kiosk.bootstrap.library_system import sip2_system
from kiosk.bootstrap.secret_files import SecretMissing
from kiosk.doctor.finding import Check, Finding
from kiosk.library.remote.system import SystemSilent
from kiosk.settings import Settings

_CHECK = Check(
    "library system", "without it patrons borrow nothing here, or only what the branch lends while it is silent"
)


def examine_library_system(settings: Settings) -> Finding | None:
    """Sign in and ask it how it is; None where the station decides by itself."""
    if settings.library.kind == "local":
        return None
    try:
        system = sip2_system(settings)
    except SecretMissing as err:
        return _CHECK.failed(str(err), "put the secret there, or name another file")
    began = time.monotonic()
    try:
        services = system.pulse()
    except SystemSilent as err:
        return _CHECK.failed(f"{err}", f"`kiosk library check --branch {settings.branch.id}` looks step by step")
    finally:
        system.close()
    if not (services.online and services.lends and services.takes_back):
        return _CHECK.worrying("it answers and says it does not serve this login now", "ask who looks after it")
    return _CHECK.good(f"it lets the station in ({(time.monotonic() - began) * 1000:.0f} ms)")
