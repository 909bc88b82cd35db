"""Pads: the RFID antennas books lie on. One driver and one simulated device per protocol."""
