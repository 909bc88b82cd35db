"""The bench: a page with the touchscreen beside a table of virtual cards, books and plugs, to try a station out."""
