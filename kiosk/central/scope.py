"""What a station may see: only what it needs to serve whoever stands before it."""

from dataclasses import dataclass

from kiosk.central.identity import StationIdentity


@dataclass(frozen=True, slots=True)
class Scope:
    """`names` says whether patrons come with names, cards and PINs: a station that only takes books back needs none.

    Documents and notices are those of the network, the branch and the station itself.
    """

    names: bool
    branch: str
    station: str

    @property
    def name(self) -> str:
        """What snapshots of this scope are kept under: stations of one scope share them."""
        return "lends" if self.names else "returns-only"

    @property
    def targets(self) -> tuple[str, ...]:
        return ("network", f"branch:{self.branch}", f"station:{self.station}")


def scope_of(station: StationIdentity) -> Scope:
    return Scope(station.lends, station.branch, station.id)
