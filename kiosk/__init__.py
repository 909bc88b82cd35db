"""The self-service station of a library and everything it is made of."""
