"""The centre's catalogue: found by words, filled by imports."""

from kiosk.central.catalogue.index import index_titles, reindex
from kiosk.central.catalogue.search import search

__all__ = ["index_titles", "reindex", "search"]
