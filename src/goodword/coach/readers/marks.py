"""Phrases and moments found in the texts whose language the pack knows."""

from __future__ import annotations

from goodword.coach.case import Case
from goodword.coach.phrases import Marks
from goodword.coach.when import Moment


def of_draft(case: Case) -> Marks:
    return case.pack.book.find(case.draft) if case.language == case.pack.name else Marks()


def of_customer(case: Case) -> Marks:
    return case.pack.book.find(case.customer) if case.customer_language == case.pack.name else Marks()


def times_of_draft(case: Case) -> list[Moment]:
    return case.pack.times.find(case.draft, case.clock) if case.language == case.pack.name else []
