"""The central system: what all stations of a network share. Keeps no state outside its database."""
