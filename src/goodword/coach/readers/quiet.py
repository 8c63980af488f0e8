"""A feeling that is not named but shows: in what went wrong, how often, and how drily it is told."""

from __future__ import annotations

from dataclasses import replace

from goodword.coach.case import Case, Mood
from goodword.coach.hardships import hardships

Spans = list[tuple[int, int]]
_BAD = ("angry", "anxious", "frustrated", "disappointed")
_QUIET = tuple(f"quiet.{feeling}" for feeling in (*_BAD, "pleased"))
_TELLING = 3  # a hardship of this weight shows a feeling


def with_quiet_feeling(case: Case) -> Mood:
    """The mood as read; for a customer who names no feeling, the one that shows, with the words for it.

    What rules of a draft look at stays the named feeling: nobody must soothe what was not said.
    """
    mood = case.mood
    if not case.customer.lowers or mood.feeling not in ("calm", "frustrated", "pleased"):
        return mood
    if not (hardships(case) or case.customer_marks.has(*_QUIET)):
        return mood
    signs = {feeling: _signs(case, feeling) for feeling in (*_BAD, "pleased")}
    feeling = _shown(mood, signs)
    if feeling == mood.feeling:
        return mood
    rests_on = [*mood.spans.get("feeling", []), *signs[feeling]]
    strength = max(mood.strength, 2 if len(signs[feeling]) > 1 and feeling != "pleased" else 1)
    shown = replace(mood, feeling=feeling, strength=strength, spans={**mood.spans, "feeling": rests_on})
    if feeling in ("angry", "frustrated") and not shown.complaint and strength > 1:
        shown.complaint = True
        shown.spans["complaint"] = signs[feeling]
    return shown


def _signs(case: Case, feeling: str) -> Spans:
    """Where it shows: words of `quiet.<feeling>`, and hardships of the families that bring it."""
    families = case.pack.data["mood"]["shown_by"].get(feeling, ())
    spans = case.customer_marks.spans(f"quiet.{feeling}")
    told = [one for one in hardships(case) if one.name in families and one.weight >= _TELLING]
    return sorted({*spans, *((one.start, one.end) for one in told)})


def _shown(mood: Mood, signs: dict[str, Spans]) -> str:
    """The feeling that shows most; a named one gives way only to anger, a pleasant one to any trouble."""
    angry, annoyed = len(signs["angry"]), len(signs["frustrated"])
    if angry > 1 or (angry and (annoyed or mood.feeling == "frustrated")):
        return "angry"
    if mood.feeling == "frustrated" or (mood.feeling == "pleased" and mood.strength > 1):
        return mood.feeling
    if signs["anxious"]:
        return "anxious"
    most = max(("frustrated", "disappointed", "angry"), key=lambda feeling: len(signs[feeling]))
    if signs[most]:
        return "frustrated" if most == "angry" else most
    return "pleased" if signs["pleased"] else mood.feeling
