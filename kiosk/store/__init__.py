"""The station's own database: what it knows, what it decided, what it still owes. No rules, no network."""
