"""How the customer feels, how urgent it is, and whether they may leave; each with the words it rests on."""

from __future__ import annotations

import re

from goodword.coach.case import Case, Mood

FEELINGS = ("angry", "frustrated", "anxious", "disappointed", "confused", "grateful", "pleased")
_SHOUT = re.compile(r"(?<![\w-])[A-Z]{3,}(?: [A-Z]{2,}){1,20}(?![\w-])")
_CAPITALS = re.compile("[A-Z]{3}")
_STORM = re.compile(r"[!?]{2,20}")
_NEGATIVE = FEELINGS[:5]
STRONGEST = 3
_FEELING_TAGS = [
    (feeling, [(strength, f"feeling.{feeling}.{strength}") for strength in (1, 2, 3)]) for feeling in FEELINGS
]
_CHURN_TAGS = [(level, f"churn.{level}") for level in (3, 2, 1)]


def read_mood(case: Case) -> Mood:
    mood = Mood()
    if not case.customer.lowers:
        return mood
    weights = _weigh(case, mood)
    if weights:
        mood.feeling = max(FEELINGS, key=lambda feeling: (weights.get(feeling, 0), -FEELINGS.index(feeling)))
        mood.strength = min(STRONGEST, weights[mood.feeling])
        mood.spans["feeling"] = mood.spans.pop(f"feeling.{mood.feeling}")
    for name in [name for name in mood.spans if name.startswith("feeling.")]:
        mood.spans["also"] = sorted(mood.spans.get("also", []) + mood.spans.pop(name))
    _heat(case, mood)
    _complaint(case, mood)
    _urgency(case, mood)
    _churn(case, mood)
    _formality(case, mood)
    return mood


def _weigh(case: Case, mood: Mood) -> dict[str, int]:
    """Feeling → strength 1 to 3: its strongest words, one more when several speak of it."""
    weights: dict[str, int] = {}
    marked = case.customer_marks.by_tag
    for feeling, tags in _FEELING_TAGS:
        spans: list[tuple[int, int]] = []
        strongest = 0
        for strength, tag in tags:
            for start, end in marked.get(tag, ()):
                if not _negated(case, start):
                    spans.append((start, end))
                    strongest = max(strongest, min(STRONGEST, strength + _intensified(case, start)))
        if spans:
            weights[feeling] = min(STRONGEST, strongest + (len(spans) > 2))
            mood.spans[f"feeling.{feeling}"] = sorted(spans)
    if any(feeling in weights for feeling in _NEGATIVE):
        for feeling in ("grateful", "pleased"):
            if weights.get(feeling, 0) <= max(weights.get(bad, 0) for bad in _NEGATIVE):
                weights.pop(feeling, None)
    return weights


def _before(case: Case, start: int, count: int) -> list[str]:
    return case.customer.lowers_in(max(0, start - 40), start)[-count:]


def _negated(case: Case, start: int) -> bool:
    """Denied ('not angry'), or only asked ('is it ruined?')."""
    data, before = case.pack.data["mood"], _before(case, start, 2)
    denied = any(word in data["negations"] or word.endswith("n't") for word in before)
    return denied or " ".join(before) in data["asking"]


def _intensified(case: Case, start: int) -> bool:
    before = case.customer.words_in(max(0, start - 30), start)[-1:]
    return (
        bool(before)
        and case.customer_marks.any_within(["intensifier"], before[0].start, before[0].end) is not None
    )


def _heat(case: Case, mood: Mood) -> None:
    """Capitals and storms of marks make an unhappy customer unhappier."""
    raw = case.customer.raw
    if "!" not in raw and "?" not in raw and not _CAPITALS.search(raw):
        return
    loud = [m.span() for m in _SHOUT.finditer(raw) if len(m.group()) > 9] + [
        m.span() for m in _STORM.finditer(raw)
    ]
    if not loud or raw.isupper():
        return
    if mood.feeling == "calm" and case.customer_marks.has("problem", "complaint"):
        mood.feeling = "frustrated"
    if mood.feeling in _NEGATIVE:
        mood.strength = min(STRONGEST, mood.strength + 1)
        mood.spans.setdefault("feeling", []).extend(loud[:5])


def _complaint(case: Case, mood: Mood) -> None:
    said = case.customer_marks.spans("complaint")
    problems = case.customer_marks.spans("problem")
    upset = mood.feeling in ("angry", "frustrated", "disappointed") and mood.strength > 0
    mood.complaint = bool(said) or (upset and bool(problems)) or (upset and mood.strength > 1)
    if mood.complaint:
        mood.spans["complaint"] = said or problems[:3] or mood.spans.get("feeling", [])


def _urgency(case: Case, mood: Mood) -> None:
    """The highest level named, and its cause: safety, health, deadline, money, access, asked."""
    if not any(tag.startswith("urgency.") for tag in case.customer_marks.by_tag):
        return
    causes = case.pack.data["mood"]["urgency_causes"]
    for level in (3, 2, 1):
        for cause in causes:
            spans = case.customer_marks.spans(f"urgency.{cause}.{level}")
            if spans:
                mood.urgency, mood.urgency_cause = level, cause
                mood.spans["urgency"] = spans
                return


def _churn(case: Case, mood: Mood) -> None:
    for level, tag in _CHURN_TAGS:
        spans = case.customer_marks.spans(tag)
        if spans:
            mood.churn_risk = level
            mood.spans["churn_risk"] = spans
            return
    if mood.complaint and mood.strength >= 2 and mood.feeling in _NEGATIVE:
        mood.churn_risk = 1
        mood.spans["churn_risk"] = mood.spans.get("feeling", [])


def _formality(case: Case, mood: Mood) -> None:
    formal = case.customer_marks.spans("formality.formal")
    casual = case.customer_marks.spans("formality.casual")
    if len(formal) != len(casual):
        mood.formality = "formal" if len(formal) > len(casual) else "casual"
        mood.spans["formality"] = formal if len(formal) > len(casual) else casual
