"""Who a station is to the centre, once its signature was verified."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StationIdentity:
    """An enrolled station: `id` is "<branch>.<name>"; one that does not lend needs to know no names and no PINs."""

    id: str
    branch: str
    name: str
    lends: bool = True
