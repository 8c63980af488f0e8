"""The first draft of an acknowledgement."""

import pytest
from django.utils import timezone

from goodword.coaching.actions import review_draft
from goodword.complaints import drafts

pytestmark = pytest.mark.django_db


def test_the_acknowledgement_names_number_matter_and_day_and_the_coach_is_content(complaint, owner):
    now = timezone.now()
    draft = drafts.acknowledgement(complaint, owner, now=now)
    assert complaint.number in draft
    assert "Hello Carla" in draft
    assert complaint.what_happened in draft
    assert "Her money back" in draft
    said = review_draft(
        draft=draft,
        customer_message="This is the second kettle that leaks. I am angry and want my money back.",
        customer_name="Carla Customer",
        agent_name=owner.name,
        now=now,
    )
    assert [one["rule"] for one in said["findings"] if one["severity"] in ("warn", "stop")] == []
    assert said["commitments"]


def test_without_clocks_it_names_no_day(complaint, owner):
    complaint.procedure.stages.update(limit_minutes=None)
    assert "as soon as I know more" in drafts.acknowledgement(complaint, owner)
