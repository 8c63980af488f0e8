"""Customers who did not ask are contacted with their consent, in good hours, and not too often."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from goodword.customers import contact
from goodword.customers.errors import CustomerError
from goodword.customers.models import Consent, Contact, ContactRule, Customer
from goodword.mail.models import Suppression

pytestmark = pytest.mark.django_db(transaction=True)
WEDNESDAY = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)


def said(customer: Customer, about: str, *, yes: bool) -> None:
    Consent.objects.create(customer=customer, purpose=about, given=yes, how="by mail")


def test_service_needs_no_consent(customer: Customer) -> None:
    assert contact.may_contact(customer, about="service", at=WEDNESDAY).allowed


def test_offers_need_a_yes_and_surveys_only_no_no(customer: Customer) -> None:
    assert not contact.may_contact(customer, about="offers", at=WEDNESDAY).allowed
    assert contact.may_contact(customer, about="surveys", at=WEDNESDAY).allowed
    said(customer, "offers", yes=True)
    said(customer, "surveys", yes=False)
    assert contact.may_contact(customer, about="offers", at=WEDNESDAY).allowed
    leave = contact.may_contact(customer, about="surveys", at=WEDNESDAY)
    assert (leave.allowed, leave.not_before) == (False, None)
    assert "said no" in leave.why


def test_a_purpose_that_there_is_not_is_refused(customer: Customer) -> None:
    with pytest.raises(CustomerError, match="no purpose 'fun'"):
        contact.may_contact(customer, about="fun", at=WEDNESDAY)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (datetime(2026, 11, 25, 23, 30, tzinfo=UTC), datetime(2026, 11, 26, 8, 0, tzinfo=UTC)),
        (datetime(2026, 11, 26, 3, 0, tzinfo=UTC), datetime(2026, 11, 26, 8, 0, tzinfo=UTC)),
        (datetime(2026, 11, 29, 12, 0, tzinfo=UTC), datetime(2026, 11, 30, 8, 0, tzinfo=UTC)),
        (datetime(2026, 11, 28, 21, 0, tzinfo=UTC), datetime(2026, 11, 30, 8, 0, tzinfo=UTC)),
    ],
)
def test_quiet_hours_and_sundays_put_it_off_to_the_next_good_moment(
    customer: Customer, at: datetime, until: datetime
) -> None:
    Customer.objects.update(time_zone="UTC")
    customer.refresh_from_db()
    leave = contact.may_contact(customer, about="service", at=at)
    assert (leave.allowed, leave.not_before) == (False, until)


def test_quiet_hours_are_those_of_where_the_customer_lives(customer: Customer) -> None:
    customer.time_zone = "Asia/Tokyo"
    leave = contact.may_contact(customer, about="service", at=WEDNESDAY)
    assert leave.not_before == datetime(2026, 11, 25, 23, 0, tzinfo=UTC)


def test_a_third_contact_within_two_weeks_waits(customer: Customer) -> None:
    for days in (0, 5):
        assert contact.claim(
            customer, about="service", what="Check-in", at=WEDNESDAY + timedelta(days=days)
        ).allowed
    leave = contact.claim(customer, about="surveys", what="Survey", at=WEDNESDAY + timedelta(days=6))
    assert (leave.allowed, leave.not_before) == (False, WEDNESDAY + timedelta(days=14))
    assert contact.claim(customer, about="surveys", what="Survey", at=WEDNESDAY + timedelta(days=14)).allowed
    assert Contact.objects.count() == 3


def test_a_house_that_contacts_nobody_unasked_may_say_so(customer: Customer) -> None:
    ContactRule.objects.create(most=0)
    leave = contact.may_contact(customer, about="service", at=WEDNESDAY)
    assert (leave.allowed, leave.not_before) == (False, None)


def test_whoever_gets_no_more_mail_is_left_alone(customer: Customer) -> None:
    for address in customer.addresses.values_list("address", flat=True):
        Suppression.objects.create(address=address)
    leave = contact.may_contact(customer, about="service", at=WEDNESDAY)
    assert (leave.allowed, leave.not_before) == (False, None)


def test_of_many_contacts_at_once_no_more_go_out_than_may(customer: Customer) -> None:
    def ask(number: int) -> bool:
        try:
            return contact.claim(customer, about="service", what=f"No. {number}", at=WEDNESDAY).allowed
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        allowed = list(pool.map(ask, range(16)))
    assert sum(allowed) == 2
    assert Contact.objects.count() == 2
