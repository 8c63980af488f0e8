"""What asks for one's own attention: replies that did not arrive, mentions, and reminders of promises."""

from django.db import transaction
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from goodword.complaints.queries import answers_for, calls_for, late_for, questions_for
from goodword.goodwill.actions import see_decision
from goodword.goodwill.queries import answers
from goodword.goodwill.queries import waiting_for as approvals_for
from goodword.inbox import access, actions
from goodword.inbox.escalations import waiting_for
from goodword.inbox.models import Mention
from goodword.inbox.queries import doubted, undelivered
from goodword.inbox.queries.levels import pressing
from goodword.promises.queries import unseen_reminders
from goodword.promises.reminding import see_reminders

from ..pages import AgentRequest, SeeOther, agent_page, page
from ..service_words import told

SHOWN = 50
PRESSING = 10


@require_GET
@agent_page
def for_you(request: AgentRequest) -> HttpResponseBase:
    """What did not arrive first, then reminders and the newest mentions; those seen stay for a while."""
    mentions = (
        Mention.objects.filter(agent=request.user)
        .filter(message__conversation__in=access.conversations(request.user))
        .select_related("message__conversation", "message__agent")
        .defer("message__search", "message__html")
        .order_by("-id")[:SHOWN]
    )
    context = {
        "escalations": list(waiting_for(request.user)[:SHOWN]),
        "undelivered": list(undelivered(request.user)[:SHOWN]),
        "doubted": list(doubted(request.user)[:SHOWN]),
        "reminders": unseen_reminders(request.user, limit=SHOWN),
        "mentions": list(mentions),
        "pressing": [told(clock) for clock in pressing(request.user, limit=PRESSING)],
        "approvals_waiting": approvals_for(request.user, limit=SHOWN),
        "approval_answers": answers(request.user, limit=SHOWN),
        "help_wanted": list(calls_for(request.user)[:SHOWN]),
        "late_complaints": list(late_for(request.user)[:SHOWN]),
        "asked_of_you": list(questions_for(request.user)[:SHOWN]),
        "answered_to_you": list(answers_for(request.user)[:SHOWN]),
    }
    return page(request, "desk/for_you.html", context, section="for_you")


@require_POST
@agent_page
def see_all(request: AgentRequest) -> HttpResponseBase:
    """Everything here was read."""
    with transaction.atomic():
        see_reminders(agent=request.user)
        see_decision(agent=request.user)
        Mention.objects.filter(agent=request.user, seen_at=None).update(seen_at=timezone.now())
    return SeeOther(reverse("for_you"))


@require_GET
@agent_page
def mention(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Go to the note that names the agent."""
    found = Mention.objects.select_related("message__conversation").get(pk=pk, agent=request.user)
    place = access.get_conversation(request.user, found.message.conversation_id)
    actions.see_mentions(conversation=place, agent=request.user)
    return SeeOther(f"{reverse('conversation', args=[place.pk])}#m{found.message_id}")
