"""Service clocks: how long customers wait, held against what the service levels ask for.

Every change of a conversation that matters calls `follow` after it has written its events. What is stored is
always what `trace` makes of the event log, so computing it anew gives the same.
"""

from .agreed import LOOK_SECONDS, forget
from .following import follow, follow_each, refit, refit_outdated
from .recomputing import recompute
from .watching import watch

__all__ = ["LOOK_SECONDS", "follow", "follow_each", "forget", "recompute", "refit", "refit_outdated", "watch"]
