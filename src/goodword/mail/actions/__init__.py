"""The verbs of mail: `accept` is the one door in, `queue` leads out."""

from .accepting import Accepted, Fetched, Unusable, accept, retry, set_aside
from .files import keep_file
from .leaving import queue, send_again, withdraw
from .suppressing import lift, suppress

__all__ = [
    "Accepted",
    "Fetched",
    "Unusable",
    "accept",
    "keep_file",
    "lift",
    "queue",
    "retry",
    "send_again",
    "set_aside",
    "suppress",
    "withdraw",
]
