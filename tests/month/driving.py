"""The house itself: set up as `house` says, and used as the plan says, through the verbs of its rooms."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import time_machine

from goodword.complaints import actions as complaints
from goodword.complaints import furnishing
from goodword.complaints.models import Complaint, Prevention, Proposal
from goodword.customers.models import Customer
from goodword.goodwill import actions as goodwill
from goodword.goodwill.models import ApprovalRequest
from goodword.inbox import actions as inbox
from goodword.inbox.checking_in import keeping
from goodword.inbox.models import Conversation
from goodword.mail.models import Mailbox
from goodword.promises import actions as promises
from goodword.promises import moments
from goodword.promises.models import Promise
from goodword.promises.spans import Span
from goodword.staff import actions as staff
from goodword.staff import authority, hours
from goodword.staff.models import Agent, Team
from goodword.workflows import actions as workflows

from .house import (
    CHECK_INS,
    CREWS,
    FINAL_DAYS,
    FOLLOW_UP_DAYS,
    HEARD,
    HOUSE_HOLIDAYS,
    LASTING,
    PROPOSAL_DAYS,
    STAGES,
    TARGETS,
    Crew,
)
from .plan import Deed, Plan

NOTE = {"do": "note", "text": "Somebody should look at this."}


class House:
    """The real one. Keeps the numbers of what the plan's names became."""

    def __init__(self, plan: Plan) -> None:
        self.places: dict[str, Conversation] = {}
        self.promises: dict[str, Promise] = {}
        self.cases: dict[str, Complaint] = {}
        self._teams: dict[str, tuple[Team, Mailbox, Agent]] = {}
        self._leads: dict[str, Agent] = {}
        self._changes: dict[str, Prevention] = {}
        with time_machine.travel(plan.first - timedelta(days=20), tick=False):
            self.chief = staff.first_administrator(
                name="Ida Chief", email="ida@house.example", password="kettle-lamp-river-19"
            )
            authority.add_level(by=None, name="Agent", per_gesture=Decimal(50))
            authority.add_level(by=None, name="Lead", per_gesture=None, per_customer=None, per_month=None)
            for crew in CREWS.values():
                self._team(crew)
            for day in HOUSE_HOLIDAYS:
                staff.add_holiday(by=self.chief, day=day, name="Holiday")
            self._promise_itself()
            self._customers = [self._customer(number, plan) for number in range(plan.customers)]

    def do(self, deed: Deed) -> None:
        """Do this at its moment."""
        verb: Callable[..., None] = getattr(self, f"_{deed.verb}")
        with time_machine.travel(deed.at, tick=False):
            verb(deed.about, **deed.more)

    def _team(self, crew: Crew) -> None:
        name = crew.name.lower()
        box = Mailbox.objects.create(address=f"{name}@house.example", name=crew.name)
        agent = staff.add_agent(by=self.chief, name=f"{crew.name} Agent", email=f"{name}@house.example")
        lead = staff.add_agent(
            by=self.chief, name=f"{crew.name} Lead", email=f"{name}.lead@house.example", role=Agent.Role.LEAD
        )
        team = staff.add_team(by=self.chief, name=crew.name, members=[agent, lead], mailboxes=[box])
        hours.set_hours(by=self.chief, team=team, week=crew.week, time_zone=crew.zone)
        for day in crew.holidays:
            staff.add_holiday(by=self.chief, day=day, name="Holiday", team=team)
        promises.set_lead_delay(by=self.chief, team=team, minutes=crew.leads_hear)
        team.refresh_from_db()
        self._teams[crew.name], self._leads[crew.name] = (team, box, agent), lead

    def _customer(self, number: int, plan: Plan) -> Customer:
        customer = Customer.objects.create(name=f"Customer {number}", time_zone=plan.zone_of(number))
        customer.addresses.create(address=f"customer{number}@example.org")
        return customer

    def _promise_itself(self) -> None:
        """Service levels, check-ins, rules, and how complaints are dealt with."""
        for name, targets in reversed(TARGETS.items()):
            is_urgent = name == "urgent"
            inbox.save_level(
                by=self.chief,
                given=inbox.NewLevel(
                    name=name,
                    conditions={"all": [{"field": "priority", "is": ["urgent"]}]} if is_urgent else {},
                    working_hours=not is_urgent,
                    **targets,
                ),
            )
        for tag, days, way in CHECK_INS:
            given = keeping.NewCheckInRule(
                name=f"Ask {tag}", days=days, text="Is all well?", way=way, conditions=_tagged(tag)
            )
            keeping.keep_rule(by=self.chief, given=given)
        for state, after in LASTING:
            self._rule(f"rule {state}", NOTE, "watch", state=state, hours=after)
        for event, tag in HEARD:
            do = NOTE if event == "promise.due" else {"do": "tag", "text": event.replace(".", " ")}
            self._rule(f"rule {event}", do, tag, event=event)
        procedure = furnishing.default_procedure()
        procedure.final_response_days = FINAL_DAYS
        procedure.follow_up_days, procedure.proposal_days = FOLLOW_UP_DAYS, PROPOSAL_DAYS
        procedure.save()
        for stage in procedure.stages.all():
            wanted = STAGES[stage.key]
            stage.limit_minutes, stage.working_hours = wanted.minutes, wanted.working
            stage.next_step = "See to it" if wanted.promises else ""
            stage.save()

    def _rule(self, name: str, do: dict[str, Any], tag: str, **when: Any) -> None:
        given = workflows.NewRule(name=name, conditions=_tagged(tag), actions=[do], **when)
        workflows.keep_rule(by=self.chief, given=given)

    def _open(self, name: str, *, customer: int, team: str, priority: str, tags: Any) -> None:
        crew, box, agent = self._teams[team]
        place = inbox.open_conversation(
            customer=self._customers[customer], subject=name, text="The lamp is broken.", mailbox=box
        )
        self.places[name] = place
        for tag in tags:
            inbox.add_tag(conversation=place, agent=agent, name=tag)
        inbox.prioritise(conversation=place, agent=agent, priority=priority)
        inbox.assign_team(conversation=place, agent=agent, team=crew)
        inbox.assign(conversation=place, agent=agent, to=agent)

    def _agent(self, place: Conversation) -> Agent:
        return next(agent for _team, box, agent in self._teams.values() if box.pk == place.mailbox_id)

    def _write(self, name: str) -> None:
        inbox.hear(conversation=self.places[name], text="And one thing more.")

    def _reply(self, name: str) -> None:
        place = self.places[name]
        inbox.reply(conversation=place, agent=self._agent(place), markdown="Thank you. We look into it.")

    def _close(self, name: str) -> None:
        place = self.places[name]
        inbox.close(conversation=place, agent=self._agent(place), leave_promises=True)

    def _reopen(self, name: str) -> None:
        inbox.reopen(conversation=self.places[name], agent=self._agent(self.places[name]))

    def _snooze(self, name: str, *, until: datetime) -> None:
        inbox.snooze(conversation=self.places[name], agent=self._agent(self.places[name]), until=until)

    def _promise(self, name: str, *, place: str, kind: str, due: date | datetime | None, whole_day: bool,
                 after: tuple[int, str] | None = None) -> None:  # fmt: skip
        there = self.places[place]
        new = promises.NewPromise(
            what=name, quote="", due_at=moments.end_of_day(due) if whole_day and due else due, due_text="",
            whole_day=whole_day, kind=kind, condition="The parcel is back" if after else "",
            after=Span(*after) if after else None,
        )  # fmt: skip
        self.promises[name] = inbox.add_promise(conversation=there, agent=self._agent(there), promise=new)

    def _keep(self, name: str) -> None:
        promises.keep(promise=self.promises[name], agent=None)

    def _break(self, name: str) -> None:
        promises.break_(promise=self.promises[name], agent=None)

    def _withdraw(self, name: str) -> None:
        promises.withdraw(promise=self.promises[name], agent=None)

    def _reopen_promise(self, name: str) -> None:
        promises.reopen(promise=self.promises[name], agent=None)

    def _renegotiate(self, name: str, *, due: datetime) -> None:
        promises.renegotiate(promise=self.promises[name], agent=None, due_at=due)

    def _meet(self, name: str) -> None:
        promises.meet_condition(promise=self.promises[name], agent=None)

    def _complain(self, name: str, *, place: str) -> None:
        there = self.places[place]
        self.cases[name] = complaints.open_complaint(
            conversation=there, agent=self._agent(there), what_happened="It broke again."
        )

    def _handler(self, name: str) -> Agent:
        return self._agent(self.cases[name].conversation)

    def _acknowledge(self, name: str) -> None:
        complaints.acknowledge(complaint=self.cases[name], agent=self._handler(name))

    def _investigate(self, name: str) -> None:
        complaints.investigate(complaint=self.cases[name], agent=self._handler(name))

    def _ask(self, name: str, *, due: datetime) -> None:
        complaints.ask(
            complaint=self.cases[name], agent=self._handler(name), text="Why?", address="shop@house.example",
            due_at=due,
        )  # fmt: skip

    def _tell(self, name: str) -> None:
        question = self.cases[name].questions.get()
        complaints.answer(question=question, agent=self._handler(name), text="A loose screw.")

    def _prevent(self, name: str, *, day: date) -> None:
        agent = self._handler(name)
        case, action = self.cases[name], f"Better screws for {name}"
        self._changes[name] = complaints.plan(
            agent=agent, action=action, owner=agent, due_on=day, complaints=[case]
        )

    def _carry_out(self, name: str) -> None:
        complaints.carry_out(prevention=self._changes[name], agent=self._handler(name))

    def _propose(self, name: str, *, kind: str, dear: bool) -> None:
        agent = self._handler(name)
        option = complaints.NewOption(kind, "A new lamp", Decimal(500 if dear else 0))
        proposal = complaints.save_proposal(complaint=self.cases[name], agent=agent, options=[option])
        if dear:
            complaints.ask_approval(proposal=proposal, agent=agent, reason="It broke twice.")
        else:
            complaints.send_proposal(proposal=proposal, agent=agent)

    def _proposal(self, name: str) -> Proposal:
        return self.cases[name].proposals.get()

    def _approve(self, name: str) -> None:
        place = self.cases[name].conversation
        team = next(team.name for team, box, _agent in self._teams.values() if box.pk == place.mailbox_id)
        request = ApprovalRequest.objects.get(subject_id=self._proposal(name).pk)
        goodwill.approve(request=request, by=self._leads[team], reason="Right so.")

    def _choose(self, name: str) -> None:
        proposal = self._proposal(name)
        complaints.choose(proposal=proposal, option=proposal.options.get())

    def _decline(self, name: str) -> None:
        complaints.decline(proposal=self._proposal(name))

    def _remedy_done(self, name: str) -> None:
        complaints.done(remedy=self.cases[name].remedies.get(), agent=self._handler(name), words="By phone.")

    def _answer(self, name: str, *, content: bool) -> None:
        asked = self.cases[name].follow_ups.filter(sent_at__isnull=False).first()
        if asked is not None:
            complaints.answer_follow_up(follow_up=asked, is_content=content, words="As I said.")

    def _close_case(self, name: str) -> None:
        found = Complaint.objects.get(pk=self.cases[name].pk)
        if found.stage == "followed_up":
            complaints.close(complaint=found, agent=self._handler(name))


def _tagged(tag: str) -> dict[str, Any]:
    return {"all": [{"field": "tags", "is": [tag]}]} if tag else {}
