"""The verbs of mail: `accept` is the one door in, `queue` leads out."""

from goodword.mail.suppressions import lift, suppress

from .accepting import Accepted, Fetched, Handed, Unusable, accept, accept_several, retry, set_aside
from .accounts import (
    Reached,
    add_account,
    change_account,
    pause_account,
    read_again,
    remove_account,
    resume_account,
    try_account,
)
from .erasing import forget_addresses, forget_paces, hide_suppressions, naming
from .files import drop_files, keep_file
from .forgetting import Forgotten, OnItsWay, forget
from .leaving import queue, send_again, withdraw

__all__ = [
    "Accepted",
    "Fetched",
    "Forgotten",
    "Handed",
    "OnItsWay",
    "Reached",
    "Unusable",
    "accept",
    "accept_several",
    "add_account",
    "change_account",
    "drop_files",
    "forget",
    "forget_addresses",
    "forget_paces",
    "hide_suppressions",
    "keep_file",
    "lift",
    "naming",
    "pause_account",
    "queue",
    "read_again",
    "remove_account",
    "resume_account",
    "retry",
    "send_again",
    "set_aside",
    "suppress",
    "try_account",
    "withdraw",
]
