"""Shops' systems say what became of a remedy."""

from collections.abc import Callable

import pytest

from goodword.complaints import actions
from goodword.complaints.models import Complaint, Remedy
from goodword.events.models import Event
from goodword.inbox.models import Conversation
from goodword.staff.models import Agent

from .conftest import Program


@pytest.fixture
def complaint(conversation: Conversation, owner: Agent) -> Complaint:
    return actions.open_complaint(conversation=conversation, agent=owner, what_happened="Nothing came.")


@pytest.fixture
def remedy(complaint: Complaint, owner: Agent) -> Remedy:
    return actions.add_remedy(complaint=complaint, agent=owner, kind="replacement", what="A new parcel")


def proof(complaint: Complaint, remedy: Remedy) -> str:
    return f"complaints/{complaint.number}/remedies/{remedy.pk}/proof"


def test_a_complaint_is_read_by_its_number(house: Program, complaint: Complaint, remedy: Remedy) -> None:
    said = house("GET", f"complaints/{complaint.number.lower()}")
    assert (said.status, said.body["stage"]) == (200, "agreed")
    assert [one["what"] for one in said.body["remedies"]] == ["A new parcel"]


def test_a_parcel_is_sent_and_arrives(house: Program, complaint: Complaint, remedy: Remedy) -> None:
    path = proof(complaint, remedy)
    sent = house("POST", path, {"what": "sent", "proof": "JD0146"})
    assert (sent.status, sent.body["state"], sent.body["proof"]) == (200, "under_way", "JD0146")
    for _twice in range(2):
        done = house("POST", path, {"what": "delivered"})
        assert (done.status, done.body["state"]) == (200, "done")
    assert Event.objects.filter(kind="complaint.remedy_done").count() == 1
    remedy.refresh_from_db()
    assert remedy.promise is not None
    assert remedy.promise.state == "kept"


def test_what_contradicts_a_proof_is_refused(house: Program, complaint: Complaint, remedy: Remedy) -> None:
    path = proof(complaint, remedy)
    assert house("POST", path, {"what": "paid", "proof": "RF-1"}).body["state"] == "done"
    said = house("POST", path, {"what": "paid", "proof": "RF-2"})
    assert (said.status, said.body["type"]) == (409, "urn:goodword:problem:complaint")
    assert "RF-1" in said.body["detail"]


def test_a_proof_without_its_number_is_refused(house: Program, complaint: Complaint, remedy: Remedy) -> None:
    said = house("POST", proof(complaint, remedy), {"what": "sent"})
    assert said.status == 409
    assert "tracking number" in said.body["detail"]


def test_a_remedy_of_another_complaint_is_not_there(
    house: Program, complaint: Complaint, remedy: Remedy
) -> None:
    assert house("POST", "complaints/C-2026-9999/remedies/1/proof", {"what": "delivered"}).status == 404
    assert house("POST", f"complaints/{complaint.number}/remedies/999/proof", {"what": "paid"}).status == 404


def test_a_program_of_a_stranger_sees_nothing(
    program: Callable[..., Program], complaint: Complaint, remedy: Remedy, stranger: Agent
) -> None:
    theirs = program("write", agent=stranger)
    assert theirs("GET", f"complaints/{complaint.number}").status == 404
    assert theirs("POST", proof(complaint, remedy), {"what": "paid", "proof": "X"}).status == 404


def test_reading_alone_proves_nothing(
    program: Callable[..., Program], complaint: Complaint, remedy: Remedy
) -> None:
    said = program("read")("POST", proof(complaint, remedy), {"what": "paid", "proof": "X"})
    assert said.status == 403
