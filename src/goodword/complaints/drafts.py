"""First drafts of what a complaint calls for; an agent edits them before anything is sent."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from goodword.staff import working_time
from goodword.staff.calendars import calendar_of
from goodword.staff.models import Agent

from .models import Complaint, StageKey
from .tables import table
from .telling import one_line

LONGEST = 600


def acknowledgement(complaint: Complaint, agent: Agent, *, now: datetime | None = None) -> str:
    """Thanks, the number, what was written down, and by when the customer hears more; in Markdown."""
    words = table("replies")["acknowledged"]
    wanted = words["wanted"].format(wanted=one_line(complaint.wanted, LONGEST)) if complaint.wanted else ""
    day = _heard_by(complaint, now or timezone.now())
    when = (
        words["by_day"].format(day=date_format(timezone.localtime(day), "l j F"))
        if day
        else words["without_day"]
    )
    text: str = words["text"].format(
        name=complaint.customer.name.split(" ")[0] if complaint.customer.name else "",
        number=complaint.number,
        matter=one_line(complaint.what_happened, LONGEST),
        wanted=wanted,
        when=when,
        agent=agent.name,
    )
    return text.strip()


def _heard_by(complaint: Complaint, now: datetime) -> datetime | None:
    """When the customer hears what was found, by the clocks of the stages until then; None without them."""
    until = {StageKey.ACKNOWLEDGED.value, StageKey.INVESTIGATING.value}
    stages = [stage for stage in complaint.procedure.stages.all() if stage.key in until]
    minutes = [stage.limit_minutes for stage in stages]
    if not minutes or not all(minutes):
        return None
    span = timedelta(minutes=sum(one or 0 for one in minutes))
    try:
        return working_time.add(calendar_of(complaint.team), now, span)
    except ValueError:
        return now + span
