"""The settings of a station: the shape of the files in `config/`, how they inherit, what is wrong with them.

Reads files once, at start, and hands out frozen values. Opens no device and asks nobody.
"""

from kiosk.settings.files import branches_in
from kiosk.settings.load import addresses_of_branches, load_settings, load_with_origins, names_of_branches, stations_of
from kiosk.settings.problems import Problem, SettingsError
from kiosk.settings.schema import branch_schema, key_reference, network_schema
from kiosk.settings.shape import Settings

__all__ = [
    "Problem",
    "Settings",
    "SettingsError",
    "addresses_of_branches",
    "branch_schema",
    "branches_in",
    "key_reference",
    "load_settings",
    "load_with_origins",
    "names_of_branches",
    "network_schema",
    "stations_of",
]
