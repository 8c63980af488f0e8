"""The verbs of mail: `accept` is the one door in, `queue` leads out."""

from .accepting import Accepted, Unusable, accept, retry, set_aside
from .files import keep_file
from .leaving import queue, send_again, withdraw

__all__ = [
    "Accepted",
    "Unusable",
    "accept",
    "keep_file",
    "queue",
    "retry",
    "send_again",
    "set_aside",
    "withdraw",
]
