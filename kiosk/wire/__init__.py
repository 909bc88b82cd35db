"""What station and centre say to each other: the messages, and how they are signed. Both sides import it."""
