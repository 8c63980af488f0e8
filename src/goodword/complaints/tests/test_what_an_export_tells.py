"""What of a complaint is given to the customer who asks what we have of them."""

import pytest

from goodword.complaints import actions, exporting
from goodword.complaints.models import Remedy
from goodword.customers.registry import Asked, Entry

pytestmark = pytest.mark.django_db


def told(customer, lead, *, internal: bool) -> Entry:
    (section,) = exporting.complaints(Asked(customer, lead, internal))
    (entry,) = section.entries
    return entry


def test_files_of_what_was_found_out_are_given_only_when_asked_for(complaint, customer, owner, lead):
    actions.add_file(
        complaint=complaint,
        agent=owner,
        filename="report.txt",
        content_type="text/plain",
        data=b"We dropped it.",
    )
    assert list(told(customer, lead, internal=False).files) == []
    assert [file.name for file in told(customer, lead, internal=True).files] == ["report.txt"]


def test_what_waits_for_approval_within_the_house_is_told_to_nobody(complaint, customer, lead):
    for state in (Remedy.State.OPEN, Remedy.State.ASKED, Remedy.State.REFUSED):
        Remedy.objects.create(complaint=complaint, kind="refund", what=f"Money, {state}", state=state)
    remedies = told(customer, lead, internal=False).facts["remedies"]
    assert [one["what"] for one in remedies] == ["Money, open"]
