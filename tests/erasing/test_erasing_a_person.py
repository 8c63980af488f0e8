"""Somebody asks to be forgotten: nothing of them is left anywhere, and nobody else loses a word."""

import pytest
from django.test import Client
from django.urls import reverse

from goodword.complaints.letters import CHOICE, COMPLAINT
from goodword.complaints.models import Complaint
from goodword.customers import access, actions, balance, comparing
from goodword.customers import queries as customers
from goodword.customers.models import Customer, Duplicate
from goodword.events.models import Event
from goodword.goodwill.models import Gesture
from goodword.inbox import actions as inbox
from goodword.inbox.errors import NotPossible
from goodword.inbox.models import Conversation, Message
from goodword.kit import links
from goodword.mail.suppressions import suppressed
from goodword.portal.views.promises import PURPOSE
from goodword.promises.actions import NewPromise
from goodword.promises.models import Promise
from goodword.staff.models import AuthorityLevel

from .marks import digests, found
from .story import ADDRESS, MARK, Story, letter, receive, sent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story(settings, mailbox, team, owner, lead, customer):
    """All told, nothing open."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    lead.authority = AuthorityLevel.objects.create(name="Top", rank=9)
    lead.save()
    owner.authority = AuthorityLevel.objects.create(name="Small", rank=1, per_gesture=1)
    owner.save()
    story = Story(mailbox=mailbox, owner=owner, lead=lead, other=customer)
    story.told()
    return story


@pytest.fixture
def neighbour(mailbox, team, owner, lead):
    """Somebody else who was in the same rooms."""
    made = letter("Nora <nora@example.org>", "My sofa squeaks.", subject="A sofa")
    made.add_attachment(b"a sofa", maintype="image", subtype="png", filename="sofa.png")
    place = receive(made).conversation
    promise = NewPromise(what="look", quote="We look.", due_at=None, whole_day=False, due_text="")
    inbox.reply(conversation=place, agent=owner, markdown="We look.", promises=[promise])
    inbox.note(conversation=place, agent=owner, markdown="Nora is kind")
    actions.add_note(customer=place.customer, author=owner, body="Nora likes sofas")
    actions.consent(customer=place.customer, purpose="notices", given=True, how="form", agent=owner)
    sent()
    return place


def all_of(place):
    """Where her things stand."""
    own, there = f"t.customer_id = {place.customer_id}", f"t.conversation_id = {place.pk}"
    messages = Message.objects.filter(conversation=place)

    def these(name):
        return f"t.id IN ({', '.join(str(one) for one in messages.values_list(name, flat=True) if one)})"

    return [
        ("customers_customer", f"t.id = {place.customer_id}"),
        ("inbox_conversation", own),
        ("events_event", own),
        ("promises_promise", own),
        ("mail_rawmail", these("raw_mail_id")),
        ("mail_outgoingmail", these("outgoing_id")),
        *((f"customers_{name}", own) for name in ("customeraddress", "customernote", "consent")),
        *((f"inbox_{name}", there) for name in ("message", "participant", "closure", "serviceclock")),
        ("inbox_attachment", these("attachments")),
    ]


def test_nothing_is_left_of_somebody_who_was_erased(neighbour, story, administrator):
    before = found(MARK)
    for place in ("inbox_message.search", "mail_rawmail.raw", "mail_blob.data", "events_event.data"):
        assert place in before, before
    assert len(before) > 60, sorted(before)
    untouched = digests(all_of(neighbour))
    sums = sorted(Gesture.objects.values_list("amount", "month"))
    assert actions.in_the_way(story.person) == []
    erasure = actions.erase(
        customer=story.person, by=administrator, number=str(story.person.pk), reason="Asked"
    )
    erasure = actions.finish(erasure)
    assert erasure.finished_at is not None
    assert erasure.known == {}
    assert found(MARK) == {}
    assert digests(all_of(neighbour)) == untouched
    assert sorted(Gesture.objects.values_list("amount", "month")) == sums
    assert_shell(story, erasure)
    assert_nothing_comes_back(story)


def assert_shell(story, erasure):
    """What stays says nothing of anybody."""
    shell = Customer.objects.get(pk=story.person.pk)
    assert str(shell) == "Erased person"
    assert not customers.search(MARK, agent=None)
    assert customers.page(None).rows[0].pk != shell.pk
    with pytest.raises(Customer.DoesNotExist):
        access.get_customer(None, shell.pk)
    with pytest.raises(actions.CustomerError, match="was erased"):
        actions.rename(customer=story.person, name="Again", agent=None)
    case = Complaint.objects.get()
    with pytest.raises(NotPossible, match="was erased"):
        inbox.note(conversation=case.conversation, agent=story.lead, markdown="Hm")
    assert (case.number, case.severity, case.fault, case.stage) == (
        story.case.number,
        "serious",
        "ours",
        "closed",
    )
    assert case.remedies.count() == story.case.remedies.count() > 0
    assert Promise.objects.filter(state="kept").exists()
    assert list(Conversation.objects.filter(customer=shell)) == [case.conversation]
    for name, token in (
        ("complaint", links.sign(COMPLAINT, case.pk, days=9)),
        ("choice", links.sign(CHOICE, case.proposals.get().pk, days=9)),
        ("promises", links.sign(PURPOSE, shell.pk, days=9)),
    ):
        assert Client().get(reverse(f"portal:{name}", args=[token])).status_code == 404
    event = Event.objects.get(kind="customer.erased")
    assert event.customer_id == shell.pk
    assert event.data["erasure"] == erasure.pk
    assert "inbox.message" in erasure.counts
    assert story.carlas.messages.filter(text="[erased at the person's request]").count() == 1
    assert story.carlas.messages.count() == 4
    assert story.carlas.messages.filter(text__startswith="My lamp broke.").count() == 1
    assert suppressed([ADDRESS])
    assert not balance.take_up() or not shell.moments.exists()
    assert Conversation.objects.get(subject="Sofa").messages.count() == 1


def assert_nothing_comes_back(story):
    """Every mail once more: no message; and whoever writes anew is new."""
    for made in story.mails:
        receive(made)
    assert found(MARK) == {}
    anew = receive(letter(f"Zoe <{ADDRESS}>", "A new question."))
    assert anew.customer_id != story.person.pk
    assert anew.conversation.customer_id == anew.customer_id
    comparing.compare_waiting()
    assert not Duplicate.objects.filter(second=anew.customer_id).exists()
