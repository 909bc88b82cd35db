"""The composition root: the only place that knows every class by name. Starts things in order, stops them in reverse."""
