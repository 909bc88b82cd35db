"""A siren told by a service in the network: an address that answers in JSON whether there is an air raid."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from kiosk.devices import DeviceLost, HouseSignals

PATIENCE = 5.0
LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class HttpSiren:
    """Air raid while what stands at *field* of the answer, as text, is *value*. `a.0.b` goes through lists, too."""

    url: str
    field: str
    value: str

    def poll(self) -> HouseSignals:
        """Raises: DeviceLost - no answer, no JSON, or nothing at that place."""
        if not self.url.startswith(("http://", "https://")):
            raise DeviceLost(f"{self.url!r} is no address: write http:// or https://")
        request = Request(self.url, headers={"Accept": "application/json"})  # noqa: S310 - checked above
        try:
            with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - likewise
                said = json.loads(answer.read(LARGEST))
        except (URLError, OSError, ValueError) as error:
            raise DeviceLost(f"{self.url} does not say whether there is an air raid: {error}") from error
        return HouseSignals(air_raid=_text(self._at(said)) == self.value)

    def _at(self, said: Any) -> Any:
        for name in self.field.split("."):
            try:
                said = said[int(name)] if isinstance(said, list) else said[name]
            except (KeyError, IndexError, TypeError, ValueError):
                where = f"the answer of {self.url} has nothing at {self.field}"
                raise DeviceLost(f"{where}: see signals.raid_field") from None
        return said


def _text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)
