"""Automation: rules, what they did, and how far the log was read."""

from .rule import Firing, Reading, Rule

__all__ = ["Firing", "Reading", "Rule"]
