"""The kinds of check that rules are made of; everything else about a rule stands in a pack."""

from __future__ import annotations

from collections.abc import Mapping

from goodword.coach.checks import (
    apology,
    asking,
    clashes,
    courtesy,
    empathy,
    facts,
    framing,
    kept,
    learned,
    missing,
    owning,
    privacy,
    repeating,
    shape,
    spelling,
    terms,
    vale,
    words,
)
from goodword.coach.checks.base import Kind

KINDS: Mapping[str, Kind] = {
    **words.KINDS,
    **missing.KINDS,
    **owning.KINDS,
    **framing.KINDS,
    **learned.KINDS,
    **shape.KINDS,
    **spelling.KINDS,
    **terms.KINDS,
    **privacy.KINDS,
    **repeating.KINDS,
    **facts.KINDS,
    **kept.KINDS,
    **clashes.KINDS,
    **asking.KINDS,
    **empathy.KINDS,
    **apology.KINDS,
    **courtesy.KINDS,
    **vale.KINDS,
}
