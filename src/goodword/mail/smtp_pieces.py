"""The content of a mail that comes by SMTP, read in large pieces: aiosmtpd reads it line by line, and some
hundred steps for each mail are most of what it costs to take it in.
"""

import asyncio

PIECE = 2**16


class Pieces:
    """Stands before the reader of a session. While `content` is set, what `readuntil` gives are many lines at
    once, with the dots that SMTP doubles taken away but for the first line of each, as aiosmtpd expects it of
    a line; the dot at the end comes alone.
    """

    def __init__(self, reader: asyncio.StreamReader, *, longest_line: int) -> None:
        self.content = False
        self._reader = reader
        self._longest = longest_line
        self._held = bytearray()
        self._in_line = False
        self._line = 0

    async def readuntil(self, separator: bytes = b"\n") -> bytes:
        """A line; of the content of a mail, a piece."""
        if self.content:
            return await self._piece()
        self._in_line = False
        looked = 0
        while (end := self._held.find(separator, looked)) < 0:
            looked = max(0, len(self._held) - len(separator) + 1)
            if looked > self._longest:
                raise asyncio.LimitOverrunError("The line is too long.", looked)
            await self._more()
        return self._take(end + len(separator))

    async def readline(self) -> bytes:
        """A line; or what there is, when the sender leaves."""
        try:
            return await self.readuntil()
        except asyncio.IncompleteReadError as error:
            return error.partial

    async def read(self, count: int = -1) -> bytes:
        """Up to so many bytes."""
        return self._take(min(count, len(self._held))) if self._held else await self._reader.read(count)

    async def _piece(self) -> bytes:
        while True:
            held = self._held
            if not self._in_line and held.startswith(b".\r\n"):
                return self._take(3)
            last = held.find(b"\r\n.\r\n")
            if last < 0:
                last = held.rfind(b"\r\n")
            if last >= 0:
                self._in_line = False
                return self._take(last + 2).replace(b"\r\n.", b"\r\n")
            if len(held) > PIECE:
                # Part of a line; of one that is too long the rest is let go, and it is refused at its end.
                piece = self._take(len(held) - held.endswith(b"\r"))
                self._line = self._line + len(piece) if self._in_line else len(piece)
                self._in_line = True
                return piece if self._line <= self._longest + PIECE else b""
            await self._more()

    def _take(self, count: int) -> bytes:
        taken = bytes(self._held[:count])
        del self._held[:count]
        return taken

    async def _more(self) -> None:
        more = await self._reader.read(PIECE)
        if not more:
            raise asyncio.IncompleteReadError(bytes(self._held), None)
        self._held += more
