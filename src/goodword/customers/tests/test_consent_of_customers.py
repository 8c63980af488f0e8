"""A customer says yes and no to purposes, and the newest word counts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from goodword.customers import actions, queries
from goodword.customers.models import Consent, Customer
from goodword.staff.models import Agent


def standing(customer: Customer) -> dict[str, bool | None]:
    return {one.purpose.key: one.given for one in queries.consents(customer)}


def test_the_newest_word_counts_and_earlier_ones_stay_with_their_proof(
    customer: Customer, owner: Agent
) -> None:
    assert standing(customer) == {"service": True, "surveys": None, "notices": None, "offers": None}
    yes = {"purpose": "offers", "given": True, "how": "check-out form", "proof": "[x] Send me offers"}
    actions.consent(customer=customer, agent=owner, **yes)
    actions.consent(customer=customer, purpose="offers", given=False, how="by phone", agent=owner)
    assert standing(customer)["offers"] is False
    assert list(Consent.objects.order_by("id").values_list("proof", "by")) == [
        ("[x] Send me offers", owner.pk),
        ("", owner.pk),
    ]


def test_an_older_word_that_is_written_down_later_does_not_count(customer: Customer, owner: Agent) -> None:
    actions.consent(customer=customer, purpose="offers", given=False, how="by mail", agent=owner)
    earlier = timezone.now() - timedelta(days=30)
    for _ in range(2):
        actions.consent(customer=customer, purpose="offers", given=True, how="shop", at=earlier, agent=None)
    assert standing(customer)["offers"] is False
    assert Consent.objects.count() == 2


@pytest.mark.parametrize(
    ("purpose", "how", "sentence"),
    [
        ("service", "by phone", "Service needs no consent"),
        ("parties", "by phone", "no purpose 'parties'. Use one of these: service, surveys, notices, offers"),
        ("offers", " ", "Say how the customer said so"),
    ],
)
def test_what_is_no_consent_is_refused(
    customer: Customer, owner: Agent, purpose: str, how: str, sentence: str
) -> None:
    with pytest.raises(actions.CustomerError, match=sentence):
        actions.consent(customer=customer, purpose=purpose, given=True, how=how, agent=owner)
    tomorrow = timezone.now() + timedelta(days=1)
    with pytest.raises(actions.CustomerError, match="in the future"):
        actions.consent(customer=customer, purpose="offers", given=True, how="mail", at=tomorrow, agent=owner)
    assert not Consent.objects.exists()
