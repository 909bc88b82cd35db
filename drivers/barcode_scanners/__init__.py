"""Drivers of barcode scanners, each on a port of its own: nothing they say reaches the page as keys."""
