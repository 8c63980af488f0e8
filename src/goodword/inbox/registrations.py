"""Where the inbox takes part in the rooms below; loaded once Django is ready."""

import tomllib
from importlib.resources import files

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goodword.customers import registry as customers_registry
from goodword.customers.models import Customer
from goodword.events.erasing import keep_values
from goodword.goodwill import registry as goodwill_registry
from goodword.mail import registry as mail_registry
from goodword.promises import registry as promises_registry
from goodword.promises.models import Outcome, Promise
from goodword.staff import registry as staff_registry
from goodword.staff.access import hidden_mailboxes
from goodword.staff.models import Agent

from . import access, clocks, delivery, holds, intake, registry
from .actions import giving
from .models import Conversation, ConversationPromise, Message
from .routing import waking

mail_registry.register_intake(intake.turn_into_message, ahead=intake.turning)
mail_registry.register_outgoing_listener(delivery.outgoing_changed)
mail_registry.register_doubt_listener(delivery.outgoing_doubted)
staff_registry.has_room.add(waking.freed)
staff_registry.hours_changed.add(clocks.hours_changed)
customers_registry.changed.add(clocks.customer_changed)
goodwill_registry.decided.add(giving.tell_of_decision)
registry.holding.add(holds.why_held)
keep_values(
    tomllib.loads((files("goodword.inbox") / "data" / "words_kept_in_events.toml").read_text("utf-8"))
)


@mail_registry.register_messages
def messages_of_mails() -> mail_registry.Messages:
    """Where mail finds what was made of a raw mail."""
    recorded = (Message.Kind.AUTOMATIC.value, Message.Kind.BOUNCE.value)
    return mail_registry.Messages(kind="message__kind", recorded=recorded)


@promises_registry.place_of.add
def place_of(promise_id: int) -> tuple[int | None, int | None] | None:
    """Conversation and mailbox in which a promise was made."""
    place = ConversationPromise.objects.filter(promise=promise_id).values_list(
        "conversation_id", "conversation__mailbox_id"
    )
    return place.first()


@promises_registry.visible.add
def promises_visible(promises: QuerySet[Promise], agent: Agent) -> QuerySet[Promise]:
    """Leave out promises made in conversations that the agent may not see."""
    hidden = hidden_mailboxes(agent)
    if not hidden:
        return promises
    return promises.exclude(
        Exists(ConversationPromise.objects.filter(promise=OuterRef("pk"), conversation__mailbox__in=hidden))
    )


@promises_registry.linked.add
def message_behind(kind: str, number: int, agent: Agent) -> promises_registry.Linked | None:
    """A message that shows how a promise was kept."""
    if kind != Outcome.Evidence.MESSAGE:
        return None
    found = (
        Message.objects.filter(pk=number, conversation__in=access.conversations(agent))
        .defer("search")
        .first()
    )
    if found is None:
        return None
    place = reverse("conversation", args=[found.conversation_id])
    return promises_registry.Linked(found.sender_name or gettext("a message"), f"{place}#m{found.pk}")


@customers_registry.visible.add
def customers_visible(customers: QuerySet[Customer], agent: Agent) -> QuerySet[Customer]:
    """Leave out customers all of whose conversations are hidden from the agent."""
    hidden = hidden_mailboxes(agent)
    if not hidden:
        return customers
    theirs = Conversation.objects.filter(customer=OuterRef("pk"))
    return customers.filter(Exists(theirs.exclude(mailbox__in=hidden)) | ~Exists(theirs))


@customers_registry.belongings.add
def belongings_of_customers() -> list[customers_registry.Belonging]:
    """What goes along when two customers are one person."""
    return [
        customers_registry.Belonging(Conversation, "customer", _("Conversations")),
        customers_registry.Belonging(Message, "customer", _("Messages")),
    ]
