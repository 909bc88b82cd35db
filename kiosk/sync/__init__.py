"""The station's side of the sync: the journal goes up, changes come down, beside the work and never in its way."""
