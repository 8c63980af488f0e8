"""What the house writes by itself about a complaint reads well."""

from datetime import timedelta

import pytest
from django.utils import timezone

from goodword.coaching.actions import review_draft
from goodword.complaints import actions
from goodword.complaints.letters import chosen_letter, follow_up_letter, received_letter
from goodword.complaints.models import FollowUp, Proposal, ProposalOption


def chosen(complaint, remedy):
    proposal = Proposal.objects.create(complaint=complaint)
    return chosen_letter(proposal, remedy)


def asked(complaint, remedy):
    follow_up = FollowUp.objects.create(complaint=complaint, due_at=timezone.now())
    return follow_up_letter(follow_up, [remedy])


def received(complaint, remedy):
    return received_letter(complaint, timezone.now() + timedelta(days=3))


@pytest.mark.parametrize("letter", [chosen, asked, received])
def test_the_coach_finds_nothing_to_warn_of(complaint, owner, letter):
    remedy = actions.add_remedy(complaint=complaint, agent=owner, kind="refund", what="Your money back")
    said = review_draft(draft=letter(complaint, remedy), customer_message="", customer_name="Carla Customer")
    assert [one for one in said["findings"] if one["severity"] in ("stop", "warn")] == []


@pytest.mark.parametrize("kind", ProposalOption.Kind.values)
def test_every_kind_of_remedy_has_words_for_each_of_its_states(complaint, owner, kind):
    remedy = actions.add_remedy(complaint=complaint, agent=owner, kind=kind, what="As agreed")
    words = [chosen(complaint, remedy)]
    actions.ship(remedy=remedy, agent=owner, tracking="JD0146")
    remedy.refresh_from_db()
    words.append(chosen(complaint, remedy))
    actions.delivered(remedy=remedy, agent=owner)
    remedy.refresh_from_db()
    words.append(chosen(complaint, remedy))
    assert not [one for one in words if "{" in one or "by ." in one]
