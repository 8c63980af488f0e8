"""What cannot be done with goodwill, in sentences."""


class GoodwillError(ValueError):
    """Something about goodwill cannot be done; the text says what is wrong and what to do."""
