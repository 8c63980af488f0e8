"""What the team says of the coach's findings, and how it makes the coach its own."""

from .finding import Dispute, Override, Remark
from .own import OwnRule, Policy, RuleChange, Tailoring, Term, Topic

__all__ = [
    "Dispute",
    "Override",
    "OwnRule",
    "Policy",
    "Remark",
    "RuleChange",
    "Tailoring",
    "Term",
    "Topic",
]
