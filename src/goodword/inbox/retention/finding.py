"""Which conversations a rule is about, which of them it must leave out, and why."""

from collections import defaultdict
from collections.abc import Collection, Iterator
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
from ..models import CheckIn, Closure, Conversation, ConversationTag, Merge, Message, RetentionRule

SHOWN = 20
# What a rule met only when it came to the conversation, such as a reply that is on its way.
OTHER = "other"
# Numbers of conversations, each with the key of a reason.
Through = set[tuple[int, str]]
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


def touched(
    rule: RetentionRule, before: datetime, *, through: Through | None = None
) -> QuerySet[Conversation]:
    """What the rule takes away, the oldest first: nothing that is kept, or holds something that is."""
    through = through_merges() if through is None else through
    found = old_enough(rule, before)
    for _key, _label, kept in _reasons():
        found = found.exclude(kept)
    return found.exclude(pk__in={pk for pk, _key in through}).order_by("last_at", "id")


def any_kept(ids: Collection[int]) -> bool:
    """Whether there is a reason to keep one of these: a conversation with all that was merged into it."""
    held = Q()
    for _key, _label, one in _reasons():
        held |= one
    return Conversation.objects.filter(held, pk__in=ids).exists()


def preview(rule: RetentionRule, now: datetime | None = None) -> Preview:
    """The dry run: nothing is changed. Three queries and one for each merge on the longest way, at most."""
    before, through = cutoff(rule, now), through_merges()
    counts = counted(rule, before, through=through)
    return Preview(
        before=before,
        count=counts.pop("", 0),
        oldest=list(touched(rule, before, through=through).select_related("customer")[:SHOWN]),
        left_out=counts,
    )


def counted(rule: RetentionRule, before: datetime, *, through: Through | None = None) -> dict[str, int]:
    """How many the rule is about by the first reason that keeps them; '' for those it takes away."""
    why = _why(through_merges() if through is None else through)
    rows = old_enough(rule, before).order_by().annotate(why=why).values("why").annotate(n=Count("id"))
    return dict(rows.values_list("why", "n"))


def through_merges() -> Through:
    """Into which conversations something was merged that is kept, however many merges away, and why it is."""
    merges = Merge.objects.filter(undone_at=None, source__state=Conversation.State.MERGED)
    gone = Q(state=Conversation.State.MERGED, pk__in=merges.values("source"))
    held = Conversation.objects.filter(gone).annotate(why=_why(set())).exclude(why="")
    new = set(held.values_list("pk", "why"))
    found: Through = set()
    while new:
        whys = defaultdict(set)
        for pk, why in new:
            whys[pk].add(why)
        ways = merges.filter(source__in=whys).values_list("source", "target")
        on = {(to, why) for pk, to in ways for why in whys[pk]}
        new = on - found
        found |= new
    return found


def _why(through: Through) -> Case:
    return Case(
        *(
            When(kept | Q(pk__in={pk for pk, why in through if why == key}), then=Value(key))
            for key, _label, kept in _reasons()
        ),
        default=Value(""),
        output_field=CharField(),
    )


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
