"""Two conversations about one matter made into one, and apart again."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from goodword.staff.models import Agent

from .. import access
from ..clocks import follow_each
from ..errors import Merged, NotPossible
from ..models import (
    Conversation,
    ConversationPromise,
    ConversationTag,
    Draft,
    Escalation,
    Handover,
    Merge,
    Message,
    Participant,
)
from .adding import retell, tell
from .states import set_open

State = Conversation.State
TIMES = ("last_at", "waiting_since", "snoozed_until")
COLUMNS = (
    "state", "preview", "message_count", "feeling", "feeling_strength", "urgency", "language", "send_failed",
    *TIMES,
)  # fmt: skip
# Opening may take a conversation from somebody who has left, and let it be routed.
GIVEN = ("assignee_id", "routing", "routing_rule_id")


@transaction.atomic
def merge(*, source: Conversation, target: Conversation, agent: Agent | None) -> Merge:
    """Take everything of `source` into `target`; what moved is written down, so that it can be undone."""
    if source.pk == target.pk:
        raise NotPossible(gettext("A conversation cannot be merged into itself. Choose another one."))
    source, target = _both(agent, source.pk, target.pk)
    known = source.merges_away.filter(target=target, undone_at=None).first()
    if known is not None and source.state == State.MERGED:
        return known
    for place in (source, target):
        if place.state == State.MERGED:
            raise Merged(place, access.merged_into(place))
    before = {"source": _columns(source), "target": _columns(target), "given": _values(target, GIVEN)}
    was_open = source.state == State.OPEN
    moved = _move(source, target)
    target.revision += 1
    Message.objects.filter(pk__in=moved["messages"]).update(conversation=target, revision=target.revision)
    if was_open and target.state != State.OPEN:
        set_open(target, agent=agent, reason="merged")
    retell(target)
    _set_level(source)
    _set_level(target)
    target.save()
    source.state, source.waiting_since, source.message_count = State.MERGED, None, 0
    source.save()
    made = Merge.objects.create(
        source=source,
        target=target,
        by=agent,
        moved=moved
        | before
        | {
            "revision": target.revision,
            "after": _columns(target),
            "given_after": _values(target, GIVEN),
        },
    )
    tell("conversation.merged", source, agent=agent, target=target.pk, merge=made.pk)
    tell("conversation.merged", target, agent=agent, source=source.pk, merge=made.pk)
    follow_each([source, target])
    return made


@transaction.atomic
def undo_merge(*, merge: Merge, agent: Agent | None) -> Merge:
    """Take a merge back: what moved returns, both stand as before; what came since stays in the target."""
    source, target = _both(agent, merge.source_id, merge.target_id)
    made = Merge.objects.select_for_update().get(pk=merge.pk)
    if made.undone_at is not None:
        return made
    if target.state == State.MERGED:
        raise Merged(target, access.merged_into(target))
    moved = made.moved
    _return(source, moved)
    untouched = target.revision == moved["revision"] and _columns(target) == moved["after"]
    _restore(source, moved["source"])
    source.revision += 1
    if untouched:
        _restore_state(target, moved, agent)
    else:
        # Of its own words alone, as if the others had never been said in it.
        target.language = moved["target"].get("language", target.language)
        retell(target)
        if target.state == State.CLOSED:
            target.waiting_since = None
    _set_level(source)
    _set_level(target)
    target.revision += 1
    source.save()
    target.save()
    made.undone_at, made.undone_by = timezone.now(), agent
    made.save(update_fields=["undone_at", "undone_by"])
    tell("conversation.unmerged", source, agent=agent, target=target.pk, merge=made.pk)
    tell("conversation.unmerged", target, agent=agent, source=source.pk, merge=made.pk)
    follow_each([source, target])
    return made


def _restore_state(target: Conversation, moved: dict[str, Any], agent: Agent | None) -> None:
    """Let a target that nobody touched since stand as before the merge."""
    was = target.state
    _restore(target, moved["target"])
    given = moved.get("given")
    if given is not None and _values(target, GIVEN) == moved["given_after"]:
        for name, value in given.items():
            setattr(target, name, value)
    if was != State.CLOSED and target.state == State.CLOSED:
        _close_again(target, agent)
    elif was != State.SNOOZED and target.state == State.SNOOZED:
        _snooze_again(target, agent)


def _snooze_again(target: Conversation, agent: Agent | None) -> None:
    """What only the merge had woken is put away until the same moment."""
    newest = target.snoozes.order_by("-id").first()
    if newest is not None:
        newest.woken_at = None
        newest.save(update_fields=["woken_at"])
    until = target.snoozed_until.isoformat() if target.snoozed_until else ""
    tell("conversation.snoozed", target, agent=agent, until=until, reason="unmerged")


def _close_again(target: Conversation, agent: Agent | None) -> None:
    """What only the merge had opened is as closed as before, for its clocks, too."""
    closure = target.closures.order_by("-id").first()
    if closure is not None:
        closure.reopened_at, closure.reopened_by = None, None
        closure.save(update_fields=["reopened_at", "reopened_by"])
    tell("conversation.closed", target, agent=agent, reason="unmerged")


def _both(agent: Agent | None, source: int, target: int) -> tuple[Conversation, Conversation]:
    """Both, locked in the order of their ids, so that two merges never wait for each other."""
    places = {pk: access.locked(agent, pk) for pk in sorted((source, target))}
    return places[source], places[target]


def _move(source: Conversation, target: Conversation) -> dict[str, Any]:
    """Move all but the messages, and note what each was."""
    messages = list(source.messages.order_by("id").values_list("pk", "revision"))
    there = target.participants.values("address")
    participants = [
        Participant.objects.create(conversation=target, address=one.address, since=one.since).pk
        for one in source.participants.exclude(address__in=there)
    ]
    tags = [
        ConversationTag.objects.create(conversation=target, tag_id=one.tag_id, by=one.by, at=one.at).pk
        for one in ConversationTag.objects.filter(conversation=source).exclude(
            tag__in=ConversationTag.objects.filter(conversation=target).values("tag")
        )
    ]
    promises = list(source.promise_places.values_list("pk", flat=True))
    ConversationPromise.objects.filter(pk__in=promises).update(conversation=target)
    # Whoever writes in both keeps both drafts where they are.
    writing = Draft.objects.filter(conversation=target)
    drafts = [
        draft.pk
        for draft in Draft.objects.filter(conversation=source)
        if not writing.filter(agent=draft.agent_id, kind=draft.kind).exists()
    ]
    Draft.objects.filter(pk__in=drafts).update(conversation=target)
    handovers = list(source.handovers.values_list("pk", flat=True))
    Handover.objects.filter(pk__in=handovers).update(conversation=target)
    escalations = list(source.escalations.values_list("pk", flat=True))
    Escalation.objects.filter(pk__in=escalations).update(conversation=target)
    return {
        "messages": [pk for pk, _revision in messages],
        "revisions": [revision for _pk, revision in messages],
        "participants": participants,
        "tags": tags,
        "promises": promises,
        "drafts": drafts,
        "handovers": handovers,
        "escalations": escalations,
    }


def _return(source: Conversation, moved: dict[str, Any]) -> None:
    Participant.objects.filter(pk__in=moved["participants"]).delete()
    ConversationTag.objects.filter(pk__in=moved["tags"]).delete()
    ConversationPromise.objects.filter(pk__in=moved["promises"]).update(conversation=source)
    Draft.objects.filter(pk__in=moved["drafts"]).update(conversation=source)
    Handover.objects.filter(pk__in=moved.get("handovers", ())).update(conversation=source)
    Escalation.objects.filter(pk__in=moved.get("escalations", ())).update(conversation=source)
    was = dict(zip(moved["messages"], moved["revisions"], strict=True))
    messages = list(Message.objects.filter(pk__in=was).only("pk", "revision"))
    for message in messages:
        message.revision, message.conversation = was[message.pk], source
    Message.objects.bulk_update(messages, ["revision", "conversation"], batch_size=500)


def _set_level(place: Conversation) -> None:
    """How high it stands by its escalations that were not ended; the caller saves it."""
    waiting = place.escalations.filter(ended_at=None)
    place.escalation_level = waiting.aggregate(highest=Max("level"))["highest"] or 0


def _values(place: Conversation, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(place, name) for name in names}


def _columns(place: Conversation) -> dict[str, Any]:
    values = _values(place, COLUMNS)
    return values | {name: values[name].isoformat() if values[name] else None for name in TIMES}


def _restore(place: Conversation, columns: dict[str, Any]) -> None:
    for name, value in columns.items():
        setattr(place, name, parse_datetime(value) if name in TIMES and value else value)
