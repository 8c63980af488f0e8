"""Which details an answer needs, by topic."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.staff.models import Agent, Team

from ..models import Topic
from ..tailoring import details, standard_topics
from .writing import changed, lines, may_change, required

NAME_LENGTH = 60
WORDS_LENGTH = 120
ASK_LENGTH = 300
MOST_WORDS = 100


@transaction.atomic
def set_topic(
    *,
    by: Agent,
    team: Team | None,
    name: str,
    words: Iterable[str],
    details_needed: Iterable[str],
    ask: str,
    one_is_enough: bool = True,
    topic: Topic | None = None,
) -> Topic:
    """A topic, new or changed; one named like a topic of the coach's own has that one's words as well.

    Raises NotAllowed, ValidationError by field.
    """
    may_change(by, team)
    name = required("name", name, _("Give the topic a name."), longest=NAME_LENGTH)
    same = Topic.objects.filter(team=team, name__iexact=name)
    if topic is not None:
        same = same.exclude(pk=topic.pk)
    if same.exclude(off=True).exists():
        raise ValidationError({"name": _("There is a topic '%(name)s' already.") % {"name": name}})
    known = details()
    chosen = [kind for kind in details_needed if kind in known]
    if not chosen:
        raise ValidationError({"details_needed": _("Choose at least one detail.")})
    topic = topic or same.first() or Topic(team=team)
    topic.name, topic.details, topic.one_is_enough, topic.off = name, chosen, one_is_enough, False
    words = [line for line in words if line.strip()]
    sentence = _("Write words by which to know the topic, one a line.")
    if words or name.lower() not in standard_topics():
        words = lines("words", words, sentence, longest=WORDS_LENGTH, most=MOST_WORDS)
    topic.words = words
    topic.ask = required("ask", ask, _("Write the question to suggest."), longest=ASK_LENGTH)
    topic.by, topic.at = by, timezone.now()
    topic.save()
    changed("topic.changed", by, team, topic=topic.pk, name=topic.name)
    return topic


@transaction.atomic
def leave_out_topic(*, by: Agent, team: Team | None, name: str) -> Topic:
    """The coach asks for nothing any more where customers write about this."""
    may_change(by, team)
    known = Topic.objects.filter(team=team, name__iexact=name).first()
    if known is not None and known.off:
        return known
    topic = known or Topic(team=team, name=name[:NAME_LENGTH])
    topic.off, topic.by, topic.at = True, by, timezone.now()
    topic.save()
    changed("topic.changed", by, team, topic=topic.pk, name=topic.name, off=True)
    return topic


@transaction.atomic
def remove_topic(*, by: Agent, topic: Topic) -> None:
    """Without the team's own; a topic of the coach by this name holds again. Twice is harmless."""
    may_change(by, topic.team)
    if Topic.objects.filter(pk=topic.pk).delete()[0]:
        changed("topic.removed", by, topic.team, name=topic.name)
