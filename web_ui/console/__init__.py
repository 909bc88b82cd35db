"""The technician's console of a station: pages on its own screen and, where the settings say so, on a phone."""
