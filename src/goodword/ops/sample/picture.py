"""A drawn photo: a pot with a crack on a table, as a PNG, so that the sample has pictures of its own."""

import math
import struct
import zlib
from random import Random

WIDTH, HEIGHT = 360, 270
Colour = tuple[int, int, int]
GLAZES: tuple[Colour, ...] = ((62, 110, 122), (176, 84, 66), (218, 205, 178), (70, 84, 110), (126, 140, 92))
WALL: Colour = (226, 220, 210)
TABLE: Colour = (158, 118, 82)
DARK: Colour = (38, 30, 28)


def broken_pot(*, seed: int) -> bytes:
    """The bytes of a PNG; each seed draws another glaze and another crack."""
    chance = Random(seed)  # noqa: S311 nothing secret is drawn
    glaze = GLAZES[seed % len(GLAZES)]
    crack = _crack(chance)
    rows = [bytes(value for x in range(WIDTH) for value in _pixel(x, y, glaze, crack)) for y in range(HEIGHT)]
    return _png(b"".join(b"\0" + row for row in rows))


def _crack(chance: Random) -> list[float]:
    """How far right the crack is on each line of the picture."""
    at, path = WIDTH / 2 + chance.uniform(-30, 30), []
    for _ in range(HEIGHT):
        at += chance.uniform(-2.6, 2.6)
        path.append(at)
    return path


def _pixel(x: int, y: int, glaze: Colour, crack: list[float]) -> Colour:
    across, down = (x - WIDTH / 2) / 95, (y - 150) / 85
    handle = abs(math.hypot((x - WIDTH / 2 - 98) / 34, (y - 140) / 42) - 1) < 0.2
    if across**2 + down**2 < 1:
        if abs(x - crack[y]) < 1.6 and y > 90:
            return DARK
        return _lit(glaze, 1.15 - 0.35 * (across + 1) / 2 - 0.2 * max(0.0, down))
    if handle and x > WIDTH / 2 + 60:
        return _lit(glaze, 0.8)
    return _lit(TABLE, 0.9 + 0.05 * math.sin(x / 9 + y / 30)) if y > 205 else _lit(WALL, 1 - y / 1600)


def _lit(colour: Colour, light: float) -> Colour:
    red, green, blue = (max(0, min(255, round(part * light))) for part in colour)
    return red, green, blue


def _png(rows: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
