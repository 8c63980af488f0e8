"""Procedures, kinds and causes as a lead sets them; changes that prevent the next complaint."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from goodword.complaints import actions, furnishing, watching
from goodword.complaints.actions import Rules, Stage
from goodword.complaints.errors import ComplaintError
from goodword.complaints.models import Cause, Checklist, Prevention, Procedure
from goodword.events.models import Event
from goodword.staff.access import NotAllowed

pytestmark = pytest.mark.django_db

RULES = Rules(
    name="Ours", team=None, final_response_days=None, body_text="", follow_up_days=3, proposal_days=7
)
STAGES = [
    Stage(key="received", name="In", limit_minutes=60, next_step="Say that we have it"),
    Stage(key="", name="With the maker", limit_minutes=None),
    Stage(key="closed", name="Done", limit_minutes=None),
]


def test_a_lead_edits_stages_as_data(complaint, lead):
    procedure = furnishing.default_procedure()
    actions.change_procedure(by=lead, procedure=procedure, rules=RULES, stages=STAGES)
    assert [(stage.key, stage.name) for stage in procedure.stages.all()] == [
        ("received", "In"),
        ("with-the-maker", "With the maker"),
        ("closed", "Done"),
    ]
    actions.move(complaint=complaint, agent=lead, to="with-the-maker")
    assert complaint.stage_records.get(left_at=None).due_at is None


@pytest.mark.parametrize(
    ("rules", "stages", "says"),
    [
        (replace(RULES, name=" "), STAGES, "no name"),
        (RULES, STAGES[1:], "begins with 'received'"),
        (RULES, [STAGES[0], STAGES[0], STAGES[2]], "two stages 'In'"),
        (RULES, [STAGES[0], Stage(key="", name="", limit_minutes=1), STAGES[2]], "no name"),
        (RULES, [replace(STAGES[0], limit_minutes=10**7), STAGES[2]], "within a year"),
        (RULES, [replace(STAGES[0], warn_percent=0), STAGES[2]], "percent"),
    ],
)
def test_a_procedure_that_cannot_be_is_refused_in_a_sentence(lead, rules, stages, says):
    procedure = furnishing.default_procedure()
    with pytest.raises(ComplaintError, match=says):
        actions.change_procedure(by=lead, procedure=procedure, rules=rules, stages=stages)


def test_a_stage_with_complaints_in_it_stays(complaint, lead):
    actions.investigate(complaint=complaint, agent=lead)
    with pytest.raises(ComplaintError, match=complaint.number):
        actions.change_procedure(by=lead, procedure=complaint.procedure, rules=RULES, stages=STAGES)


def test_only_a_lead_sets_them(owner, lead):
    procedure = furnishing.default_procedure()
    with pytest.raises(NotAllowed):
        actions.change_procedure(by=owner, procedure=procedure, rules=RULES, stages=STAGES)
    with pytest.raises(NotAllowed):
        actions.set_cause(by=owner, name="Weather")
    with pytest.raises(NotAllowed):
        actions.set_checklist(by=owner, name="Weather", items=["Look up"])


def test_a_house_has_one_default_and_others_by_preset(lead):
    first = furnishing.default_procedure()
    shop = actions.add_procedure(by=lead, preset="shop")
    actions.make_default(by=lead, procedure=shop)
    assert furnishing.default_procedure() == shop
    with pytest.raises(ComplaintError, match="house's procedure"):
        actions.remove_procedure(by=lead, procedure=shop)
    actions.remove_procedure(by=lead, procedure=first)
    actions.remove_procedure(by=lead, procedure=first)
    assert Procedure.objects.count() == 1


def test_a_kind_of_complaint_is_added_changed_and_removed(complaint, lead):
    kind = actions.set_checklist(by=lead, name="Smell", items=["Smell it", "", "Smell it", "Ask the maker"])
    assert (kind.key, kind.items) == ("smell", ["Smell it", "Ask the maker"])
    actions.set_checklist(by=lead, name="Smells", items=["Smell it twice"], checklist=kind)
    actions.change(complaint=complaint, agent=lead, kind="smell")
    actions.remove_checklist(by=lead, checklist=kind)
    assert complaint.check_items.filter(text="Smell it twice").exists()
    assert not Checklist.objects.filter(key="smell").exists()


def test_causes_form_a_tree_that_cannot_hang_on_itself(lead):
    top = actions.set_cause(by=lead, name="Weather")
    below = actions.set_cause(by=lead, name="Snow", parent=top)
    assert actions.set_cause(by=lead, name="Snow", parent=top) == below
    with pytest.raises(ComplaintError, match="hang on itself"):
        actions.set_cause(by=lead, name="Weather", parent=below, cause=top)
    with pytest.raises(ComplaintError, match="hang on 'Weather'"):
        actions.remove_cause(by=lead, cause=top)
    actions.remove_cause(by=lead, cause=below)
    assert not Cause.objects.filter(name="Snow").exists()


def test_a_cause_that_explains_something_is_only_no_longer_offered(complaint, lead):
    cause = actions.set_cause(by=lead, name="Weather")
    actions.name_cause(complaint=complaint, agent=lead, cause=cause)
    actions.remove_cause(by=lead, cause=cause)
    cause.refresh_from_db()
    assert not cause.is_active


def test_a_change_has_an_owner_and_a_day_and_is_carried_out_once(complaint, owner, lead):
    cause = actions.set_cause(by=lead, name="Old seal")
    today = timezone.localdate()
    for _twice in range(2):
        made = actions.plan(
            agent=lead, action="Throw the old seals away", owner=owner, due_on=today, cause=cause,
            complaints=[complaint],
        )  # fmt: skip
    assert (Prevention.objects.get(), made.owner, list(made.complaints.all())) == (made, owner, [complaint])
    complaint.stage_records.update(due_at=None, warn_at=None)
    tomorrow = timezone.now() + timedelta(days=1)
    assert watching.watch(tomorrow) == 1
    assert watching.watch(tomorrow) == 0
    for _twice in range(2):
        actions.carry_out(prevention=made, agent=owner, result="All gone.")
    assert Prevention.objects.get().result == "All gone."
    assert Event.objects.filter(kind="complaint.prevention_done").count() == 1
