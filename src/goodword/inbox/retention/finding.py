"""Which conversations a rule is about, which of them it must leave out, and why."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from goodword.kit.months import months_before
from goodword.mail.models import OutgoingMail
from goodword.promises.models import Promise

from .. import registry
from ..holds import held_conversations, held_customers
from ..models import CheckIn, Closure, Conversation, ConversationTag, Message, RetentionRule

SHOWN = 20
# What a rule met only when it came to the conversation, such as a reply that is on its way.
OTHER = "other"
LEAVING = (OutgoingMail.State.QUEUED, OutgoingMail.State.SENDING)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule would do today: to how many, the oldest of them, and how many it leaves out and why."""

    before: datetime
    count: int
    oldest: list[Conversation]
    left_out: dict[str, int] = field(default_factory=dict)


def cutoff(rule: RetentionRule, now: datetime | None = None) -> datetime:
    """What has been closed and quiet since then is old enough."""
    return months_before(timezone.localtime(now or timezone.now()), rule.months)


def old_enough(rule: RetentionRule, before: datetime) -> QuerySet[Conversation]:
    """What the rule is about, also what it must leave out: closed before then, and nothing said since."""
    closed_since = Closure.objects.filter(conversation=OuterRef("pk"), at__gte=before)
    found = Conversation.objects.filter(state=Conversation.State.CLOSED, last_at__lt=before)
    if rule.does == RetentionRule.Does.ERASE:
        found = found.filter(Q(words_erased_at=None) | Q(words_erased_at__lt=F("last_at")))
    if rule.mailbox_id is not None:
        found = found.filter(mailbox=rule.mailbox_id)
    if rule.tag_id is not None:
        tagged = ConversationTag.objects.filter(conversation=OuterRef("pk"), tag=rule.tag_id)
        found = found.filter(Exists(tagged))
    return found.filter(~Exists(closed_since))


def touched(rule: RetentionRule, before: datetime) -> QuerySet[Conversation]:
    """What the rule takes away, the oldest first."""
    found = old_enough(rule, before)
    for _key, _label, kept in _reasons():
        found = found.exclude(kept)
    return found.order_by("last_at", "id")


def preview(rule: RetentionRule, now: datetime | None = None) -> Preview:
    """The dry run: nothing is changed. Two queries however much there is."""
    before = cutoff(rule, now)
    counts = counted(rule, before)
    return Preview(
        before=before,
        count=counts.pop("", 0),
        oldest=list(touched(rule, before).select_related("customer")[:SHOWN]),
        left_out=counts,
    )


def counted(rule: RetentionRule, before: datetime) -> dict[str, int]:
    """How many the rule is about by the first reason that keeps them; '' for those it takes away."""
    why = Case(
        *(When(kept, then=Value(key)) for key, _label, kept in _reasons()),
        default=Value(""),
        output_field=CharField(),
    )
    rows = old_enough(rule, before).order_by().annotate(why=why).values("why").annotate(n=Count("id"))
    return dict(rows.values_list("why", "n"))


def reasons() -> dict[str, str | Lazy]:
    """Why conversations are left out, in words, by their keys."""
    return {key: label for key, label, _kept in _reasons()} | {OTHER: _("could not be done at that moment")}


def _reasons() -> Iterator[tuple[str, str | Lazy, Q]]:
    yield "hold", _("on hold"), held_conversations()
    yield "customer", _("customer on hold"), held_customers()
    promised = Promise.objects.filter(place__conversation=OuterRef("pk"), state=Promise.State.OPEN)
    yield "promise", _("an open promise"), Q(Exists(promised))
    leaving = Message.objects.filter(conversation=OuterRef("pk"), outgoing__state__in=LEAVING)
    yield "leaving", _("a reply that has not left yet"), Q(Exists(leaving))
    planned = CheckIn.objects.filter(conversation=OuterRef("pk"), state=CheckIn.State.PLANNED)
    yield "check_in", _("a check-in that is planned"), Q(Exists(planned))
    for keeper in registry.keepers:
        yield keeper.key, keeper.label, Q(pk__in=keeper.conversations())
