"""What pages and the API ask of complaints."""

from .beside import Beside, beside, fault_of
from .cases import Case, NextStep, StageMark, case
from .causes import WEEKS, CauseLine, Recurring, Week, branches, recurring
from .lists import Counts, Filters, Page, counts, filtered, page
from .register import COLUMNS, Entry, Summary, entries, summary
from .waiting import answers_for, calls_for, late_for, questions_for

__all__ = [
    "COLUMNS",
    "WEEKS",
    "Beside",
    "Case",
    "CauseLine",
    "Counts",
    "Entry",
    "Filters",
    "NextStep",
    "Page",
    "Recurring",
    "StageMark",
    "Summary",
    "Week",
    "answers_for",
    "beside",
    "branches",
    "calls_for",
    "case",
    "counts",
    "entries",
    "fault_of",
    "filtered",
    "late_for",
    "page",
    "questions_for",
    "recurring",
    "summary",
]
