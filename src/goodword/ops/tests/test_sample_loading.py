"""The sample company as it stands in the database."""

import re
from collections import Counter
from dataclasses import fields
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import call_command
from django.utils import timezone

from goodword.coaching.models import Policy, Remark, Term
from goodword.complaints.models import CallForHelp, Complaint, Prevention, StageKey
from goodword.customers import actions as customers
from goodword.customers.facts import PurchaseFacts, SubscriptionFacts, Who
from goodword.customers.models import (
    Consent,
    Customer,
    CustomerPhone,
    CustomField,
    CustomValue,
    Purchase,
    Subscription,
)
from goodword.events.models import Event
from goodword.goodwill.models import ApprovalRequest, Gesture
from goodword.inbox.models import (
    Call,
    CheckInRule,
    Conversation,
    Draft,
    Escalation,
    EscalationLevel,
    Handover,
    Message,
    Presence,
    RoutingRule,
    ServiceLevel,
)
from goodword.mail.models import OutgoingMail, RawMail
from goodword.mail.parsing import Unreadable, parse
from goodword.ops.sample import load, script
from goodword.ops.sample.wording import Line
from goodword.promises import reports
from goodword.promises.models import Outcome, Promise
from goodword.staff.models import Agent, AgentSkill, Capacity, Team
from goodword.workflows.models import Rule


def quiet(_what: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


@pytest.fixture(scope="module")
def sample(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """The sample, loaded once for the tests here and taken out again afterwards."""
    with django_db_blocker.unblock():
        load.load_sample(progress=quiet)
        yield
        call_command("flush", verbosity=0, interactive=False)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample")]


def test_it_has_the_announced_numbers() -> None:
    assert Agent.objects.count() == 12
    assert Customer.objects.count() == 400
    assert Conversation.objects.count() == 1500


def test_every_state_is_there() -> None:
    states = Counter(Conversation.objects.values_list("state", flat=True))
    assert set(states) == {"open", "snoozed", "closed", "merged"}
    assert set(Message.objects.values_list("kind", flat=True)) == set(Message.Kind.values)
    assert {"sent", "failed", "unknown"} <= set(OutgoingMail.objects.values_list("state", flat=True))
    assert set(Promise.objects.values_list("state", flat=True)) == set(Promise.State.values)
    assert "renegotiated" in set(Outcome.objects.values_list("kind", flat=True))
    assert RawMail.objects.filter(state="needs_person").exclude(reason="").exists()
    assert Draft.objects.exists()
    assert Presence.objects.exists()
    assert Conversation.objects.filter(send_failed=True).exists()


def test_one_team_has_made_the_coach_its_own() -> None:
    care = Team.objects.get(name="Care")
    assert Policy.objects.filter(team=care, review_by__lt=timezone.localdate()).exists()
    assert Term.objects.filter(team=care).exclude(instead="").exists()
    assert Remark.objects.filter(team=care, outcome="sent").exists()


def test_the_visitor_has_work() -> None:
    visitor = Agent.objects.get(email=load.LOG_INS[0][0])
    assert check_password(load.PASSWORD, visitor.password)
    assert Conversation.objects.filter(state="open", assignee=visitor).count() > 8
    now = timezone.now()
    assert Promise.objects.filter(state="open", due_at__lt=now).count() >= 3
    assert Promise.objects.filter(state="open", due_at__gt=now).count() >= 10


def test_what_a_conversation_repeats_is_what_its_messages_say() -> None:
    whole = Conversation.objects.exclude(state="merged").filter(merges_here=None)
    for place in whole.order_by("id").prefetch_related("messages")[:200]:
        messages = list(place.messages.all())
        assert place.message_count == len(messages)
        assert place.revision >= len(messages)
        spoken = [message for message in messages if message.kind in {"customer", "reply"}]
        newest = max(spoken, key=lambda message: (message.at, message.pk))
        assert " ".join(newest.text.split()).startswith(place.preview.strip()[:150])


def test_the_log_tells_what_happened_in_order() -> None:
    place = Conversation.objects.filter(state="closed").order_by("id").first()
    events = list(Event.objects.filter(conversation_id=place.pk).order_by("id"))
    assert events[0].kind == "conversation.opened"
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert "conversation.closed" in {event.kind for event in events}


def test_a_second_time_adds_nothing() -> None:
    before = (Agent.objects.count(), Message.objects.count(), Event.objects.count())
    load.load_sample(progress=quiet)
    assert (Agent.objects.count(), Message.objects.count(), Event.objects.count()) == before


def test_each_half_written_answer_fits_the_letter_it_answers() -> None:
    words = {draft["text"].strip(): draft["scenario"] for draft in script.table("specials")["draft"]}
    openings = {each.id: each.subjects.paragraphs[0] for each in script.scenarios()}
    drafts = list(Draft.objects.select_related("conversation", "agent"))
    assert 1 <= len(drafts) <= 3
    for draft in drafts:
        assert draft.agent.email == load.LOG_INS[0][0]
        spoken = draft.conversation.messages.filter(kind__in=["customer", "reply"])
        assert [message.kind for message in spoken] == ["customer"]
        told = draft.conversation.subject
        assert any(_like(line, told) for line in openings[words[draft.text]]), (told, draft.text)


def _like(line: Line, subject: str) -> bool:
    """Whether the subject was made from this wording, whatever stands in its gaps."""
    fixed = [piece if isinstance(piece, str) else "{choice}" for piece in line.pieces]
    pieces = [re.escape(piece) for piece in re.split(r"\{\w+\}", "".join(fixed))]
    return re.fullmatch(".*".join(pieces), subject) is not None


def test_the_mail_that_needs_a_person_does_so_for_the_reason_it_names() -> None:
    mail = RawMail.objects.get(state="needs_person")
    with pytest.raises(Unreadable) as refused:
        parse(bytes(mail.raw), envelope_from=mail.envelope_from)
    assert str(refused.value) == mail.reason


def test_there_is_a_complaint_in_each_stage() -> None:
    assert set(Complaint.objects.values_list("stage", flat=True)) == set(StageKey.values)
    for case in Complaint.objects.all():
        assert case.opened_at <= timezone.now()
        assert case.what_happened


def test_what_keeps_the_house_s_word_is_set_up_and_at_work() -> None:
    assert ServiceLevel.objects.count() == 3
    assert Rule.objects.count() == CheckInRule.objects.count() + 1
    assert Gesture.objects.count() >= 3
    assert Handover.objects.exists()
    assert Escalation.objects.exists()
    assert Call.objects.exists()
    assert Prevention.objects.get().complaints.count() == 3


def test_promises_are_of_every_kind_and_source_and_have_a_team() -> None:
    assert set(Promise.objects.values_list("kind", flat=True)) == set(Promise.Kind.values)
    assert set(Promise.objects.values_list("source", flat=True)) >= {"reply", "note", "call", "system"}
    assert not Promise.objects.filter(source="reply", team=None, condition="").exists()
    assert Outcome.objects.filter(kind="kept", evidence_kind="message", evidence_id__isnull=False).exists()
    assert Outcome.objects.filter(kind="kept").exclude(evidence="").exists()
    moved = Outcome.objects.filter(kind="renegotiated")
    assert moved.filter(told_at=None).exists()
    assert moved.exclude(told_at=None).count() > moved.count() / 2
    assert Promise.objects.filter(state="withdrawn").exists()
    assert not Outcome.objects.filter(at__gt=timezone.now()).exists()


def test_a_reply_that_shows_a_promise_kept_is_one_of_its_conversation() -> None:
    for shown in Outcome.objects.filter(evidence_kind="message").select_related("promise__place")[:100]:
        message = Message.objects.get(pk=shown.evidence_id)
        assert message.conversation_id == shown.promise.place.conversation_id
        assert shown.promise.made_at < message.at <= shown.at


def test_a_promise_waits_for_its_condition_and_another_runs_since_it_was_met() -> None:
    waiting = Promise.objects.get(condition_met_at=None, after__isnull=False)
    assert "parcel" in waiting.condition
    assert waiting.due_at is None
    assert waiting.place.message.text.count(waiting.quote) == 1
    running = Promise.objects.get(condition_met_at__isnull=False)
    assert running.due_at is not None
    assert running.source == waiting.source == "reply"


def test_the_report_tells_teams_kinds_and_lead_times_apart() -> None:
    today = timezone.localdate()
    shown = reports.report(None, reports.Period(today - timedelta(days=182), today))
    assert {rate.label for rate in shown.by_team} >= {"Care", "Orders and delivery", "Repair bench"}
    assert all(rate.settled > 20 for rate in shown.by_team if rate.key != "none")
    assert len(shown.by_kind) >= 4
    assert len(shown.by_lead) >= 3
    assert shown.total.late
    assert shown.total.broken


def test_what_is_known_of_customers_is_as_the_verbs_would_write_it() -> None:
    for phone in CustomerPhone.objects.select_related("customer")[:20]:
        again = customers.add_phone(customer=phone.customer, number=phone.shown, agent=None)
        assert again == phone
    for kept in Purchase.objects.order_by("-id")[:20]:
        names = [one.name for one in fields(PurchaseFacts)]
        facts = PurchaseFacts(**{name: getattr(kept, name) for name in names})
        assert customers.put_purchase(source="shop", who=_who(kept), facts=facts).outcome == "same"
    for kept in Subscription.objects.all()[:20]:
        names = [one.name for one in fields(SubscriptionFacts)]
        running = SubscriptionFacts(**{name: getattr(kept, name) for name in names})
        assert customers.put_subscription(source="shop", who=_who(kept), facts=running).outcome == "same"


def _who(kept: Purchase | Subscription) -> Who:
    return Who(customer_id=kept.customer_id)


def test_customers_have_bought_things_and_said_what_they_want_to_hear_of() -> None:
    today = timezone.localdate()
    ends = Purchase.objects.exclude(warranty_until=None)
    assert ends.filter(warranty_until__lt=today).exists()
    assert ends.filter(warranty_until__gt=today).exists()
    assert set(Subscription.objects.values_list("state", flat=True)) == set(Subscription.State.values)
    assert set(Customer.objects.values_list("tier", flat=True)) == {"", "gold", "silver"}
    assert not Consent.objects.filter(proof="").exists()
    assert {"offers", "surveys", "notices"} == set(Consent.objects.values_list("purpose", flat=True))
    assert Consent.objects.filter(purpose="offers", given=False).exists()
    assert CustomField.objects.filter(subject="customer").count() == 4
    assert CustomValue.objects.filter(customer__isnull=False).count() > 30
    assert CustomValue.objects.filter(organisation__isnull=False).exists()


def test_an_order_that_a_letter_names_is_among_the_purchases() -> None:
    recent = Message.objects.filter(kind="customer", text__contains="order HH-").select_related(
        "conversation"
    )
    named = recent.order_by("-id").first()
    number = re.search(r"HH-\d+", named.text)
    assert number is not None
    assert named.conversation.customer.purchases.filter(order_number=number[0]).exists()


def test_work_is_shared_out_by_rules_skills_and_limits() -> None:
    assert RoutingRule.objects.filter(is_on=True).count() >= 5
    assert AgentSkill.objects.filter(skill__name="Safety").exists()
    assert Capacity.objects.filter(agent=None, channel="mail").exists()
    assert EscalationLevel.objects.count() == 2
    assert Conversation.objects.filter(state="open", assignee=None).count() > 8


def test_somebody_asks_for_more_and_somebody_calls_for_help() -> None:
    states = set(ApprovalRequest.objects.values_list("state", flat=True))
    assert {"open", "approved", "refused"} <= states
    assert CallForHelp.objects.filter(answered_at=None).count() == 1
    assert CallForHelp.objects.filter(answer="joined").exists()
