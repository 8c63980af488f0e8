"""The verbs of complaints. Each is one transaction, writes its events, and is harmless when done twice.

All are keyword-only; `agent` is who does it (None: the house itself, or the customer), and a complaint that
the agent may not see does not exist for them. What cannot be done raises `errors.ComplaintError`.
"""

from .opening import link, open_complaint, say_no_complaint
from .stages import acknowledge, advance, close, investigate, move, reopen

__all__ = [
    "acknowledge",
    "advance",
    "close",
    "investigate",
    "link",
    "move",
    "open_complaint",
    "reopen",
    "say_no_complaint",
]
