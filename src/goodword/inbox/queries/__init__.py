"""What pages and the API ask of the inbox."""

from .aside import Aside, aside
from .belongings import Belongings, belongings, was_removed
from .counting import COUNT_LIMIT, TeamCount, all_counters, counters
from .head import with_head
from .searching import Found, Hit, search
from .thread import ShownMessage, Thread, shown, thread, url, who_is_here
from .undelivered import doubted, undelivered
from .views import VIEWS, Page, Row, as_row, page, team_of, team_view, with_row

__all__ = [
    "COUNT_LIMIT",
    "VIEWS",
    "Aside",
    "Belongings",
    "Found",
    "Hit",
    "Page",
    "Row",
    "ShownMessage",
    "TeamCount",
    "Thread",
    "all_counters",
    "as_row",
    "aside",
    "belongings",
    "counters",
    "doubted",
    "page",
    "search",
    "shown",
    "team_of",
    "team_view",
    "thread",
    "undelivered",
    "url",
    "was_removed",
    "who_is_here",
    "with_head",
    "with_row",
]
