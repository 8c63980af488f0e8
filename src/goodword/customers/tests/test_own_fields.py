"""A company's own fields: made by administrators, with values that fit their kind."""

import pytest

from goodword.customers import actions, queries
from goodword.customers.models import Customer, CustomField, CustomValue
from goodword.staff.access import NotAllowed
from goodword.staff.models import Agent

FIT = [
    ("text", " Blue  door ", "Blue  door"),
    ("number", "1 200.50", "1200.50"),
    ("date", "2026-03-01", "2026-03-01"),
    ("choice", "LARGE", "Large"),
    ("yes_no", "Yes", "yes"),
    ("yes_no", "0", "no"),
]
MISFIT = [
    ("number", "many", "is not a number"),
    ("number", "NaN", "is not a number"),
    ("date", "1.3.2026", "is not a date. Write it as 2026-03-01"),
    ("choice", "Huge", "is not on the list. Choose one of these: Small, Large"),
    ("yes_no", "maybe", "is neither yes nor no"),
    ("text", "x" * 2001, "has 2001 characters; 2000 are kept"),
]


def field(administrator: Agent, kind: str) -> CustomField:
    choices = ["Small", " Large", "Small"] if kind == "choice" else []
    return actions.add_field(
        agent=administrator, subject="customer", label="Own field", kind=kind, choices=choices
    )


@pytest.mark.parametrize(("kind", "typed", "kept"), FIT)
def test_a_value_is_kept_in_one_plain_form(
    customer: Customer, administrator: Agent, kind: str, typed: str, kept: str
) -> None:
    own = field(administrator, kind)
    for _ in range(2):
        actions.set_value(of=customer, field=own, value=typed, agent=administrator)
    assert CustomValue.objects.get().value == kept
    actions.set_value(of=customer, field=own, value=" ", agent=administrator)
    assert not CustomValue.objects.exists()


@pytest.mark.parametrize(("kind", "typed", "sentence"), MISFIT)
def test_a_value_that_does_not_fit_is_refused(
    customer: Customer, administrator: Agent, kind: str, typed: str, sentence: str
) -> None:
    own = field(administrator, kind)
    with pytest.raises(actions.CustomerError, match=sentence):
        actions.set_value(of=customer, field=own, value=typed, agent=administrator)
    assert not CustomValue.objects.exists()


def test_values_are_set_by_key_all_or_none(customer: Customer, administrator: Agent) -> None:
    field(administrator, "number")
    with pytest.raises(actions.CustomerError, match=r"no field 'shoe'\. There are these: own-field"):
        actions.set_values(of=customer, values={"own-field": "3", "shoe": "41"}, agent=None)
    assert not CustomValue.objects.exists()


def test_a_retired_field_keeps_its_values_and_is_shown_no_more(
    customer: Customer, administrator: Agent
) -> None:
    own = field(administrator, "text")
    actions.set_value(of=customer, field=own, value="kept", agent=administrator)
    actions.retire_field(field=own, agent=administrator)
    assert queries.own_values(customer) == []
    actions.retire_field(field=own, agent=administrator, back=True)
    assert [(one.field.label, one.shown) for one in queries.own_values(customer)] == [("Own field", "kept")]


def test_organisations_have_fields_too(customer: Customer, administrator: Agent) -> None:
    own = actions.add_field(agent=administrator, subject="organisation", label="VAT", kind="text")
    firm = actions.set_organisation(customer=customer, name="Work Ltd", agent=None).organisation
    assert firm is not None
    actions.set_value(of=firm, field=own, value="DE 1", agent=administrator)
    assert [one.shown for one in queries.own_values(firm)] == ["DE 1"]


def test_only_administrators_make_fields(owner: Agent, lead: Agent) -> None:
    for agent in (owner, lead):
        with pytest.raises(NotAllowed):
            field(agent, "text")


def test_two_fields_of_one_name_are_refused(administrator: Agent) -> None:
    field(administrator, "text")
    with pytest.raises(actions.CustomerError, match="There is a field 'own-field' already"):
        field(administrator, "number")
    with pytest.raises(actions.CustomerError, match="at least one entry"):
        actions.add_field(agent=administrator, subject="customer", label="Size", kind="choice")
