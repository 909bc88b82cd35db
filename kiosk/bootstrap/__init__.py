"""The composition root: the only place that knows every class by name. Starts in order, stops in reverse."""
