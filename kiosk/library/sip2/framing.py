"""Cutting what a socket gives into messages: they come in pieces, or several at once, and end in CR, CRLF or LFCR."""

LONGEST = 1 << 20
"""Bytes of the longest message that is waited for; an account of a thousand loans has less than a tenth."""


class TooLong(ValueError):
    """More bytes than any message has, and no end in sight: this is not SIP2."""


class MessageSplitter:
    """Collects bytes and gives the messages they hold, without terminators and empty lines."""

    def __init__(self, terminator: bytes = b"\r") -> None:
        """Split at *terminator*: CR for every system but the odd one that ends in LF alone."""
        self._terminator = terminator
        self._rest = b""

    @property
    def rest(self) -> bytes:
        """What has come and is no whole message yet: a prompt of a telnet login, or the first half of an answer."""
        return self._rest

    def clear(self) -> None:
        """Forget what has come and is no whole message."""
        self._rest = b""

    def feed(self, chunk: bytes) -> list[bytes]:
        """Take bytes in and give the messages that are now whole. Raises: TooLong."""
        *whole, self._rest = (self._rest + chunk).split(self._terminator)
        if len(self._rest) > LONGEST:
            raise TooLong(f"{len(self._rest)} bytes came without the end of a message")
        return [line for line in (piece.strip(b"\r\n\0") for piece in whole) if line.strip()]
