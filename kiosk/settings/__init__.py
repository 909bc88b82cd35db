"""The settings of a station: the shape of the files in `config/`, how they inherit, what is wrong with them.

Reads files once, at start, and hands out frozen values. Opens no device and asks nobody.
"""

from kiosk.settings.files import branches_in
from kiosk.settings.load import load_settings, load_with_origins, stations_of
from kiosk.settings.problems import Problem, SettingsError
from kiosk.settings.shape import Settings

__all__ = [
    "Problem",
    "Settings",
    "SettingsError",
    "branches_in",
    "load_settings",
    "load_with_origins",
    "stations_of",
]
