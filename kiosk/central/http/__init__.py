"""The centre's HTTP side for stations. Pages for people are in web_ui."""

from kiosk.central.http.api import station_api

__all__ = ["station_api"]
