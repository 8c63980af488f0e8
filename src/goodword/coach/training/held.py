"""Which labelled cases the reader of both texts does not learn from, so that how far to trust it can be."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from goodword.coach.quality.cases import cases_in

# Writers as a whole: what is seen of one tells nothing honest of another.
WRITERS = ("long5", "long12", "long21", "faults2", "answers3")
EVERY = 8  # of the cases that many wrote together, each of so many


def is_held(labelled: Mapping[str, Any]) -> bool:
    name = str(labelled["id"]).rsplit("-", 1)[0]
    if name.rsplit("-", 1)[0].rstrip("0123456789") in ("long", "faults", "answers"):
        return name.rsplit("-", 1)[0] in WRITERS
    return zlib.crc32(name.encode()) % EVERY == 0


def held_in(folder: Path, table: str) -> Iterator[dict[str, Any]]:
    """The cases of the part dev in a folder that nothing was learned from."""
    return (case for case in cases_in(folder, table, "dev") if is_held(case))
