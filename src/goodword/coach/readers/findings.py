"""Applies the rules of the pack and puts their findings in order."""

from __future__ import annotations

from bisect import bisect_right
from itertools import islice

from goodword.coach.both_texts import chance_right, seen
from goodword.coach.case import Case
from goodword.coach.checks.base import findings_of
from goodword.coach.learned import said
from goodword.coach.results import SEVERITIES, Finding
from goodword.coach.text import Sentence

MOST_PER_RULE = 50


def find_findings(case: Case) -> list[Finding]:
    """All findings, those in the draft first, in order of place; one is kept where several say the same."""
    found: list[Finding] = []
    unsure: list[Finding] = []
    doubts = case.pack.doubts
    for rule, kind in case.pack.plan.woken(case):
        remarks = findings_of(rule, kind, case)
        if remarks == ():  # as for most rules
            continue
        remarks, doubt = islice(remarks, MOST_PER_RULE), doubts.get(rule.id)
        (unsure if rule.only_with_others else found).extend(
            remarks if doubt is None else (one for one in remarks if not _doubted(case, one, *doubt))
        )
    if found:
        found += unsure
    found.sort(key=_order)
    if len(case.draft.lowers) < case.pack.trust.words:
        return _apart(found)  # no whole reply yet: everything is said of it
    limits = case.pack.trust.by_rule if seen(case) is None else case.pack.trust.by_sight
    trusted = {id(one): _trusted(case, one) for one in found}
    kept = _apart([one for one in found if trusted[id(one)] >= limits.least])
    return kept if limits.worth_saying([trusted[id(one)] for one in kept]) else []


def _trusted(case: Case, finding: Finding) -> float:
    """How likely the remark is right: by what both texts tell, else by its rule alone."""
    share = case.pack.trust.shares.get(finding.rule)
    if share is None or finding.severity == "stop":
        return 1.0
    chance = chance_right(case, finding, share)
    return share if chance is None else chance


def _doubted(case: Case, finding: Finding, head: str, below: float) -> bool:
    """Whether the sentence hardly sounds like what its rule is about."""
    told = said(case)
    chances = told.chances(head)
    if finding.where != "draft" or not chances:
        return False
    # Words to be deleted may take the space before their sentence along, so its end tells which one it is.
    place = bisect_right(told.sentences, max(finding.start, finding.end - 1), key=_start) - 1
    return 0 <= place < len(chances) and chances[place] < below


def _start(sentence: Sentence) -> int:
    return sentence.start


def _order(finding: Finding) -> tuple[bool, int, int, int, str]:
    return (
        finding.where == "customer",
        finding.start,
        -finding.end,
        SEVERITIES.index(finding.severity),
        finding.rule,
    )


def _apart(found: list[Finding]) -> list[Finding]:
    """Of findings of one category whose words overlap one is kept: see `_says_more`."""
    kept: list[Finding] = []
    last: dict[tuple[str, str], int] = {}
    for finding in found:
        key = (finding.where, finding.category)
        place = last.get(key)
        if place is not None and finding.start < kept[place].end:
            if _says_more(finding, kept[place]):
                kept[place] = finding
            continue
        last[key] = len(kept)
        kept.append(finding)
    return kept


def _says_more(one: Finding, other: Finding) -> bool:
    """The more severe says more; then the one with better words for most of it; then the first."""
    rank, rank_of_other = SEVERITIES.index(one.severity), SEVERITIES.index(other.severity)
    if rank != rank_of_other:
        return rank < rank_of_other
    better = bool(one.suggestions) and not other.suggestions
    return better and 2 * (one.end - one.start) >= other.end - other.start
