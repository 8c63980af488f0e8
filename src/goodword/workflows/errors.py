"""What is wrong with a rule; the text is a sentence for whoever writes it."""


class RuleError(ValueError):
    """A rule cannot be kept, or an action of it cannot be done; the text says why and what to do."""
