"""The forms of the agents' pages."""
