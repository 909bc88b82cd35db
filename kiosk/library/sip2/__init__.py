"""The library's own system spoken to in SIP2 (3M Standard Interchange Protocol 2.00)."""
