"""The versions of the tables, oldest first. A version that left the house is never edited."""
