"""Where a final response is due, it says where the customer can go who does not agree."""

from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.test import Client

from goodword.complaints import actions
from goodword.complaints.actions import NewOption
from goodword.complaints.errors import ComplaintError
from goodword.complaints.letters import choice_link, complaint_link
from goodword.complaints.models import Procedure

RIGHTS = "If you do not agree, the ombudsman decides.\nOmbudsman: Ada Lovelace\nPhone: +44 20 7946 0000"


@pytest.fixture
def regulated(place, owner, lead):
    """A complaint by the procedure of regulated finance, whose ombudsman nobody has named yet."""
    made = actions.add_procedure(by=lead, preset="finance", name="Finance")
    actions.make_default(by=lead, procedure=made)
    return actions.open_complaint(conversation=place, agent=owner, what_happened="The fee was wrong.")


def named():
    Procedure.objects.filter(name="Finance").update(body_text=RIGHTS)


def written(case):
    options = [NewOption("refund", "The fee back", Decimal("5"), Decimal("5"))]
    return actions.save_proposal(complaint=case, agent=None, options=options)


def test_it_is_not_sent_before_the_ombudsman_is_named(regulated):
    with pytest.raises(
        ComplaintError, match=r"\[name\] is not filled in yet.*Settings › Complaints › Finance"
    ):
        actions.send_proposal(proposal=written(regulated), agent=None)


def test_the_letter_and_the_customers_pages_name_the_ombudsman(regulated):
    named()
    sent = actions.send_proposal(proposal=written(regulated), agent=None)
    for line in RIGHTS.splitlines():
        assert line in sent.message.text
    actions.decline(proposal=sent, words="Not enough.")
    for link in (complaint_link(regulated), choice_link(sent)):
        page = Client().get(urlsplit(link).path).content.decode()
        assert "Ombudsman: Ada Lovelace" in page


def test_other_procedures_say_nothing_of_it_in_an_offer(complaint):
    Procedure.objects.update(body_text=RIGHTS)
    sent = actions.send_proposal(proposal=written(complaint), agent=None)
    assert "ombudsman" not in sent.message.text


def test_the_customers_page_shows_no_gaps_where_the_answer_was_given_by_phone(regulated, owner):
    actions.add_remedy(complaint=regulated, agent=owner, kind="information", what="We explained the fee.")
    at = urlsplit(complaint_link(regulated)).path
    page = Client().get(at)
    assert page.status_code == 200
    assert "[name]" not in page.content.decode()
    named()
    assert "Ombudsman: Ada Lovelace" in Client().get(at).content.decode()
