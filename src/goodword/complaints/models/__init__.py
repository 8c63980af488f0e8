"""Complaints: the case and its clocks, what was found out, what was offered, and what became of it."""

from .cause import Cause
from .complaint import Complaint, ComplaintConversation, NotAComplaint, NumberSeries
from .investigation import Answer, CheckItem, Checklist, Evidence, Question
from .prevention import Prevention
from .procedure import Procedure, ProcedureStage, StageKey
from .proposal import Choice, Proposal, ProposalOption
from .remedy import FollowUp, Remedy
from .stages import CallForHelp, Reopening, StageRecord

__all__ = [
    "Answer",
    "CallForHelp",
    "Cause",
    "CheckItem",
    "Checklist",
    "Choice",
    "Complaint",
    "ComplaintConversation",
    "Evidence",
    "FollowUp",
    "NotAComplaint",
    "NumberSeries",
    "Prevention",
    "Procedure",
    "ProcedureStage",
    "Proposal",
    "ProposalOption",
    "Question",
    "Remedy",
    "Reopening",
    "StageKey",
    "StageRecord",
]
