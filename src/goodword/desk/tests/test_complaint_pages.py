"""The pages about complaints: opening one, its case, causes, the register, settings, and help."""

import csv
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from goodword.complaints import actions, furnishing
from goodword.complaints.models import (
    CallForHelp,
    Cause,
    Checklist,
    Complaint,
    Evidence,
    NotAComplaint,
    Prevention,
    Procedure,
    Question,
)
from goodword.inbox import actions as inbox
from goodword.inbox.models import Draft, Message
from goodword.promises.models import Promise
from goodword.promises.registry import link_of
from goodword.staff.models import Look

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(mailbox, team, customer):
    """An angry conversation of the care team."""
    return inbox.open_conversation(
        customer=customer,
        subject="The kettle leaks again",
        text="This is the second kettle that leaks and I am furious. I want my money back now.",
        mailbox=mailbox,
    )


@pytest.fixture
def complaint(place, owner):
    """A complaint that was just opened."""
    return actions.open_complaint(
        conversation=place, agent=owner, what_happened="The second kettle leaks.", kind="faulty"
    )


def text_of(response):
    return response.content.decode()


def test_the_conversation_suggests_a_complaint_and_takes_no_for_an_answer(client, owner, place):
    client.force_login(owner)
    there = reverse("conversation", args=[place.pk])
    assert "This reads like a complaint" in text_of(client.get(there))
    client.post(reverse("no_complaint", args=[place.pk]))
    assert NotAComplaint.objects.get().by == owner
    assert "This reads like a complaint" not in text_of(client.get(there))


def test_a_complaint_is_opened_from_the_menu_with_the_customers_words(client, owner, place):
    client.force_login(owner)
    assert reverse("complaint_new", args=[place.pk]) in text_of(
        client.get(reverse("conversation", args=[place.pk]))
    )
    form = client.get(reverse("complaint_new", args=[place.pk]))
    assert "the second kettle that leaks" in text_of(form)
    answer = client.post(
        reverse("complaint_new", args=[place.pk]),
        {"what_happened": "It leaks.", "severity": "serious", "kind": "faulty", "source": "coach"},
    )
    made = Complaint.objects.get()
    assert answer["Location"] == reverse("complaint", args=[made.pk])
    assert (made.severity, made.source, made.owner) == ("serious", "coach", owner)
    assert made.number in text_of(client.get(reverse("conversation", args=[place.pk])))


def test_a_form_that_is_not_filled_in_says_so(client, owner, place):
    client.force_login(owner)
    answer = client.post(reverse("complaint_new", args=[place.pk]), {"what_happened": ""})
    assert answer.status_code == 422
    assert not Complaint.objects.exists()


def test_a_stranger_finds_neither_case_nor_form(client, stranger, complaint, place):
    client.force_login(stranger)
    for url in (reverse("complaint", args=[complaint.pk]), reverse("complaint_new", args=[place.pk])):
        assert client.get(url).status_code == 404
    assert complaint.number not in text_of(client.get(reverse("complaints")))
    assert client.post(reverse("complaint_close", args=[complaint.pk])).status_code == 404


@pytest.mark.parametrize("show", ["mine", "open", "late", "closed", "nonsense"])
def test_the_lists_show(client, owner, complaint, show):
    client.force_login(owner)
    answer = client.get(reverse("complaints"), {"show": show})
    assert answer.status_code == 200
    assert (complaint.number in text_of(answer)) == (show in ("mine", "open", "nonsense"))


def test_acknowledging_sends_the_words_and_moves_the_case_on(client, owner, complaint, place):
    client.force_login(owner)
    shown = text_of(client.get(reverse("complaint", args=[complaint.pk])))
    assert "Thank you for telling us" in shown
    for _again in range(2):
        client.post(
            reverse("complaint_acknowledge", args=[complaint.pk]),
            {"how": "send", "words": "Hello Carla, I have it."},
        )
    assert Message.objects.get(kind="reply").text == "Hello Carla, I have it."
    assert Complaint.objects.get().stage == "acknowledged"


def test_the_words_can_go_into_the_reply_instead(client, owner, complaint, place):
    client.force_login(owner)
    answer = client.post(
        reverse("complaint_acknowledge", args=[complaint.pk]), {"how": "write", "words": "Hello Carla"}
    )
    assert answer["Location"] == reverse("conversation", args=[place.pk])
    assert Draft.objects.get().markdown == "Hello Carla"
    assert Complaint.objects.get().stage == "received"


def test_the_case_is_worked_on_from_its_page(client, owner, team_mate, complaint):
    client.force_login(owner)
    page = reverse("complaint", args=[complaint.pk])

    def post(name, given=None, pk=None):
        answer = client.post(reverse(name, args=[pk or complaint.pk]), given or {})
        assert answer.status_code == 303, (name, text_of(answer))
        assert client.get(page).status_code == 200

    post("complaint_acknowledge", {"how": "done"})
    post("complaint_move", {"to": "investigating"})
    post("complaint_tick", {"done": "1"}, complaint.check_items.first().pk)
    post("complaint_check_item", {"text": "Ring the maker"})
    post("complaint_evidence", {"title": "Seen", "text": "The seal is torn."})
    post("complaint_evidence", {"file": SimpleUploadedFile("leak.txt", b"water")})
    post("complaint_evidence", {"message": Message.objects.first().pk})
    post("complaint_order", {"order_number": "K-1", "lines": "Shipped: 2 May\nBy: DHL"})
    post("complaint_ask", {"colleague": team_mate.pk, "text": "Old seal?", "hours": "8"})
    post("question", {"text": "Yes."}, Question.objects.get().pk)
    post("complaint_fault", {"fault": "ours", "note": "Our seal."})
    post("complaint_cause", {"cause": Cause.objects.get(name="Broke early").pk})
    post("complaint_cost", {"cost": "12.50"})
    post("complaint_prevention", {"action": "Another seal", "owner": owner.pk, "due_on": "2026-12-24"})
    post("complaint_owner", {"owner": team_mate.pk})
    post("complaint_facts", {"what_happened": "Both leak.", "severity": "grave", "kind": "faulty"})
    shown = text_of(client.get(page))
    for words in ("The seal is torn.", "Shipped", "Old seal?", "Yes.", "Another seal", "Both leak.", "grave"):
        assert words in shown, words
    post("evidence_removal", pk=Evidence.objects.get(kind="file").pk)
    post("complaint_close", {"note": "Done"})
    post("complaint_reopen", {"words": "It leaks again"})
    assert "It leaks again" in text_of(client.get(page))
    found = Complaint.objects.get()
    assert (found.fault, found.severity, str(found.cost)) == ("ours", "grave", "12.50")


def test_a_file_of_the_case_never_acts_as_a_page(client, owner, stranger, complaint):
    made = actions.add_file(
        complaint=complaint, agent=owner, filename="a.html", content_type="text/html", data=b"<script>"
    )
    client.force_login(owner)
    answer = client.get(reverse("evidence_file", args=[made.pk]))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    client.force_login(stranger)
    assert client.get(reverse("evidence_file", args=[made.pk])).status_code == 404
    look = Look.objects.get()
    assert (look.agent, look.how, look.customer_id) == (owner, Look.How.FILE, complaint.customer_id)


def test_what_cannot_be_done_is_said_in_a_sentence(client, owner, complaint):
    client.force_login(owner)
    answer = client.post(
        reverse("complaint_ask", args=[complaint.pk]), {"text": "Why?", "hours": "8"}, follow=True
    )
    assert "no mail address" in text_of(answer)
    answer = client.post(reverse("complaint_move", args=[complaint.pk]), {"to": "heaven"}, follow=True)
    assert "no stage" in text_of(answer)


def test_the_colleague_asked_answers_in_the_desk_without_seeing_the_case(client, owner, stranger, complaint):
    question = actions.ask(complaint=complaint, agent=owner, colleague=stranger, text="Old seal?")
    client.force_login(stranger)
    assert "Old seal?" in text_of(client.get(reverse("for_you")))
    client.post(reverse("question", args=[question.pk]), {"text": "Yes, until May."})
    assert question.answers.get().by == stranger
    assert client.get(reverse("complaint", args=[complaint.pk])).status_code == 404
    client.force_login(owner)
    assert "Answered to you" in text_of(client.get(reverse("for_you")))


def test_causes_that_come_back_are_turned_into_a_change(client, owner, place, lead):
    cause = Cause.objects.create(name="Old seal")
    for _n in range(3):
        made = actions.open_complaint(conversation=place, agent=owner, what_happened=f"Leak {_n}")
        actions.name_cause(complaint=made, agent=owner, cause=cause)
        actions.close(complaint=made, agent=owner)
    client.force_login(owner)
    assert "Old seal" in text_of(client.get(reverse("causes")))
    client.post(reverse("cause_plan", args=[cause.pk]), {"action": "Change the seal", "owner": owner.pk})
    plan = Prevention.objects.get()
    assert plan.complaints.count() == 3
    assert "Change the seal" in text_of(client.get(reverse("causes")))
    client.post(reverse("prevention_done", args=[plan.pk]), {"result": "No leak since."})
    assert "No leak since." in text_of(client.get(reverse("prevention", args=[plan.pk])))
    client.post(reverse("prevention", args=[plan.pk]), {"action": "Change all seals"})
    assert Prevention.objects.get().action == "Change all seals"


def test_the_register_is_filtered_and_goes_out_as_csv_and_pdf(client, owner, complaint):
    actions.change(complaint=complaint, agent=owner, product="=cmd()", wanted="Ж 日 ő")
    client.force_login(owner)
    page = text_of(client.get(reverse("complaint_register"), {"state": "open"}))
    assert complaint.number in page
    assert complaint.number not in text_of(client.get(reverse("complaint_register"), {"state": "closed"}))
    answer = client.get(reverse("complaint_register_csv"), {"severity": "minor"})
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert [row["Number"] for row in rows] == [complaint.number]
    assert rows[0]["Product"] == "'=cmd()"
    pdf = client.get(reverse("complaint_register_pdf"), {"kind": "faulty"})
    assert pdf.content.startswith(b"%PDF-")
    assert client.get(reverse("complaint_register_pdf")).content.startswith(b"%PDF-")
    none = client.get(reverse("complaint_register_csv"), {"state": "closed"})
    assert len(none.getvalue().splitlines()) == 1


def test_a_lead_sets_procedures_kinds_and_causes(client, lead):
    client.force_login(lead)
    default = furnishing.default_procedure()
    assert "Any business" in text_of(client.get(reverse("complaint_settings")))
    client.post(reverse("procedure_new"), {"preset": "finance", "name": "Loans"})
    loans = Procedure.objects.get(name="Loans")
    assert "ombudsman" in text_of(client.get(reverse("procedure", args=[loans.pk])))
    given = {
        "name": "Loans", "key": ["received", "", "closed"], "stage_name": ["In", "Bank asked", "Done"],
        "hours": ["0.5", "8", ""], "counts": ["work", "all", "work"], "warn": ["50", "", ""],
        "next_step": ["Say hello", "", ""], "final_response_days": "56", "follow_up_days": "3",
        "proposal_days": "7", "default": "1",
    }  # fmt: skip
    client.post(reverse("procedure", args=[loans.pk]), given)
    stages = list(loans.stages.values_list("key", "limit_minutes", "working_hours", "warn_percent"))
    assert stages == [("received", 30, True, 50), ("bank-asked", 480, False, 75), ("closed", None, True, 75)]
    assert furnishing.default_procedure() == loans
    refused = client.post(
        reverse("procedure", args=[loans.pk]), given | {"hours": ["many", "", ""]}, follow=True
    )
    assert "&#x27;many&#x27; hours" in text_of(refused)
    client.post(reverse("procedure_removal", args=[default.pk]))
    assert not Procedure.objects.filter(pk=default.pk).exists()
    client.post(reverse("checklist_new"), {"name": "Smell", "items": "Smell it\nAsk"})
    kind = Checklist.objects.get(key="smell")
    client.post(reverse("checklist", args=[kind.pk]), {"name": "Smells", "items": "Smell it"})
    assert "Smells" in text_of(client.get(reverse("complaint_settings")))
    client.post(reverse("checklist_removal", args=[kind.pk]))
    client.post(reverse("cause_new"), {"name": "Weather", "is_active": "on"})
    weather = Cause.objects.get(name="Weather")
    client.post(reverse("cause_edit", args=[weather.pk]), {"name": "Snow", "is_active": "on"})
    assert "Snow" in text_of(client.get(reverse("cause_tree")))
    client.post(reverse("cause_removal", args=[weather.pk]))
    assert not Cause.objects.filter(pk=weather.pk).exists()


def test_a_promise_that_a_complaint_made_leads_to_its_case(client, owner, stranger, complaint):
    made = Promise.objects.filter(made_from="complaints.complaint").first()
    client.force_login(owner)
    shown = client.get(reverse("promise", args=[made.pk])).content.decode()
    address = reverse("complaint", args=[complaint.pk])
    assert f'<a href="{address}">Complaint {complaint.number}</a>' in shown
    assert link_of(made.made_from, made.made_from_id, stranger) is None


def test_settings_are_for_leads(client, owner):
    client.force_login(owner)
    for name in ("complaint_settings", "cause_tree", "cause_new", "checklist_new"):
        assert client.get(reverse(name)).status_code == 403, name


def test_the_card_and_a_lead_help_when_feelings_run_high(client, owner, lead, place):
    place.feeling, place.feeling_strength = "angry", 3
    place.save()
    client.force_login(owner)
    there = reverse("conversation", args=[place.pk])
    shown = text_of(client.get(there))
    assert "Feelings run high" in shown
    assert "Call for help" in shown
    client.post(reverse("help_call", args=[place.pk]), {"words": "He shouts"})
    call = CallForHelp.objects.get()
    client.force_login(lead)
    assert "He shouts" in text_of(client.get(reverse("help_calls")))
    assert "He shouts" in text_of(client.get(reverse("for_you")))
    assert client.post(reverse("help_answer", args=[call.pk, "dance"])).status_code == 303
    client.post(reverse("help_answer", args=[call.pk, "take-over"]))
    place.refresh_from_db()
    assert place.assignee == lead
    assert "He shouts" not in text_of(client.get(reverse("help_calls")))
    client.force_login(owner)
    assert "Good that you called" in text_of(client.get(reverse("for_you")))


def test_a_lead_joins_with_the_button_at_the_top_of_every_page(client, owner, lead, place):
    inbox.assign(conversation=place, agent=owner, to=owner)
    client.force_login(owner)
    client.post(reverse("help_call", args=[place.pk]), {"words": "He shouts"})
    client.force_login(lead)
    shown = client.get(reverse("help_calls")).content.decode()
    address = re.search(r'action="([^"]+)"[^>]*>(?:(?!</form>).)*Join</button>', shown)[1]
    answer = client.post(address)
    assert (answer.status_code, answer["Location"]) == (303, reverse("conversation", args=[place.pk]))
    place.refresh_from_db()
    call = CallForHelp.objects.get()
    assert (place.assignee, call.answered_by) == (owner, lead)
    assert "He shouts" not in text_of(client.get(reverse("help_calls")))


def test_who_called_can_say_that_it_goes(client, owner, place):
    client.force_login(owner)
    client.post(reverse("help_call", args=[place.pk]))
    assert "called for help here" in text_of(client.get(reverse("conversation", args=[place.pk])))
    client.post(reverse("help_answer", args=[CallForHelp.objects.get().pk, "manage"]))
    assert CallForHelp.objects.get().answered_at <= timezone.now()


def test_the_coach_of_the_composer_knows_whose_fault_it_was(client, owner, complaint, place):
    client.force_login(owner)
    words = "I am sorry, this was our mistake. A new kettle leaves our house today, Carla."

    def rules():
        given = {"kind": "reply", "markdown": words, "text": words}
        answer = client.post(
            reverse("draft", args=[place.pk]),
            given,
            content_type="application/json",
            HTTP_ACCEPT="application/json",
        )
        return {finding["rule"] for finding in answer.json()["review"]["findings"]}

    assert "fault-admitted" not in rules()
    actions.find_fault(complaint=complaint, agent=owner, fault="carrier")
    assert "fault-admitted" in rules()
    actions.find_fault(complaint=complaint, agent=owner, fault="ours")
    assert "fault-admitted" not in rules()
