"""A library system that is not there, spoken to over SIP2: for tests, for the demo, for trying a station at a desk."""
