"""The public e-catalogue: find a title, see where it is, and look after one's own loans and holds."""
