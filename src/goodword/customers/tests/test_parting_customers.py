"""Joining two customers can be undone: exactly what moved goes back, what came since stays."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db.models import ManyToOneRel
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from goodword.customers import actions, queries
from goodword.customers.facts import PurchaseFacts, Who
from goodword.customers.models import Customer, CustomField, CustomValue, Joining
from goodword.inbox.actions import open_conversation
from goodword.inbox.models import Conversation
from goodword.mail.models import Mailbox
from goodword.promises.actions import NewPromise, make
from goodword.staff.models import Agent

MARCH = datetime(2026, 3, 1, 12, 30, 15, 123457, tzinfo=UTC)
# What a joining may change although nothing of it is the customer's content.
ASIDE = {"compared_at"}


def everything_of(*customers: int) -> dict[str, list[dict[str, Any]]]:
    """All rows of these customers in every table, by content."""
    found = {"self": list(Customer.objects.filter(pk__in=customers).order_by("pk").values())}
    for relation in Customer._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel):
            model, field = relation.related_model, relation.field.name
            rows = model._base_manager.filter(**{f"{field}__in": customers}).order_by("pk").values()
            found[f"{model._meta.label}.{field}"] = list(rows)
    for row in found["self"]:
        for name in ASIDE:
            row.pop(name)
    return found


PIECES = st.lists(
    st.sampled_from(
        ["note", "phone", "same phone", "handle", "field", "purchase", "consent", "promise", "conversation",
         "different", "address", "organisation", "details", "name"]
    ),
    max_size=8,
)  # fmt: skip


def give_piece(customer: Customer, piece: str, number: int, field: CustomField, third: Customer) -> None:
    """Something a customer can have."""
    if piece == "note":
        actions.add_note(customer=customer, author=None, body=f"note {number}")
    elif piece == "phone":
        actions.add_phone(customer=customer, number=f"+4930123{number:04}", agent=None)
    elif piece == "same phone":
        actions.add_phone(customer=customer, number="+49301234567", agent=None)
    elif piece == "handle":
        actions.add_handle(customer=customer, network="net", handle=f"@{customer.pk}-{number}", agent=None)
    elif piece == "field":
        actions.set_value(of=customer, field=field, value=f"value {number}", agent=None)
    elif piece == "purchase":
        facts = PurchaseFacts(external_id=f"{customer.pk}-{number}", product="Kettle", bought_at=MARCH)
        actions.put_purchase(source="shop", who=Who(customer_id=customer.pk), facts=facts)
    elif piece == "consent":
        actions.consent(customer=customer, purpose="offers", given=True, how="by phone", agent=None)
    elif piece == "promise":
        promise = NewPromise(what="call", quote="", due_at=None, whole_day=False, due_text="")
        make(customer=customer, promise=promise, made_by=None)
    elif piece == "conversation":
        open_conversation(customer=customer, subject=f"subject {number}", text="words")
    elif piece == "different":
        actions.not_the_same(first=customer, second=third, agent=None)
    elif piece == "address":
        actions.add_address(customer=customer, address=f"a{customer.pk}-{number}@example.org", agent=None)
    elif piece == "organisation":
        actions.set_organisation(customer=customer, name=f"Org {number % 2}", agent=None)
    elif piece == "details":
        actions.describe(customer=customer, agent=None, tier="gold", language="de")
    elif piece == "name":
        actions.rename(customer=customer, name=f"Name {number}", agent=None)


class Parting(TestCase):
    """Whatever two customers have, joining and undoing leaves both as they were."""

    @settings(max_examples=40, deadline=None)
    @given(of_first=PIECES, of_second=PIECES)
    def test_joining_and_undoing_leaves_everything_as_it_was(
        self, of_first: list[str], of_second: list[str]
    ) -> None:
        field = CustomField.objects.create(key="note", label="Note")
        third = actions.customer_of(address="third@example.org")
        first = actions.customer_of(address="first@example.org")
        second = actions.customer_of(address="second@example.org", at=MARCH)
        number = 0
        for customer, pieces in ((first, of_first), (second, of_second)):
            for piece in pieces:
                number += 1
                give_piece(customer, piece, number, field, third)
        before = everything_of(first.pk, second.pk)
        actions.join(gone=Customer.objects.get(pk=second.pk), kept=first, agent=None)
        assert not Customer.objects.filter(pk=second.pk).exists()
        back = actions.undo_joining(joining=Joining.objects.get(undone_at=None), agent=None)
        assert back.pk == second.pk
        assert everything_of(first.pk, second.pk) == before


@pytest.fixture
def second(customer: Customer) -> Customer:
    """The same person by another address."""
    return actions.customer_of(address="carla@work.example", name="C. Customer", at=MARCH)


def test_what_came_after_the_joining_stays_with_the_one_kept(
    customer: Customer, second: Customer, owner: Agent, mailbox: Mailbox
) -> None:
    old = open_conversation(customer=second, subject="before", text="words")
    actions.join(gone=second, kept=customer, agent=owner)
    new = open_conversation(customer=customer, subject="after", text="words")
    for _ in range(2):
        back = actions.undo_joining(joining=Joining.objects.get(), agent=owner)
    assert Conversation.objects.get(pk=old.pk).customer_id == back.pk == second.pk
    assert Conversation.objects.get(pk=new.pk).customer_id == customer.pk


def test_a_name_given_since_the_joining_is_not_taken_back(second: Customer, owner: Agent) -> None:
    nameless = actions.customer_of(address="nameless@example.org")
    kept = actions.join(gone=second, kept=nameless, agent=owner)
    assert kept.name == "C. Customer"
    actions.rename(customer=kept, name="Carla Corrected", agent=owner)
    actions.undo_joining(joining=Joining.objects.get(), agent=owner)
    assert Customer.objects.get(pk=kept.pk).name == "Carla Corrected"
    assert Customer.objects.get(pk=second.pk).name == "C. Customer"


def test_a_value_that_both_had_comes_back_with_the_one_who_was_gone(
    customer: Customer, second: Customer, owner: Agent
) -> None:
    field = CustomField.objects.create(key="size", label="Size")
    actions.set_value(of=customer, field=field, value="41", agent=owner)
    actions.set_value(of=second, field=field, value="42", agent=owner)
    actions.join(gone=second, kept=customer, agent=owner)
    assert [value.value for value in CustomValue.objects.all()] == ["41"]
    actions.undo_joining(joining=Joining.objects.get(), agent=owner)
    assert {value.customer_id: value.value for value in CustomValue.objects.all()} == {
        customer.pk: "41",
        second.pk: "42",
    }


def test_joinings_on_top_of_each_other_are_undone_from_the_last(
    customer: Customer, second: Customer, owner: Agent
) -> None:
    third = actions.customer_of(address="third@example.org", name="Third")
    before = everything_of(customer.pk, second.pk, third.pk)
    actions.join(gone=second, kept=customer, agent=owner)
    actions.join(gone=customer, kept=third, agent=owner)
    first, last = Joining.objects.order_by("id")
    with pytest.raises(actions.CustomerError, match="Undo that joining first"):
        actions.undo_joining(joining=first, agent=owner)
    actions.undo_joining(joining=last, agent=owner)
    actions.undo_joining(joining=first, agent=owner)
    assert everything_of(customer.pk, second.pk, third.pk) == before


def test_the_number_of_the_one_who_is_gone_leads_to_the_one_kept(
    customer: Customer, second: Customer, owner: Agent
) -> None:
    third = actions.customer_of(address="third@example.org")
    actions.join(gone=second, kept=customer, agent=owner)
    actions.join(gone=customer, kept=third, agent=owner)
    assert queries.kept_instead(second.pk) == third.pk
    actions.undo_joining(joining=Joining.objects.latest("id"), agent=owner)
    assert queries.kept_instead(second.pk) == customer.pk
    assert queries.kept_instead(third.pk) is None


def test_the_preview_says_what_moves_and_what_has_no_place(
    customer: Customer, second: Customer, owner: Agent
) -> None:
    for one in (customer, second):
        actions.add_phone(customer=one, number="+49 30 1234567", agent=owner)
    actions.add_phone(customer=second, number="+49 30 7654321", agent=owner)
    open_conversation(customer=second, subject="before", text="words")
    shown = queries.joining_preview(gone=second, kept=customer)
    assert dict(shown.moves) == {"Conversations": 1, "Messages": 1, "Mail addresses": 1, "Phone numbers": 1}
    assert dict(shown.aside) == {"Phone numbers": 1}
    assert shown.filled == ()
