"""A customer sees on their own page what was promised and how it stands, and nothing internal."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from goodword.customers.actions import join
from goodword.customers.models import Customer
from goodword.kit import links
from goodword.promises import actions
from goodword.promises.models import Promise
from goodword.staff.models import Agent


@pytest.fixture(autouse=True)
def static_folder() -> None:
    """The folder of collected files, whose absence would be a warning."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


def promised(customer: Customer, owner: Agent, what: str, **changes: object) -> Promise:
    due_at = timezone.now() + timedelta(days=3)
    facts = {"what": what, "quote": "An inner quote.", "due_at": due_at, "whole_day": True, "due_text": ""}
    promise = actions.NewPromise(**(facts | changes))  # type: ignore[arg-type]
    return actions.make(customer=customer, promise=promise, made_by=owner)


def shown(customer: Customer) -> str:
    token = links.sign("promises", customer.pk, days=30)
    answer = Client().get(f"/yours/promises/{token}")
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.content.decode()


def test_every_state_is_said_in_plain_words(customer: Customer, owner: Agent) -> None:
    late = timezone.now() - timedelta(days=1)
    promised(customer, owner, "refund 20 €")
    promised(customer, owner, "send the lid", due_at=late)
    promised(customer, owner, "answer about the lamp", due_at=None)
    promised(customer, owner, "send a new kettle", due_at=None, condition="once the old one is back")
    actions.keep(promise=promised(customer, owner, "call you"), agent=owner, note="grumpy, be careful")
    actions.break_(promise=promised(customer, owner, "repair it"), agent=owner, note="we forgot")
    page = shown(customer)
    for words in (
        "4 promises are open.",
        "Refund 20 €",
        "is late. We are sorry",
        "We are at it. No day was named.",
        "As soon as this has happened: once the old one is back.",
        "Done.",
        "We did not keep this one, and we are sorry.",
    ):
        assert words in page


def test_nothing_internal_and_nothing_withdrawn_is_shown(customer: Customer, owner: Agent) -> None:
    promise = promised(customer, owner, "refund 20 €")
    actions.keep(
        promise=promise, agent=owner, note="grumpy, be careful", evidence=actions.Evidence.of_text("R-7")
    )
    actions.withdraw(promise=promised(customer, owner, "never mind"), agent=owner)
    other = Customer.objects.create(name="Otto Other")
    promised(other, owner, "a secret of Otto's")
    page = shown(customer).lower()
    for secret in ("grumpy", "An inner quote", "R-7", "never mind", "Otto", owner.name, customer.name):
        assert secret.lower() not in page


def test_the_link_of_a_customer_who_was_joined_to_another_leads_on(customer: Customer) -> None:
    token = links.sign("promises", customer.pk, days=30)
    for number in range(2):
        kept = Customer.objects.create(name=f"Kept {number}")
        customer = join(gone=customer, kept=kept, agent=None)
    assert Client().get(f"/yours/promises/{token}").status_code == 200


def test_without_promises_the_page_says_so(customer: Customer) -> None:
    assert "We have promised you nothing so far." in shown(customer)


@pytest.mark.parametrize("token", ["x", "W10:a:b", links.__name__])
def test_a_link_that_opens_nothing_says_so(customer: Customer, token: str) -> None:
    assert Client().get(f"/yours/promises/{token}").status_code == 404


def test_a_link_of_another_page_or_of_nobody_does_not_open_it(customer: Customer) -> None:
    foreign = links.sign("choice", customer.pk, days=30)
    nobody = links.sign("promises", customer.pk + 1_000, days=30)
    assert Client().get(f"/yours/promises/{foreign}").status_code == 404
    assert Client().get(f"/yours/promises/{nobody}").status_code == 404
    gone = links.sign("promises", customer.pk, days=-1)
    assert Client().get(f"/yours/promises/{gone}").status_code == 410
