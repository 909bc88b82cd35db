"""The versions of the central tables, oldest first. A version that left the house is never edited."""
