"""Finding out what happened: checklist, evidence, colleagues, fault and cause."""

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.utils import timezone

from goodword.complaints import access, actions, watching
from goodword.complaints.errors import ComplaintError
from goodword.complaints.models import Answer, Cause, CheckItem, Complaint, Evidence, Question
from goodword.events.models import Event
from goodword.inbox.models import Message
from goodword.mail import actions as mail
from goodword.mail.intake import turn_waiting
from goodword.mail.models import OutgoingMail, RawMail

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(complaint, owner, team_mate):
    """A colleague was asked."""
    return actions.ask(
        complaint=complaint,
        agent=owner,
        colleague=team_mate,
        text="Did we sell this kettle with the old seal?",
        due_at=timezone.now() + timedelta(hours=4),
    )


def asked_mail(question):
    return message_from_bytes(bytes(question.outgoing.raw), policy=policy.default)


def answer_by_mail(question, text, *, sender="tariq@desk.example", to="", **more):
    letter = EmailMessage()
    letter["From"] = sender
    letter["To"] = to or asked_mail(question)["Reply-To"]
    letter["Message-ID"] = more.pop("message_id", "<answer@desk.example>")
    letter["Subject"] = "Re: Question"
    for name, value in more.items():
        letter[name.replace("_", "-")] = value
    letter.set_content(text)
    accepted = mail.accept(raw=bytes(letter), source="test", nudged=False)
    turn_waiting()
    return RawMail.objects.get(pk=accepted.mail.pk)


def test_a_line_of_the_checklist_is_ticked_by_somebody(complaint, owner):
    item = complaint.check_items.first()
    actions.tick(item=item, agent=owner)
    actions.tick(item=item, agent=owner)
    found = CheckItem.objects.get(pk=item.pk)
    assert (found.done_by, found.done_at is not None) == (owner, True)
    assert Event.objects.filter(kind="complaint.ticked").count() == 1
    actions.tick(item=item, agent=owner, done=False)
    assert CheckItem.objects.get(pk=item.pk).done_at is None


def test_another_kind_adds_its_lines_and_loses_none(complaint, owner):
    before = set(complaint.check_items.values_list("text", flat=True))
    actions.change(complaint=complaint, agent=owner, kind="money")
    after = set(complaint.check_items.values_list("text", flat=True))
    assert before < after


def test_files_words_messages_and_orders_are_evidence_once_each(complaint, owner, place):
    message = place.messages.get()
    for _twice in range(2):
        actions.add_file(
            complaint=complaint, agent=owner, filename="leak.jpg", content_type="image/jpeg", data=b"jpeg"
        )
        actions.add_words(complaint=complaint, agent=owner, title="Seen", text="The seal is torn.")
        actions.add_message(complaint=complaint, agent=owner, message=message)
        actions.add_order(
            complaint=complaint, agent=owner, order_number="KET-4711", data={"Shipped": "2 November"}
        )
    assert sorted(complaint.evidence.values_list("kind", flat=True)) == ["file", "message", "order", "text"]
    assert bytes(Evidence.objects.get(kind="file").blob.data) == b"jpeg"


def test_evidence_is_not_for_strangers(complaint, owner, stranger):
    made = actions.add_words(complaint=complaint, agent=owner, title="", text="The seal is torn.")
    with pytest.raises(Evidence.DoesNotExist):
        access.get_evidence(stranger, made.pk)


def test_the_question_goes_out_by_mail_with_an_address_of_its_own(question, complaint, owner):
    letter = asked_mail(question)
    assert letter["To"] == "Tariq Mate <tariq@desk.example>"
    assert complaint.number in letter["Subject"]
    assert "old seal" in letter.get_content()
    assert letter["Reply-To"].addresses[0].addr_spec.startswith("care+q")
    assert OutgoingMail.objects.get().state == OutgoingMail.State.QUEUED


def test_the_same_question_asked_twice_is_one_mail(question, complaint, owner, team_mate):
    again = actions.ask(complaint=complaint, agent=owner, colleague=team_mate, text=question.text)
    assert again == question
    assert OutgoingMail.objects.count() == 1


def test_the_answer_comes_back_into_the_case_and_is_no_message(question, complaint, team_mate):
    messages = Message.objects.count()
    raw = answer_by_mail(question, "Yes, until October.")
    assert raw.state == RawMail.State.DONE
    assert complaint.number in raw.reason
    answer = Answer.objects.get()
    assert (answer.text, answer.by, answer.raw_mail) == ("Yes, until October.", team_mate, raw)
    assert Question.objects.get().answered_at is not None
    assert Message.objects.count() == messages
    event = Event.objects.get(kind="complaint.answered")
    assert event.conversation_id == complaint.conversation_id


def test_a_machine_that_answers_leaves_the_question_open(question):
    answer_by_mail(question, "I am away until Monday.", Auto_Submitted="auto-replied")
    assert Question.objects.get().answered_at is None
    assert "away" in Event.objects.get(kind="complaint.question_away").data["text"]


def test_a_forged_address_answers_nothing(question):
    address = asked_mail(question)["Reply-To"].addresses[0].addr_spec
    forged = address.replace(".", ".a", 1)
    answer_by_mail(question, "Yes.", to=forged)
    assert not Answer.objects.exists()


def test_files_of_an_answer_are_evidence(question):
    letter = EmailMessage()
    letter["From"] = "tariq@desk.example"
    letter["To"] = asked_mail(question)["Reply-To"]
    letter["Message-ID"] = "<files@desk.example>"
    letter.set_content("Here is the list.")
    letter.add_attachment(b"a,b", maintype="text", subtype="csv", filename="seals.csv")
    mail.accept(raw=bytes(letter), source="test", nudged=False)
    turn_waiting()
    assert Evidence.objects.get().title == "seals.csv"


def test_an_answer_can_be_given_in_the_desk_by_the_colleague_asked(question, team_mate):
    actions.answer(question=question, agent=team_mate, text="Yes, until October.")
    actions.answer(question=question, agent=team_mate, text="Yes, until October.")
    assert Answer.objects.get().by == team_mate


def test_of_a_closed_case_no_answer_is_owed(question, complaint, owner):
    late = question.due_at + timedelta(seconds=1)
    actions.close(complaint=complaint, agent=owner)
    watching.watch(late)
    assert not Event.objects.filter(kind="complaint.question_late").exists()


def test_an_unanswered_question_is_told_of_once(question, complaint, owner):
    complaint.stage_records.update(due_at=None, warn_at=None)
    late = question.due_at + timedelta(seconds=1)
    assert watching.watch(late) == 1
    assert watching.watch(late) == 0
    assert Event.objects.get(kind="complaint.question_late").data["asked_by"] == owner.pk


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"text": " ", "address": "a@b.example"}, "empty"),
        ({"text": "Why?", "address": "nobody"}, "'nobody' is no mail address"),
        ({"text": "Why?", "address": "a@b.example", "due_at": timezone.now()}, "past"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_in_a_sentence(complaint, owner, given, says):
    with pytest.raises(ComplaintError, match=says):
        actions.ask(complaint=complaint, agent=owner, **given)


def test_fault_and_cause_are_written_down_with_who(complaint, owner):
    cause = Cause.objects.get(name="Faulty from the start")
    actions.find_fault(complaint=complaint, agent=owner, fault="ours", note="The seal is ours.")
    actions.find_fault(complaint=complaint, agent=owner, fault="ours", note="The seal is ours.")
    actions.name_cause(complaint=complaint, agent=owner, cause=cause)
    found = Complaint.objects.get()
    assert (found.fault, found.cause) == ("ours", cause)
    assert Event.objects.filter(kind="complaint.fault", agent_id=owner.pk).count() == 1
    with pytest.raises(ComplaintError, match="'moon'"):
        actions.find_fault(complaint=complaint, agent=owner, fault="moon")


def test_it_is_given_only_to_somebody_who_can_see_it(complaint, owner, team_mate, stranger):
    actions.give_to(complaint=complaint, agent=owner, owner=team_mate)
    assert Complaint.objects.get().owner == team_mate
    with pytest.raises(ComplaintError, match="Stan Stranger cannot see"):
        actions.give_to(complaint=complaint, agent=owner, owner=stranger)
