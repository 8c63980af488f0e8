"""The only door to the coach, what agents say of its findings, and how a team makes it its own."""

from .bettering import in_model_words, make_better
from .disagreeing import dispute, override
from .forgetting import erase_words, forget_conversations
from .own_rules import remove_own_rule, set_own_rule
from .policies import remove_policy, set_policy
from .remarks import forget_sent, note_remarks, settle_remarks
from .reviewing import LONGEST_TEXT, read_message, review_draft, trouble
from .ruling import (
    CHANGE_REASON_LENGTH,
    change_rule,
    milder_or_same,
    soften_rule,
    standard_rule,
    switch_off_rule,
)
from .terms import add_term, import_terms, remove_term
from .topics import leave_out_topic, remove_topic, set_topic
from .writing import QUOTE_LENGTH, REASON_LENGTH

__all__ = [
    "CHANGE_REASON_LENGTH",
    "LONGEST_TEXT",
    "QUOTE_LENGTH",
    "REASON_LENGTH",
    "add_term",
    "change_rule",
    "dispute",
    "erase_words",
    "forget_conversations",
    "forget_sent",
    "import_terms",
    "in_model_words",
    "leave_out_topic",
    "make_better",
    "milder_or_same",
    "note_remarks",
    "override",
    "read_message",
    "remove_own_rule",
    "remove_policy",
    "remove_term",
    "remove_topic",
    "review_draft",
    "set_own_rule",
    "set_policy",
    "set_topic",
    "settle_remarks",
    "soften_rule",
    "standard_rule",
    "switch_off_rule",
    "trouble",
]
