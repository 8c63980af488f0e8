"""A conversation and what hangs on it."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.customers.models import Customer
from goodword.mail.models import Mailbox
from goodword.promises.models import Promise
from goodword.staff.models import Agent, Team


class Conversation(models.Model):
    """Everything said about one matter with one customer.

    The columns from `state` down repeat what the newest records and messages say, so that every list
    reads from one index; only `inbox.actions` writes them.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        SNOOZED = "snoozed", _("snoozed")
        CLOSED = "closed", _("closed")
        MERGED = "merged", _("merged")

    class Channel(models.TextChoices):
        MAIL = "mail", _("mail")
        API = "api", _("API")
        PHONE = "phone", _("phone")
        FORM = "form", _("form")

    class Priority(models.TextChoices):
        LOW = "low", _("low")
        NORMAL = "normal", _("normal")
        HIGH = "high", _("high")
        URGENT = "urgent", _("urgent")

    class Routing(models.TextChoices):
        NEW = "new", _("to be routed")
        WAITING = "waiting", _("waits for somebody who has room")

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="conversations")
    mailbox = models.ForeignKey(Mailbox, null=True, on_delete=models.PROTECT)
    channel = models.CharField(max_length=20, choices=Channel.choices, default=Channel.MAIL)
    subject = models.CharField(max_length=1000, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    may_belong_to = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.SET_NULL,
        related_name="possible_parts",
        help_text="A conversation that a mail of a stranger referred to.",
    )

    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    assignee = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="conversations")
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="conversations")
    priority = models.CharField(max_length=20, choices=Priority.choices, default=Priority.NORMAL)
    language = models.CharField(max_length=10, blank=True, help_text="Of the customer's words, as 'de'.")
    escalation_level = models.PositiveSmallIntegerField(default=0, help_text="0: not escalated.")
    routing = models.CharField(
        max_length=10,
        blank=True,
        choices=Routing.choices,
        default=Routing.NEW,
        db_default=Routing.NEW,
        help_text="Empty: routing has done its part, or somebody decided by hand.",
    )
    routing_rule = models.ForeignKey(
        "RoutingRule",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        help_text="By which it waits for somebody.",
    )
    reply_due_at = models.DateTimeField(
        null=True, default=None, help_text="When the next running service clock is due; None: none runs."
    )
    terms = models.ForeignKey(
        "ServiceTerms",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="Of the service level that holds; None: none does.",
    )
    last_at = models.DateTimeField(default=timezone.now, help_text="Time of the newest message.")
    preview = models.CharField(max_length=200, blank=True)
    waiting_since = models.DateTimeField(
        null=True, default=None, help_text="Since when the customer waits for us."
    )
    snoozed_until = models.DateTimeField(null=True, default=None)
    message_count = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0, help_text="Grows with every message.")
    feeling = models.CharField(max_length=20, blank=True)
    feeling_strength = models.PositiveSmallIntegerField(default=0)
    urgency = models.PositiveSmallIntegerField(default=0)
    send_failed = models.BooleanField(default=False, help_text="The newest reply did not reach the customer.")
    words_erased_at = models.DateTimeField(
        null=True, default=None, help_text="When what had been said by then was erased; the numbers stayed."
    )

    tags: "models.ManyToManyField[Tag, ConversationTag]" = models.ManyToManyField(
        "Tag", through="ConversationTag", related_name="conversations"
    )

    class Meta:
        indexes = [
            models.Index(fields=["-last_at", "-id"], condition=Q(state="open"), name="conversation_open"),
            models.Index(
                fields=["assignee", "-last_at", "-id"], condition=Q(state="open"), name="conversation_mine"
            ),
            models.Index(
                fields=["-last_at", "-id"],
                condition=Q(state="open", assignee=None),
                name="conversation_unassigned",
            ),
            models.Index(
                fields=["waiting_since", "id"],
                condition=Q(state="open", waiting_since__isnull=False),
                name="conversation_waiting",
            ),
            models.Index(
                fields=["snoozed_until", "id"], condition=Q(state="snoozed"), name="conversation_snoozed"
            ),
            models.Index(fields=["-last_at", "-id"], condition=Q(state="closed"), name="conversation_closed"),
            models.Index(
                fields=["last_at", "id"],
                condition=Q(state="closed") & (Q(words_erased_at=None) | Q(words_erased_at__lt=F("last_at"))),
                name="conversation_words",
            ),
            models.Index(fields=["customer", "-last_at"], name="conversation_customer"),
            models.Index(
                fields=["reply_due_at", "id"],
                condition=Q(state="open", reply_due_at__isnull=False),
                name="conversation_reply_due",
            ),
            models.Index(
                fields=["terms", "id"],
                condition=Q(state__in=("open", "snoozed"), terms__isnull=False),
                name="conversation_terms",
            ),
            models.Index(
                fields=["team", "-last_at", "-id"], condition=Q(state="open"), name="conversation_team"
            ),
            models.Index(
                fields=["routing", "id"],
                condition=Q(state="open", assignee=None) & ~Q(routing=""),
                name="conversation_routing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.subject}"


class Participant(models.Model):
    """An address that takes part in a conversation; only these may add to it by mail."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="participants")
    address = models.EmailField(max_length=320)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "address"], name="participant_once"),
        ]

    def __str__(self) -> str:
        return self.address


class Tag(models.Model):
    """A word the team sorts conversations by."""

    name = models.CharField(max_length=60, unique=True)

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def written(name: str) -> str:
        """A tag's name as it is kept: lower case, one space between words."""
        return " ".join(name.lower().split())


class ConversationTag(models.Model):
    """A tag on a conversation, and who put it there."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE)
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "tag"], name="tag_once")]

    def __str__(self) -> str:
        return f"{self.tag} on {self.conversation_id}"


class ConversationPromise(models.Model):
    """Where a promise was made: the conversation, and the message when it came from one."""

    promise = models.OneToOneField(Promise, on_delete=models.CASCADE, related_name="place")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="promise_places")
    message = models.ForeignKey(
        "Message", null=True, on_delete=models.SET_NULL, related_name="promise_places"
    )

    def __str__(self) -> str:
        return f"{self.promise_id} in {self.conversation_id}"
