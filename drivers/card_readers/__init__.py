"""Card readers: PC/SC, and the virtual card, slot and service that stand in for the hardware."""
