"""The logic behind the technician's console of a station: who may enter, and what is done with devices and tags."""
