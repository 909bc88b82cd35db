"""Everything that touches hardware, and simulated twins that speak the same bytes."""
