"""The station's own sounds and spoken phrases: made here by small programs, shipped as files."""
