"""What an e-card says: APDUs, the file that carries the card number, and the schemes that ask for it.

Pure: bytes in, values out. No card reader, no clock, no thread;
`drivers.card_readers` drives these conversations.
"""
