"""What cannot be done about the coach; the text is a sentence for the agent."""


class CoachingError(Exception):
    """What was asked makes no sense; the text says why and what to do instead."""
