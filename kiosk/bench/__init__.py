"""Measurements of a whole station beside what its hardware allows. Run by `kiosk bench`; nothing else needs them."""
