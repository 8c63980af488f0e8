"""How the sample company keeps its word, done with the verbs of the house on what stands in it already.

A verb writes what it writes now; `placing.then` puts it at the moment it is meant to have happened, and
counts its mails as sent, so that nothing of the sample is mailed to anybody.
"""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from goodword.complaints import actions as complaints
from goodword.complaints.actions.proposing import NewOption
from goodword.complaints.models import Cause, Complaint
from goodword.customers import contact
from goodword.goodwill import actions as goodwill
from goodword.goodwill.models import Gesture
from goodword.inbox import actions as inbox
from goodword.inbox import holds
from goodword.inbox.actions import giving
from goodword.inbox.checking_in import keeping as check_ins
from goodword.inbox.models import Conversation, Message
from goodword.inbox.retention import rules as retention
from goodword.staff import authority, hours
from goodword.staff.models import Agent, Team
from goodword.workflows import actions as workflows

from . import script
from .desk import Filed
from .placing import Crew, crew_now, then, unused, where_it_fits

TAGS = {"late": ["delivery"], "faulty": ["damaged", "repair"], "wrong": ["refund", "stock"],
        "money": ["payment"]}  # fmt: skip

OPENED_WITHIN = 700
SOON = timedelta(hours=3)
BENCH = "Repair bench"
ORDER = (
    "received",
    "acknowledged",
    "investigating",
    "proposed",
    "agreed",
    "remedied",
    "followed_up",
    "closed",
)


def make(filed: list[Filed], *, now: datetime) -> None:
    """Set up what keeps the house's word, and show each part of it at work."""
    facts = script.table("keeping")
    _rules(facts, crew_now())
    crew = crew_now()  # anew: now they have authority
    for entry in facts["complaint"]:
        with where_it_fits():
            _complaint(entry, crew, now, filed)
    _prevention(facts["prevention"], crew, now)
    for entry in facts["gesture"]:
        with where_it_fits():
            _gesture(entry, crew, now)
    for entry in facts["call"]:
        with where_it_fits():
            _call(entry, crew, now)
    with where_it_fits():
        _passed_on(facts, crew, now)
    case = Complaint.objects.filter(closed_at=None).order_by("id").first()
    if case is not None:
        holds.hold(conversation=case.conversation, by=crew["ben"], reason=facts["hold"]["reason"])


def _rules(facts: dict[str, Any], crew: Crew) -> None:
    ada, times = crew["ada"], facts["hours"]
    day = [(time.fromisoformat(times["opens"]), time.fromisoformat(times["closes"]))]
    opens, closes = map(time.fromisoformat, times["saturday"])
    hours.set_hours(by=ada, team=None, week=dict.fromkeys(times["weekdays"], day) | {5: [(opens, closes)]})
    for entry in facts["level"]:
        inbox.save_level(by=ada, given=inbox.NewLevel(**entry))
    for entry in facts["authority"]:
        limits = {name: Decimal(entry[name]) for name in ("per_gesture", "per_customer", "per_month")}
        level = authority.add_level(by=ada, name=entry["name"], **limits)
        for handle in entry["who"]:
            authority.give_level(by=ada, agent=crew[handle], level=level)
    for entry in facts["budget"]:
        month = timezone.localdate().replace(day=1)
        goodwill.set_budget(by=ada, team=None, month=month, amount=Decimal(entry["amount"]))
    for entry in facts["rule"]:
        workflows.keep_rule(by=ada, given=workflows.NewRule(**entry))
    for entry in facts["check_in"]:
        check_ins.keep_rule(by=ada, given=check_ins.NewCheckInRule(**entry))
    for entry in facts["kept"]:
        retention.save_rule(by=ada, given=retention.NewRetentionRule(**entry))


def _complaint(entry: dict[str, Any], crew: Crew, now: datetime, filed: list[Filed]) -> None:
    """One case, from its beginning to the stage that the entry names."""
    begun = now - timedelta(days=entry["days"])
    fitting = [one.place.pk for one in filed if one.case.story.scenario.id in entry["about"]]
    there = Conversation.objects.filter(pk__in=fitting)
    place = _place_for(there, begun) or _place_for(_with(TAGS[entry["kind"]]), begun)
    if place is None:
        return
    lead, reached = crew["ben"], ORDER.index(entry["stage"])
    steps = [begun + (now - begun) * part / 12 for part in range(12)]
    # The first two are done within their clocks, however long the rest takes.
    steps[1], steps[2] = min(steps[1], begun + SOON), min(steps[2], begun + 3 * SOON)
    with then(steps[0], place):
        case = complaints.open_complaint(
            conversation=place,
            agent=place.assignee or lead,
            what_happened=_first_words(place),
            wanted=entry["wanted"],
            severity=entry["severity"],
            kind=entry["kind"],
            at=steps[0],
        )
    for stage in range(1, reached + 1):
        with then(steps[stage], place):
            _step(case, ORDER[stage], entry, lead, steps[stage])


def _step(case: Complaint, stage: str, entry: dict[str, Any], lead: Agent, at: datetime) -> None:
    case.refresh_from_db()
    agent = case.owner or lead
    if stage == "acknowledged":
        complaints.acknowledge(complaint=case, agent=agent, at=at)
    elif stage == "investigating":
        complaints.investigate(complaint=case, agent=agent, at=at)
        _looked_into(case, entry, agent, lead)
        case.check_items.filter(done_at__isnull=False).update(done_at=at)
        case.evidence.update(at=at)
        case.questions.update(asked_at=at)
    elif stage == "proposed":
        options = [NewOption(kind, text, Decimal(cost)) for kind, text, cost in entry["options"]]
        proposal = complaints.save_proposal(complaint=case, agent=lead, options=options)
        complaints.send_proposal(proposal=proposal, agent=lead, at=at)
    elif stage == "agreed":
        proposal = case.proposals.latest("id")
        complaints.choose(proposal=proposal, option=list(proposal.options.all())[entry["chosen"]], at=at)
    elif stage == "remedied":
        _proven(case, entry, lead, at)
    elif stage == "followed_up":
        _asked(case, entry, at)
    else:
        complaints.close(complaint=case, agent=agent, at=at)


def _looked_into(case: Complaint, entry: dict[str, Any], agent: Agent, lead: Agent) -> None:
    for item in list(case.check_items.all())[:2]:
        complaints.tick(item=item, agent=agent, done=True)
    if entry.get("evidence"):
        complaints.add_words(complaint=case, agent=agent, title="The bench", text=entry["evidence"])
    if entry.get("question"):
        complaints.ask(complaint=case, agent=agent, text=entry["question"], colleague=lead)
    if entry.get("fault"):
        complaints.find_fault(complaint=case, agent=lead, fault=entry["fault"])
    if entry.get("cause"):
        complaints.name_cause(complaint=case, agent=lead, cause=Cause.objects.get(name=entry["cause"]))


def _proven(case: Complaint, entry: dict[str, Any], lead: Agent, at: datetime) -> None:
    for remedy in case.remedies.all():
        if remedy.kind == "refund":
            complaints.refunded(remedy=remedy, agent=lead, reference=entry["proof"], at=at)
        elif remedy.kind == "replacement":
            complaints.ship(remedy=remedy, agent=lead, tracking=entry["proof"], at=at)
            complaints.delivered(remedy=remedy, agent=lead, at=at)
        else:
            complaints.done(remedy=remedy, agent=lead, words=entry["proof"], at=at)


def _asked(case: Complaint, entry: dict[str, Any], at: datetime) -> None:
    # In good hours of the customer, as the rule of contacts has it.
    at = contact.may_contact(case.customer, about="surveys", at=at).not_before or at
    case.follow_ups.update(due_at=at)
    complaints.send_due(at)
    asked = case.follow_ups.filter(sent_at__isnull=False).first()
    if asked is not None:
        complaints.answer_follow_up(follow_up=asked, is_content=entry["content"], at=at)


def _prevention(entry: dict[str, Any], crew: Crew, now: datetime) -> None:
    cause = Cause.objects.get(name=entry["cause"])
    complaints.plan(
        agent=crew["ben"],
        action=entry["action"],
        owner=crew[entry["owner"]],
        due_on=(now + timedelta(days=entry["days"])).date(),
        cause=cause,
        complaints=list(Complaint.objects.filter(cause=cause)),
    )


def _gesture(entry: dict[str, Any], crew: Crew, now: datetime) -> None:
    agent = crew[entry["by"]]
    places = Conversation.objects.filter(assignee=agent).exclude(state="merged")
    untouched = places.exclude(customer__in=Gesture.objects.exclude(customer=None).values("customer"))
    place = _tagged(unused(untouched), entry["tags"]).order_by("-last_at").first()
    if place is None:
        return
    wish = giving.Wish(kind=entry["kind"], amount=Decimal(entry["amount"]), reason=entry["reason"])
    giving.make_gesture(conversation=place, agent=agent, wish=wish)


def _call(entry: dict[str, Any], crew: Crew, now: datetime) -> None:
    at = now - timedelta(days=entry["days"])
    place = _place_for(_with(TAGS["late"]), at)
    if place is None:
        return
    told = {name: value for name, value in entry.items() if name != "days"}
    call = inbox.NewCall(**told, phone="+44 1632 960 123", at=at, next_due=now + timedelta(hours=4))
    with then(at, place):
        inbox.log_call(conversation=place, agent=place.assignee or crew["carmen"], call=call)


def _passed_on(facts: dict[str, Any], crew: Crew, now: datetime) -> None:
    """A hand-over and an escalation, each in an open conversation that has an owner."""
    owned = unused(Conversation.objects.filter(state="open", assignee__isnull=False, customer__language="en"))
    newest = owned.select_related("assignee").order_by("-last_at")
    elsewhere = newest.exclude(assignee__teams__name=BENCH)
    first = _tagged(elsewhere, facts["handover"]["tags"]).first()
    second = _tagged(newest.exclude(pk=first.pk), facts["escalation"]["tags"]).first()
    assert first.assignee is not None  # asked for above
    assert second.assignee is not None
    bench = Team.objects.get(name=BENCH)
    with then(now - timedelta(hours=5), first):
        inbox.hand_over(
            conversation=first, agent=first.assignee, to=_of(bench), summary=facts["handover"]["summary"]
        )
    with then(now - timedelta(hours=3), second):
        inbox.escalate(conversation=second, agent=second.assignee, reason=facts["escalation"]["reason"])


def _tagged(places: Any, tags: list[str]) -> Any:
    """Those with one of these tags; all of them where there are none."""
    found = places.filter(tags__name__in=tags).distinct()
    return found if found.exists() else places


def _of(team: Team) -> Agent:
    return team.members.filter(is_active=True).order_by("id")[0]


def _with(tags: list[str]) -> Any:
    return Conversation.objects.filter(tags__name__in=tags, customer__language="en")


def _place_for(places: Any, about: datetime) -> Conversation | None:
    """Of these conversations the one that began last before that time, with nothing on it yet."""
    there = unused(places).exclude(state="merged").filter(opened_at__lte=about)
    angry = there.exclude(feeling__in=["", "calm", "pleased", "grateful"])
    found = (angry or there).select_related("assignee", "customer", "mailbox").order_by("-opened_at")
    place: Conversation | None = found.first()
    return place


def _first_words(place: Conversation) -> str:
    heard = place.messages.filter(kind=Message.Kind.CUSTOMER).order_by("at", "id").first()
    return heard.text[:OPENED_WITHIN] if heard else place.subject
