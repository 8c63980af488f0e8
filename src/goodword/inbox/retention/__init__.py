"""How long conversations are kept: rules, what they would touch, and the nightly work.

A rule is off until its dry run was looked at. Each conversation goes in a transaction of its own, which also
counts it in the night's log, so that it is right however many workers run and whichever is killed.
"""

from .finding import Preview, preview, reasons
from .rules import NewRetentionRule, keep_times, remove_rule, save_rule, switch_rule, times, tried
from .running import begin, work, work_left

__all__ = [
    "NewRetentionRule",
    "Preview",
    "begin",
    "keep_times",
    "preview",
    "reasons",
    "remove_rule",
    "save_rule",
    "switch_rule",
    "times",
    "tried",
    "work",
    "work_left",
]
