"""The part of a case's page that proposes, and tracks remedies to proof."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from goodword.complaints import actions
from goodword.complaints.models import Proposal, Remedy
from goodword.goodwill import actions as goodwill
from goodword.goodwill.models import ApprovalRequest
from goodword.inbox import actions as inbox
from goodword.staff.models import AuthorityLevel

ROWS = {
    "text": "The seal was faulty from the start.",
    "o0-kind": "replacement",
    "o0-text": "A new kettle",
    "o0-cost": "12.00",
    "o0-value": "",
    "o1-kind": "refund",
    "o1-text": "Your money back",
    "o1-cost": "30",
    "o1-value": "30",
    "o2-kind": "voucher",
    "o2-text": "",
    "o2-cost": "",
    "o2-value": "",
}


@pytest.fixture
def case(mailbox, team, customer, owner, team_mate):
    """A complaint of Olga's, who may give 50 at once; Tariq may give 200."""
    small = AuthorityLevel.objects.create(name="Agent", rank=1, per_gesture=50, per_month=500)
    large = AuthorityLevel.objects.create(name="Senior", rank=2, per_gesture=200, per_month=5000)
    owner.authority, team_mate.authority = small, large
    owner.save()
    team_mate.save()
    place = inbox.open_conversation(customer=customer, subject="Kettle", text="It leaks.", mailbox=mailbox)
    return actions.open_complaint(conversation=place, agent=owner, what_happened="It leaks.")


def logged_in(agent):
    client = Client()
    client.force_login(agent)
    return client


def page_of(client, case):
    response = client.get(reverse("complaint", args=[case.pk]))
    return response.content.decode()


def test_a_proposal_is_kept_looked_over_and_sent(case, owner):
    client = logged_in(owner)
    assert "Write a proposal" in page_of(client, case)
    client.post(reverse("proposal_write", args=[case.pk]), ROWS | {"how": "keep"})
    proposal = Proposal.objects.get()
    assert [one.text for one in proposal.options.all()] == ["A new kettle", "Your money back"]
    html = page_of(client, case)
    assert "Send to the customer" in html
    assert "€30.00" in html
    client.post(reverse("proposal_send", args=[proposal.pk]))
    html = page_of(client, case)
    assert "Waiting for the customer" in html
    assert "/yours/choice/" in html


def test_more_than_one_may_give_is_asked_for_and_approved_by_one_click(case, owner, team_mate):
    client = logged_in(owner)
    dear = ROWS | {"o1-cost": "90", "o1-value": "90", "how": "send"}
    client.post(reverse("proposal_write", args=[case.pk]), dear)
    proposal = Proposal.objects.get()
    assert proposal.state == "draft"
    assert "Ask for approval" in page_of(client, case)
    client.post(reverse("proposal_ask", args=[proposal.pk]), {"reason": "The second in a month"})
    assert "Approve and send" not in page_of(client, case)
    other = logged_in(team_mate)
    html = page_of(other, case)
    assert "Approve and send" in html
    assert "The second in a month" in html
    request = actions.proposing.open_requests(proposal)[0]
    other.post(reverse("proposal_answer", args=[request.pk]), {"verb": "approve", "reason": "Fine"})
    proposal.refresh_from_db()
    assert proposal.state == "sent"


def test_wrong_rows_are_refused_in_a_sentence(case, owner):
    client = logged_in(owner)
    response = client.post(
        reverse("proposal_write", args=[case.pk]), ROWS | {"o1-cost": "-3", "how": "keep"}, follow=True
    )
    assert "Cost to us" in response.content.decode()
    assert not Proposal.objects.exists()


def test_a_remedy_is_proven_on_the_page_of_the_case(case, owner):
    client = logged_in(owner)
    told = {"kind": "refund", "what": "Your money back", "cost": "30"}
    client.post(reverse("remedy_new", args=[case.pk]), told)
    remedy = Remedy.objects.get()
    assert remedy.cost == Decimal("30")
    assert "Reference of the payment" in page_of(client, case)
    client.post(reverse("remedy_verb", args=[remedy.pk, "paid"]), {"proof": "RF-1"})
    html = page_of(client, case)
    assert "RF-1" in html
    assert "is asked on" in html
    remedy.refresh_from_db()
    assert remedy.state == "done"


def test_what_was_agreed_elsewhere_and_costs_more_is_asked_for_with_the_words_kept(case, owner, team_mate):
    client = logged_in(owner)
    told = {"kind": "refund", "what": "Your money back", "cost": "90"}
    asking = client.post(reverse("remedy_new", args=[case.pk]), told)
    assert asking.status_code == 422
    assert 'value="Your money back"' in asking.content.decode()
    assert "Somebody with more authority decides" in asking.content.decode()
    client.post(reverse("remedy_ask", args=[case.pk]), told | {"reason": "I promised it on the phone."})
    html = page_of(client, case)
    assert "Waiting for approval" in html
    assert "Take the request back" in html
    approval = ApprovalRequest.objects.get()
    goodwill.approve(request=approval, by=team_mate)
    assert "Reference of the payment" in page_of(client, case)


def test_a_remedy_that_fails_says_that_its_money_is_free_again(case, owner):
    client = logged_in(owner)
    client.post(reverse("remedy_new", args=[case.pk]), {"kind": "refund", "what": "Money", "cost": "30"})
    remedy = Remedy.objects.get()
    client.post(reverse("remedy_verb", args=[remedy.pk, "failed"]), {"proof": "The bank sent it back."})
    assert "€30.00 were taken back in the ledger of gestures" in page_of(client, case)


def test_what_failed_and_costs_too_much_now_is_asked_for_by_a_button(case, owner, team_mate):
    client = logged_in(owner)
    client.post(reverse("remedy_new", args=[case.pk]), {"kind": "refund", "what": "Money", "cost": "30"})
    remedy = Remedy.objects.get()
    client.post(reverse("remedy_verb", args=[remedy.pk, "failed"]), {"proof": "The bank sent it back."})
    AuthorityLevel.objects.filter(rank=1).update(per_gesture=20)
    asking = client.post(reverse("remedy_verb", args=[remedy.pk, "again"]))
    assert asking.status_code == 422
    html = asking.content.decode()
    assert "€30.00" in html
    asking_for = reverse("remedy_ask_again", args=[remedy.pk])
    assert f'action="{asking_for}"' in html
    assert client.post(asking_for, {"reason": " "}).status_code == 422
    for _twice in range(2):
        client.post(asking_for, {"reason": "Her account has another number now."})
    html = page_of(client, case)
    assert "Take the request back" in html
    assert "Take it up again" not in html
    goodwill.approve(request=ApprovalRequest.objects.get(), by=team_mate)
    html = page_of(client, case)
    assert "Reference of the payment" in html
    assert "Take it up again" not in html
    assert Remedy.objects.count() == 1


def test_a_remedy_without_proof_is_refused_in_a_sentence(case, owner):
    client = logged_in(owner)
    client.post(reverse("remedy_new", args=[case.pk]), {"kind": "refund", "what": "Money", "cost": ""})
    remedy = Remedy.objects.get()
    response = client.post(reverse("remedy_verb", args=[remedy.pk, "paid"]), {"proof": " "}, follow=True)
    assert "Which reference" in response.content.decode()
    assert client.post(reverse("remedy_verb", args=[remedy.pk, "nonsense"])).status_code == 404


def test_a_stranger_finds_none_of_it(case, owner, stranger):
    logged_in(owner).post(reverse("proposal_write", args=[case.pk]), ROWS | {"how": "keep"})
    proposal = Proposal.objects.get()
    client = logged_in(stranger)
    for name in ("proposal_send", "proposal_ask", "proposal_back", "proposal_withdraw"):
        assert client.post(reverse(name, args=[proposal.pk]), {"reason": "x"}).status_code == 404
    assert client.post(reverse("proposal_write", args=[case.pk]), ROWS).status_code == 404
    proposal.refresh_from_db()
    assert proposal.state == "draft"
