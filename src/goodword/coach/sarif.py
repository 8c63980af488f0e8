"""Reviews as a SARIF 2.1.0 log, for code scanning tools and editors that read it."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from goodword import __version__
from goodword.coach.drafts import Page, Reviewed
from goodword.coach.results import Finding
from goodword.coach.rule import Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS: Mapping[str, str] = {"stop": "error", "warn": "warning", "hint": "note"}
RANKS: Mapping[str, float] = {"stop": 90.0, "warn": 50.0, "hint": 10.0}
STDIN = "stdin"
_SLOT = re.compile(r"\{\w{1,20}\}")


def sarif_log(reviewed: Sequence[Reviewed]) -> dict[str, Any]:
    """One run over all drafts. Columns and offsets count code points, from 1 and from 0."""
    named = {finding.rule for one in reviewed for finding in one.result.findings}
    known = {rule.id: rule for one in reviewed for rule in one.pack.rules if rule.id in named}
    rules = list(known.values())
    numbers = {rule.id: number for number, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "goodword",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": _location(one.draft.page)} for one in reviewed],
        "results": [result for one in reviewed for result in _results(one, numbers)],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule) -> dict[str, Any]:
    instead = "".join(f"\n- {words or '(leave it out)'}" for words in rule.suggestions)
    good = "".join(f"\n- {line}" for line in rule.good if isinstance(line, str))
    text = rule.why + (f"\n\nInstead:{instead}" if instead else "") + (f"\n\nGood:{good}" if good else "")
    markdown = text.replace("\n\nInstead:", "\n\n**Instead**\n").replace("\n\nGood:", "\n\n**Good**\n")
    return {
        "id": rule.id,
        "name": "".join(part.capitalize() for part in rule.id.replace(".", "-").split("-")),
        "shortDescription": {"text": _SLOT.sub("…", rule.message)},
        "fullDescription": {"text": rule.why},
        "help": {"text": text, "markdown": markdown},
        "defaultConfiguration": {"level": LEVELS[rule.severity], "rank": RANKS[rule.severity]},
        "properties": {"category": rule.category, "practice": rule.practice, "tags": [rule.category]},
    }


def _results(one: Reviewed, numbers: Mapping[str, int]) -> list[dict[str, Any]]:
    seen: Counter[str] = Counter()
    return [_result(one, finding, numbers, seen) for finding in one.result.findings]


def _result(
    one: Reviewed, finding: Finding, numbers: Mapping[str, int], seen: Counter[str]
) -> dict[str, Any]:
    page = one.draft.page_of(finding)
    said = f"{finding.rule}\0{finding.where}\0{' '.join(finding.quote.split()).lower()}"
    seen[said] += 1
    mark = hashlib.sha256(f"{said}\0{seen[said]}".encode("utf-8", "replace")).hexdigest()[:32]
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": numbers[finding.rule],
        "level": LEVELS[finding.severity],
        "message": {"text": f"{finding.message} {finding.why}"},
        "locations": [{"physicalLocation": _place(page, finding.start, finding.end)}],
        "partialFingerprints": {"goodword/v1": mark},
        "properties": {"category": finding.category, "practice": finding.practice, "in": finding.where},
    }
    if finding.where == "customer":
        draft = {"artifactLocation": _location(one.draft.page)}
        note = {"text": "The reply that leaves this open."}
        result["relatedLocations"] = [{"id": 1, "message": note, "physicalLocation": draft}]
    elif finding.suggestions:
        result["fixes"] = [_fix(page, finding, words) for words in finding.suggestions]
    return result


def _fix(page: Page, finding: Finding, words: str) -> dict[str, Any]:
    replacement: dict[str, Any] = {"deletedRegion": _region(page, finding.start, finding.end)}
    if words:
        replacement["insertedContent"] = {"text": words}
    return {
        "description": {"text": f"Write '{words}'." if words else "Leave it out."},
        "artifactChanges": [{"artifactLocation": _location(page), "replacements": [replacement]}],
    }


def _place(page: Page, start: int, end: int) -> dict[str, Any]:
    region = _region(page, start, end) | {"snippet": {"text": page.raw[start:end]}}
    return {"artifactLocation": _location(page), "region": region}


def _region(page: Page, start: int, end: int) -> dict[str, Any]:
    first, last = page.position(start), page.position(end)
    return {
        "startLine": first[0],
        "startColumn": first[1],
        "endLine": last[0],
        "endColumn": last[1],
        "charOffset": start,
        "charLength": end - start,
    }


def _location(page: Page) -> dict[str, str]:
    """Where the page lies: relative names stay relative, to the folder of the run."""
    if page.name == "draft":
        return {"uri": STDIN}
    path = PurePath(page.name)
    return {"uri": path.as_uri() if path.is_absolute() else quote(path.as_posix())}
