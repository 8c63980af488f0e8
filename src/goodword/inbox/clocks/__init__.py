"""Service clocks: how long customers wait, held against what the service levels ask for.

Every change of a conversation that matters calls `follow` after it has written its events. What is stored is
always what `trace` makes of the event log, so computing it anew gives the same.
"""

from .agreed import forget
from .following import follow, follow_each, refit, refit_outdated
from .recomputing import recompute
from .waking import customer_changed, hours_changed, levels_changed
from .watching import watch

__all__ = [
    "customer_changed",
    "follow",
    "follow_each",
    "forget",
    "hours_changed",
    "levels_changed",
    "recompute",
    "refit",
    "refit_outdated",
    "watch",
]
