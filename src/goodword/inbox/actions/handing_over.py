"""Handing a conversation over: with a summary for whoever takes it, and word to the customer."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from goodword.promises import actions as promises
from goodword.promises.models import Promise
from goodword.staff.models import Agent, Team

from ..clocks import follow
from ..errors import NotPossible
from ..handovers import filled
from ..markdown import as_html, as_text
from ..models import Assignment, Conversation, Handover, Mention, Message
from ..routing.waking import freed
from .adding import add_message, tell
from .assigning import check_sees, check_team_sees, take_up_promises, wait_in_team
from .confirming import confirm
from .replying import check_moved
from .states import working

SUMMARY_LENGTH = 20_000


@transaction.atomic
def hand_over(
    *,
    conversation: Conversation,
    agent: Agent,
    to: Agent | Team,
    summary: str,
    tell_customer: str = "",
    revision: int | None = None,
    with_promises: bool = False,
) -> Handover:
    """Give a conversation to another agent or a team, with a summary, which stands in it as a note.

    `tell_customer`, if there is anything in it, goes in the house's name to whoever asked, with the taker's
    name for {{to}}. It is no answer: no clock ends, and drafts stay. With `revision`, ConversationMoved is
    raised when others added something since. `with_promises`: the open promises that the agent answers for go
    along. Repeated, it is done once.
    """
    summary = summary.replace("\x00", "").strip()
    place = working(agent, conversation.pk)
    done = _done_before(place, agent=agent, to=to, summary=summary)
    if done is not None:
        return done
    _check(place, to, summary)
    told = None
    if tell_customer.strip():
        told = _told(place, agent=agent, words=filled(tell_customer, place, to=to), revision=revision)
        place = working(agent, conversation.pk)
    note = _note(place, agent=agent, to=to, summary=summary)
    made = Handover.objects.create(
        conversation=place,
        by=agent,
        to_agent=to if isinstance(to, Agent) else None,
        to_team=to if isinstance(to, Team) else None,
        summary=summary,
        told=told,
    )
    _give(place, made, agent=agent)
    place.save()
    if isinstance(to, Agent):
        Mention.objects.create(message=note, agent=to)
        tell("agent.mentioned", place, agent=agent, message=note.pk, to=to.pk)
    if with_promises:
        _give_promises(place, agent=agent, to=to)
    return made


def _done_before(place: Conversation, *, agent: Agent, to: Agent | Team, summary: str) -> Handover | None:
    """The hand-over that this same request made already."""
    newest = place.handovers.order_by("-id").first()
    same = newest is not None and newest.by_id == agent.pk and newest.summary == summary
    if newest is None or not same or place.assignee_id != newest.to_agent_id:
        return None
    return newest if (newest.to_agent if isinstance(to, Agent) else newest.to_team) == to else None


def _check(place: Conversation, to: Agent | Team, summary: str) -> None:
    if not summary:
        raise NotPossible(
            gettext("The summary is empty. Write what %(name)s needs to know.") % {"name": to.name}
        )
    if len(summary) > SUMMARY_LENGTH:
        raise NotPossible(
            gettext("The summary has %(given)d characters. Say it in %(most)d or fewer.")
            % {"given": len(summary), "most": SUMMARY_LENGTH}
        )
    if isinstance(to, Team):
        check_team_sees(place, to)
        return
    if not to.is_active:
        raise NotPossible(gettext("%(name)s does not work here. Choose somebody else.") % {"name": to.name})
    if place.assignee_id == to.pk:
        raise NotPossible(
            gettext("%(name)s has this conversation already. Choose somebody else.") % {"name": to.name}
        )
    check_sees(place, to)


def _told(place: Conversation, *, agent: Agent, words: str, revision: int | None) -> Message:
    """What told the customer who looks after their request now."""
    if place.state == Conversation.State.CLOSED:
        raise NotPossible(
            gettext("This conversation is closed, so nobody waits for word. Hand it over without.")
        )
    if revision is not None:
        check_moved(place, agent=agent, revision=revision)
    return confirm(conversation=place, markdown=words)


def _note(place: Conversation, *, agent: Agent, to: Agent | Team, summary: str) -> Message:
    head = gettext("**Handed over to %(name)s**") % {"name": to.name}
    markdown = f"{head}\n\n{summary}"
    html = as_html(markdown)
    return add_message(
        place,
        kind=Message.Kind.NOTE,
        at=timezone.now(),
        agent=agent,
        sender_name=agent.name,
        text=as_text(html),
        html=html,
        markdown=markdown,
    )


def _give(place: Conversation, made: Handover, *, agent: Agent) -> None:
    """One event for all of it: the hand-over says what an assignment alone would not."""
    before = place.assignee_id
    place.assignee, place.routing, place.routing_rule = made.to_agent, "", None
    Assignment.objects.create(conversation=place, agent=made.to_agent, by=agent)
    team = made.to_team
    if team is not None:
        place.team = team
        wait_in_team(place)
    tell(
        "conversation.assigned",
        place,
        agent=agent,
        to=made.to_agent_id,
        before=before,
        handover=made.pk,
        times=place.handovers.count(),
        team=team.pk if team else None,
        team_name=team.name if team else "",
    )
    if made.to_agent is not None:
        take_up_promises(place, agent=agent, to=made.to_agent)
    follow(place)
    freed()


def _give_promises(place: Conversation, *, agent: Agent, to: Agent | Team) -> None:
    """The open promises made here that the agent answers for go along."""
    theirs: Iterable[Promise] = Promise.objects.filter(
        place__conversation=place, state=Promise.State.OPEN, owner=agent
    ).order_by("id")
    for promise in theirs:
        if isinstance(to, Team):
            promises.give_to_team(promise=promise, agent=agent, team=to)
        promises.reassign(promise=promise, agent=agent, owner=to if isinstance(to, Agent) else None)
