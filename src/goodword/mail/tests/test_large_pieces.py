"""The content of a mail is the same however its bytes arrive."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.mail import smtp_pieces
from goodword.mail.smtp_pieces import Pieces

LONGEST = 64 * 1024 * 1024
# What means something in SMTP, and something that does not.
TOKENS = st.sampled_from([b"\r\n", b".", b"\r", b"\n", b"a", b"..", b"\r\n.", b"word " * 9])


def stuffed(content: bytes) -> bytes:
    """As a client sends it: each dot at the beginning of a line twice, and one alone at the end."""
    return b"." * content.startswith(b".") + content.replace(b"\r\n.", b"\r\n..") + b".\r\n"


async def read_all(pieces: Pieces) -> bytes:
    """As aiosmtpd does it: up to the dot alone, without the first dot of a line."""
    lines, fragments = [], []
    while True:
        piece = await pieces.readuntil(b"\r\n")
        if not fragments and piece == b".\r\n":
            return b"".join(line.removeprefix(b".") for line in lines)
        fragments.append(piece)
        if piece.endswith(b"\r\n"):
            lines.append(b"".join(fragments))
            fragments = []


async def received(sent: bytes, cuts: list[int], *, after: bytes = b"QUIT\r\n") -> tuple[bytes, bytes]:
    reader = asyncio.StreamReader(limit=LONGEST)
    pieces = Pieces(reader, longest_line=LONGEST)
    places = [0, *sorted(cut % (len(sent) + 1) for cut in cuts), len(sent)]

    async def feed() -> None:
        for start, end in pairwise(places):
            reader.feed_data(sent[start:end])
            await asyncio.sleep(0)
        reader.feed_data(after)

    feeding = asyncio.create_task(feed())
    pieces.content = True
    content = await asyncio.wait_for(read_all(pieces), 10)
    pieces.content = False
    line = await asyncio.wait_for(pieces.readuntil(), 10)
    await feeding
    return content, line


@settings(deadline=None)
@given(
    st.lists(TOKENS, max_size=30),
    st.lists(st.integers(min_value=0), max_size=8),
    st.sampled_from([4, 64, 2**16]),
)
def test_any_content_arrives_whole_and_the_next_command_after_it(
    tokens: list[bytes], cuts: list[int], longest_piece: int
) -> None:
    content = b"".join(tokens)
    if content and not content.endswith(b"\r\n"):
        content += b"\r\n"
    before, smtp_pieces.PIECE = smtp_pieces.PIECE, longest_piece
    try:
        assert asyncio.run(received(stuffed(content), cuts)) == (content, b"QUIT\r\n")
    finally:
        smtp_pieces.PIECE = before


def test_the_rest_of_an_endless_line_is_let_go() -> None:
    async def count() -> int:
        reader = asyncio.StreamReader(limit=LONGEST)
        pieces = Pieces(reader, longest_line=1_000_000)
        pieces.content = True
        reader.feed_data(b"x" * 5_000_000 + b"\r\n.\r\n")
        found = 0
        while (piece := await pieces.readuntil(b"\r\n")) != b".\r\n":
            found += len(piece)
        return found

    assert 1_000_000 < asyncio.run(count()) < 1_300_000


def test_who_leaves_in_a_command_is_noticed() -> None:
    async def leave() -> None:
        reader = asyncio.StreamReader()
        reader.feed_data(b"HEL")
        reader.feed_eof()
        await Pieces(reader, longest_line=LONGEST).readuntil()

    with pytest.raises(asyncio.IncompleteReadError):
        asyncio.run(leave())
