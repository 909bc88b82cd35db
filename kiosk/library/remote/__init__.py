"""A library that is another system's: the station asks it, and writes down before it asks and after it heard."""
