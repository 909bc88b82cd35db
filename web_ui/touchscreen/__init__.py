"""The touchscreen of a station: a view in, a whole screen of HTML out."""
