"""Receipts by e-mail: the queue in the database, what a letter says, and the postman who hands letters to a server."""
