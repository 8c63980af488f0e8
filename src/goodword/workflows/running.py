"""Lets rules fire: for each event of the log once, and for each long state once, however many workers run.

What a rule does is committed with the place in the log, so that a killed worker has done either all of it or
nothing. It writes events, which carry how many rules led to them; beyond `DEEPEST` nothing fires any more.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from goodword.events import following
from goodword.events.models import Event
from goodword.inbox import access, conditions
from goodword.inbox.actions.adding import tell
from goodword.inbox.models import Conversation, Message

from . import doing, lasting
from .models import Firing, Rule

NAME = "workflows"
DEEPEST = 3
MOST_AN_HOUR = 10
LASTING_AT_ONCE = 500
ASKED_AT_ONCE = 50
UNDONE = "unmerged"
MACHINES = (Message.Kind.AUTOMATIC.value, Message.Kind.BOUNCE.value)
Result = Firing.Result

_MARK = """
    UPDATE events_event SET data = data || jsonb_build_object('rule', %s, 'rule_depth', %s)
    WHERE transaction = pg_current_xact_id()::text::bigint AND id > %s
"""


def run(now: datetime | None = None) -> int:
    """Let every rule fire that should by now; returns how many times one did."""
    return run_events(now) + run_lasting(now)


def run_events(now: datetime | None = None) -> int:
    """Read the log on, up to its end; harmless beside others who do the same."""
    fired = 0

    def handle(events: list[Event]) -> int:
        """Up to and with the first event that a rule is about: what it leads to is committed at once."""
        nonlocal fired
        rules = list(Rule.objects.filter(is_on=True).exclude(event=""))
        for number, event in enumerate(events, start=1):
            concerned = [
                rule
                for rule in rules
                if rule.event == event.kind and rule.since <= event.at and speaks(event)
            ]
            if concerned and event.conversation_id is not None:
                about = event.conversation_id
                fired += sum(_fire_for_event(rule, event, about, now or timezone.now()) for rule in concerned)
                return number
        return len(events)

    following.follow(NAME, handle)
    return fired


def run_lasting(now: datetime | None = None) -> int:
    """Fire the rules about states that have lasted long enough."""
    now = now or timezone.now()
    fired = 0
    for rule in Rule.objects.filter(is_on=True, event=""):
        with transaction.atomic():
            held = Rule.objects.select_for_update(skip_locked=True, no_key=True).filter(
                pk=rule.pk, is_on=True
            )
            if (mine := held.first()) is None:
                continue
            found = lasting.next_ones(mine, now=now, limit=LASTING_AT_ONCE)
            mine.save(update_fields=["looked_since", "looked_id"])
        for place_id, since in _fitting(mine, found):
            fired += _fire_for_state(mine, place_id, since, now)
    return fired


def _fitting(rule: Rule, found: Sequence[tuple[int, datetime]]) -> list[tuple[int, datetime]]:
    """Those for which the conditions hold at a first look; no row is locked for the others."""
    numbers = [place_id for place_id, _since in found]
    fitting: set[int] = set()
    for start in range(0, len(numbers), ASKED_AT_ONCE):
        some = Conversation.objects.filter(pk__in=numbers[start : start + ASKED_AT_ONCE])
        fitting |= {place.pk for place in fits(rule, list(some))}
    return [one for one in found if one[0] in fitting]


def _fire_for_event(rule: Rule, event: Event, place_id: int, now: datetime) -> int:
    if Firing.objects.filter(rule=rule, event_id=event.pk).exists():
        return 0
    depth = int(event.data.get("rule_depth", 0)) + 1
    firing = Firing(rule=rule, conversation_id=place_id, event_id=event.pk, depth=depth, at=now)
    return _fire(firing)


def _fire_for_state(rule: Rule, place_id: int, since: datetime, now: datetime) -> int:
    with transaction.atomic():
        firing = Firing(rule=rule, conversation_id=place_id, since=since, at=now)
        place = _place(firing)
        if place is None or not lasting.lasts_still(rule, place, since):
            return 0
        if Firing.objects.filter(rule=rule, conversation=place, since=since).exists():
            return 0
        fired = _fire(firing)
        _carry_on(place, since)
        return fired


def _carry_on(place: Conversation, since: datetime) -> None:
    """What rules write begins no new silence of the customer: those that fired in it do not again."""
    answered = Rule(state=Rule.State.ANSWERED)
    begun = lasting.begun(answered, place)
    if begun is not None and begun != since:
        for one in Firing.objects.filter(conversation=place, since=since, rule__state=answered.state):
            one.since = begun
            one.save(update_fields=["since"])


def _fire(firing: Firing) -> int:
    """Do what the rule says if its conditions hold; whether it fired. In the caller's transaction."""
    place = _place(firing)
    rule = firing.rule
    if place is None or not fits(rule, [place]):
        return 0
    held = _held_back(firing)
    if held:
        firing.result, firing.did = Result.HELD, [held]
        firing.save()
        tell("rule.held", place, rule=rule.pk, name=rule.name, why=held, rule_depth=firing.depth)
        return 0
    before = Event.objects.aggregate(newest=Max("id"))["newest"] or 0
    firing.did, failed = doing.do_all(rule, place)
    firing.result = Result.FAILED if failed else Result.DONE
    firing.save()
    tell("rule.fired", place, rule=rule.pk, name=rule.name, did=firing.did, failed=failed)
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [rule.pk, firing.depth, before])
    return 1


def speaks(event: Event) -> bool:
    """Whether people are behind it: rules that answered machines would go on writing to each other."""
    # What a merge had opened and its undoing closed was never opened or closed by anybody.
    return event.data.get("message_kind") not in MACHINES and event.data.get("reason") != UNDONE


def fits(rule: Rule, places: Sequence[Conversation]) -> list[Conversation]:
    """Those of the conversations that the rule's conditions hold for."""
    facts = conditions.facts_of_each(places, only=conditions.fields_of(rule.conditions))
    return [place for place in places if conditions.fits(rule.conditions, facts[place.pk])]


def _place(firing: Firing) -> Conversation | None:
    """The conversation, locked; None when it is gone or went into another."""
    try:
        place = access.locked(None, firing.conversation_id)
    except Conversation.DoesNotExist:
        return None
    return None if place.state == Conversation.State.MERGED else place


def _held_back(firing: Firing) -> str:
    """Why the rule must not fire now, or ''."""
    if firing.depth > DEEPEST:
        return f"Rules led to each other {DEEPEST} times in a row. It stopped here."
    lately = Firing.objects.filter(
        rule=firing.rule, conversation=firing.conversation_id, at__gt=firing.at - timedelta(hours=1)
    ).exclude(result=Result.HELD)
    if lately.count() >= MOST_AN_HOUR:
        return f"It fired {MOST_AN_HOUR} times within an hour here already."
    return ""
