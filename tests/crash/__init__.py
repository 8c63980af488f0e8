"""Processes killed at random while mail comes and goes: nothing lost, nothing doubled, nothing crossed."""
