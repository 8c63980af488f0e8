"""Phones, handles and details of a customer: kept in one form, changed by anybody, told in the timeline."""

import pytest
from django.utils import timezone

from goodword.customers import actions
from goodword.customers.models import Customer, CustomerHandle, CustomerPhone
from goodword.events.models import Event
from goodword.events.timeline import sentences
from goodword.staff.models import Agent


def test_a_number_is_kept_in_one_form_however_it_is_typed(customer: Customer, owner: Agent) -> None:
    for typed in ("+49 (30) 1234567", "0049 30 1234567", "+49301234567"):
        try:
            actions.add_phone(customer=customer, number=typed, label="Home", agent=owner)
        except actions.CustomerError:
            assert typed.startswith("00")  # only where the company's country dials so
    phone = CustomerPhone.objects.get()
    assert (phone.number, phone.shown, phone.label) == ("+49301234567", "+49 30 1234567", "Home")


def test_a_number_without_its_country_is_one_of_where_the_customer_lives(
    customer: Customer, owner: Agent
) -> None:
    there = actions.describe(customer=customer, agent=owner, time_zone="Europe/Berlin")
    assert actions.add_phone(customer=there, number="030 1234567", agent=owner).number == "+49301234567"


@pytest.mark.parametrize("typed", ["", "call me", "12", "+49 30 " + "1" * 60, "+999 123456"])
def test_what_is_no_number_is_refused_in_a_sentence(customer: Customer, owner: Agent, typed: str) -> None:
    with pytest.raises(actions.CustomerError, match=r"is not a phone number\. Write it with the country"):
        actions.add_phone(customer=customer, number=typed, agent=owner)


def test_a_handle_belongs_to_one_customer(customer: Customer, owner: Agent) -> None:
    for handle in ("@carla", "@CARLA"):
        actions.add_handle(customer=customer, network="Instagram", handle=handle, agent=owner)
    other = actions.customer_of(address="other@example.org")
    with pytest.raises(actions.CustomerError, match="belongs to Carla Customer already"):
        actions.add_handle(customer=other, network="instagram", handle="@carla", agent=owner)
    assert CustomerHandle.objects.count() == 1


def test_details_that_there_are_not_are_refused(customer: Customer, owner: Agent) -> None:
    with pytest.raises(actions.CustomerError, match="'owl' is no channel"):
        actions.describe(customer=customer, agent=owner, tier="gold", preferred_channel="owl")
    with pytest.raises(actions.CustomerError, match="'Mars/North' is no time zone"):
        actions.describe(customer=customer, agent=owner, time_zone="Mars/North")
    customer.refresh_from_db()
    assert customer.tier == ""


def test_what_changed_is_told_once_and_the_customer_is_compared_anew(
    customer: Customer, owner: Agent
) -> None:
    Customer.objects.update(compared_at=timezone.now())
    for _ in range(2):
        phone = actions.add_phone(customer=customer, number="+49 30 1234567", agent=owner)
        handle = actions.add_handle(customer=customer, network="Chat", handle="carla", agent=owner)
        actions.describe(customer=customer, agent=owner, tier="gold", greeting_name="Ms Customer")
    customer.refresh_from_db()
    assert customer.compared_at is None
    for _ in range(2):
        actions.remove_phone(phone=phone, agent=owner)
        actions.remove_handle(handle=handle, agent=owner)
    events = Event.objects.filter(customer_id=customer.pk, agent_id=owner.pk).order_by("id")
    assert [line.text for line in sentences(events, {owner.pk: "Olga"})] == [
        "Olga added the phone number +49 30 1234567.",
        "Olga added carla (Chat).",
        "Olga noted tier: gold, how to be addressed: Ms Customer.",
        "Olga took the phone number +49 30 1234567 away.",
        "Olga took carla (Chat) away.",
    ]
