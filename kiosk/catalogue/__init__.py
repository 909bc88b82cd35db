"""The catalogue's own trade, pure: how people's spelling is folded, what they meant, how records are read."""
