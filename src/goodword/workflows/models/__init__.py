"""Automation: rules, and what they did."""

from .rule import Firing, Rule

__all__ = ["Firing", "Rule"]
