"""The readers, in the order in which they run."""

from __future__ import annotations

from goodword.coach.engine import GIVEN, Engine, Reader
from goodword.coach.readers import (
    acts,
    answers,
    commitments,
    details,
    findings,
    language,
    marks,
    mood,
    questions,
    scores,
)

HEARD = (
    Reader("customer's language", "customer_language", ("customer",), language.of_customer),
    Reader("customer's phrases", "customer_marks", ("customer", "customer_language"), marks.of_customer),
    Reader("details given", "details", ("customer", "clock"), details.read_details),
    Reader("mood", "mood", ("customer", "customer_marks"), mood.read_mood),
    Reader("questions", "asked", ("customer", "customer_marks", "mood"), questions.find_questions),
)
ANSWERED = (
    Reader("draft's language", "language", ("draft",), language.of_draft),
    Reader("draft's phrases", "marks", ("draft", "language"), marks.of_draft),
    Reader("moments", "times", ("draft", "clock", "language"), marks.times_of_draft),
    Reader("commitments", "commitments", ("draft", "marks", "times", "clock"), commitments.find_commitments),
    Reader("acts", "acts", ("draft", "marks", "commitments", "asked"), acts.find_acts),
    Reader("answers", "questions", ("asked", "acts", "commitments", "times"), answers.answer_questions),
    Reader(
        "rules",
        "findings",
        ("questions", "acts", "commitments", "details", "mood"),
        findings.find_findings,
    ),
    Reader("scores", "scores", ("findings", "acts"), scores.score),
)

# What is known of the customer's message stays the same while the reply is written, so it is read apart.
HEARING = Engine(HEARD)
ANSWERING = Engine(ANSWERED, given=GIVEN | HEARING.gives)
REVIEWING = Engine((*HEARD, *ANSWERED))
