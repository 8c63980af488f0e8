"""The sample company, written into an empty installation."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from goodword.coaching import actions as coaching
from goodword.inbox.models import Conversation
from goodword.promises import moments
from goodword.staff.models import Agent

from . import (
    asking,
    bought,
    cast,
    company,
    desk,
    house,
    keeping,
    own_coach,
    own_fields,
    pledges,
    promised,
    routing,
    script,
    specials,
)
from .ledger import Ledger

Progress = Callable[[str, int, int], None]

_FACTS = script.table("company")
MAILBOX: str = _FACTS["mailbox"]
PASSWORD: str = _FACTS["password"]
LOG_INS: tuple[tuple[str, str], ...] = tuple((clerk.email, clerk.role) for clerk in cast.clerks()[:3])


def load_sample(*, progress: Progress) -> None:
    """Fill an empty installation; one that has agents or conversations is left as it is.

    `progress` hears (what, done, total). All or nothing: it is one transaction.
    """
    with transaction.atomic():
        # Two commands started together must not both find an empty house.
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE staff_agent IN SHARE ROW EXCLUSIVE MODE")
        if Agent.objects.exists() or Conversation.objects.exists():
            return
        _load(progress, now=timezone.now().astimezone(moments.company_zone()))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _load(progress: Progress, *, now: datetime) -> None:
    told = company.build(now=now)
    ledger = Ledger([*house.TABLES, *desk.TABLES, *pledges.TABLES, *bought.TABLES])
    furnished = house.furnish(told, ledger)
    filing = desk.Filing(furnished, ledger, read=_read, now=now)
    filed = []
    for number, case in enumerate(told.cases, 1):
        filed.append(filing.file(case))
        if number % 25 == 0:
            progress("Reading letters", number, len(told.cases))
    pledges.happen(filed, filing, now=now)
    bought.happen(filed, furnished, ledger, now=now)
    specials.happen(filed, filing, now=now)
    ledger.write(lambda done, total: progress("Writing the sample company", done, total))
    specials.join(filed, now=now)
    own_coach.make(now=now)
    own_fields.make()
    promised.make(filed, now=now)
    routing.make()
    keeping.make(filed, now=now)
    asking.make(now=now)


def _read(text: str, at: datetime) -> dict[str, Any] | None:
    return coaching.read_message(text, at=at)
