"""The office: the fleet, debts, settings, figures and patrons' data, for the staff of the network."""
