"""What programs send to give conversations to others, put them away, and sort them."""

from typing import Annotated

from pydantic import Field

from goodword.api.fields import Address, Flag, Level, Moment, Note, Revision, Sent, SomeNote, Subject
from goodword.api.problems import ProblemError
from goodword.inbox.actions.tagging import NAME_LENGTH
from goodword.staff.models import Agent, Team

from .calls import CallIn
from .promises import agent_named

# Of words and single spaces, as tags and teams are kept.
TAG = r"^[^\s\x00]+( [^\s\x00]+)*$"
TeamName = Annotated[str, Field(min_length=1, max_length=200, pattern=TAG, examples=["Returns"])]
TagName = Annotated[str, Field(min_length=1, max_length=NAME_LENGTH, pattern=TAG, examples=["delivery"])]
Reason = Annotated[str, Field(min_length=1, max_length=5_000, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
Tags = Annotated[list[TagName], Field(max_length=50)]


class TeamIn(Sent):
    """The team's name; null for none."""

    team: TeamName | None


class SnoozeIn(Sent):
    """Until when it is put away."""

    until: Moment


class TagsIn(Sent):
    """Tags to put on and to take off; what is there or gone already stays so."""

    add: Tags = []
    remove: Tags = []


class HandoverIn(Sent):
    """To whom it goes, an agent or a team, and what they need to know, as Markdown."""

    agent: Address | None = None
    team: TeamName | None = None
    summary: SomeNote
    tell_customer: Note = Field(
        default="",
        description="Goes to whoever asked; {{to}} becomes the name of whoever takes it.",
    )
    revision: Revision | None = None
    with_promises: Flag = Field(default=False, description="Their open promises go along.")

    def whom(self) -> Agent | Team:
        """Who takes it; raises ProblemError when both or neither are named."""
        if (self.agent is None) == (self.team is None):
            raise ProblemError(409, "not-possible", "Name either an agent or a team to hand it over to.")
        return agent_named(self.agent) if self.agent else team_named(self.team or "")


class EscalationIn(Sent):
    """Why it goes up, and how far: by default to the next level."""

    reason: Reason
    level: Level | None = None
    agent: Address | None = Field(default=None, description="Who of the level is asked; without, all are.")


class DecisionIn(Sent):
    """What was decided."""

    decision: Reason


class FirstCallIn(CallIn):
    """A call that begins a conversation."""

    subject: Subject
    mailbox: Address | None = Field(default=None, description="The house's address that answers leave from.")


def team_named(name: str) -> Team:
    """The team of this name; raises ProblemError 404."""
    found = Team.objects.filter(name__iexact=name).order_by("pk").first()
    if found is None:
        raise ProblemError(
            404, "unknown-team", f"There is no team '{name[:60]}'. Write its name as in the settings."
        )
    return found
