"""Runs a rule's own good and bad lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from goodword.coach.pack import Pack
from goodword.coach.reviewing import review
from goodword.coach.rule import Rule

FIELDS = (
    "draft",
    "customer_message",
    "customer_name",
    "agent_name",
    "now",
    "tz",
    "holidays",
    "policies",
    "earlier_replies",
    "attachments",
)


def failures(rule: Rule, pack: Pack) -> Iterator[str]:
    """A sentence for each bad line in which the rule finds nothing, and each good one in which it does."""
    alone = replace(pack, rules=(rule,))
    for line in rule.bad:
        if not _fires(line, alone):
            yield f"{rule.place}: finds nothing in the bad line {_shown(line)!r}."
    for line in rule.good:
        if _fires(line, alone):
            yield f"{rule.place}: finds something in the good line {_shown(line)!r}."


def _fires(line: str | Mapping[str, Any], pack: Pack) -> bool:
    given = {"draft": line} if isinstance(line, str) else {k: v for k, v in line.items() if k in FIELDS}
    given.setdefault("draft", "")
    return bool(review(**given, pack=pack).findings)


def _shown(line: str | Mapping[str, Any]) -> str:
    return line if isinstance(line, str) else str(line.get("draft", ""))
