"""Labelled cases: what a careful colleague would say of a reply, as TOML files.

A `[[case]]` has the fields of `review` and what is wanted of it: `wanted` findings (`category`, `quote`,
`in`), and where they were labelled `questions` (`quote`, `kind`, `answered`) and `commitments` (`quote`,
`who`, `due`, `firm`). A `[[promise]]` is a draft with its `commitments` alone; with none it only looks
like a promise. An `[[asked]]` is a case with its `questions` alone, each that is answered with the words
that answer it (`by`, and `beside` it others); they were made to mislead: answers that share no word with
the question, and parts of the reply that share many and answer nothing. Both may also be marked texts
(`marked`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from goodword.coach.pack import Pack, read_toml
from goodword.coach.quality.marked import marked_in
from goodword.coach.results import Review
from goodword.coach.reviewing import review
from goodword.coach.ruletest import FIELDS

# The moment at which the sentences without one of their own were written.
WRITTEN = {"now": "2026-11-18T10:00:00+00:00", "tz": "Europe/London"}


def cases_in(folder: Path, table: str, split: str | None = None) -> list[dict[str, Any]]:
    """Every `[[table]]` of the TOML files and marked texts in `folder`, of one `split` or of all."""
    found = [case for path in sorted(folder.glob("*.toml")) for case in read_toml(path).get(table, [])]
    found += [
        case for path in sorted(folder.glob("*.txt")) for name, case in marked_in(path) if name == table
    ]
    return [case for case in found if split is None or case["split"] == split]


def reviewed(case: dict[str, Any], *, pack: Pack | None = None) -> Review:
    """The review of a case; one without a moment of its own is written at `WRITTEN`."""
    given = {name: case[name] for name in FIELDS if name in case}
    return review(**given if "now" in given else {**given, **WRITTEN}, pack=pack)
