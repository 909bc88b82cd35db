"""A library that is another system's: the station asks it, and writes down before it asks and after it heard."""

from kiosk.library.remote.library import RemoteLibrary
from kiosk.library.remote.line import Terms, WhenSilent
from kiosk.library.remote.system import LibrarySystem

__all__ = ["LibrarySystem", "RemoteLibrary", "Terms", "WhenSilent"]
