"""Deeds: what the draft says has been done already ('I've refunded', 'your bag has been found')."""

from __future__ import annotations

from goodword.coach.case import Case


def has_deed(case: Case) -> bool:
    """Whether the draft tells of something done for the customer."""
    return case.once("deed", _has_deed)


def _has_deed(case: Case) -> bool:
    if case.marks.has("done"):
        return True
    sets, lowers = case.pack.promise.sets, case.draft.lowers
    for at, word in enumerate(lowers):
        if word not in sets["done_to"] and word not in sets["seen_to"]:
            continue
        before = set(lowers[max(0, at - 4) : at])
        if not sets["subordinators"].isdisjoint(lowers[max(0, at - 6) : at]):
            continue  # 'once tickets have been issued'
        if not sets["have_done"].isdisjoint(before) and sets["negations"].isdisjoint(before):
            return True
    return False
