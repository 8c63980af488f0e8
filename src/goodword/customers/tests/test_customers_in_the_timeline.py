"""The timeline tells in sentences what was done about a customer."""

from goodword.customers import actions
from goodword.events.models import Event
from goodword.events.timeline import sentences
from goodword.staff.models import Agent


def test_everything_done_about_a_customer_has_a_sentence(owner: Agent) -> None:
    customer = actions.customer_of(address="ada@example.org")
    actions.rename(customer=customer, name="Ada", agent=owner)
    actions.rename(customer=customer, name="Ada Byron", agent=owner)
    actions.add_address(customer=customer, address="ada@work.example", agent=owner)
    actions.remove_address(customer=customer, address="ada@example.org", agent=owner)
    actions.set_organisation(customer=customer, name="Analytical Ltd", agent=None)
    note = actions.add_note(customer=customer, author=owner, body="Likes sums.")
    actions.remove_note(note=note, agent=owner)
    actions.join(gone=actions.customer_of(address="ada@home.example"), kept=customer, agent=owner)

    told = [
        line.text
        for line in sentences(
            Event.objects.filter(customer_id=customer.pk).order_by("id"), {owner.pk: "Olga"}
        )
    ]
    assert told == [
        "Became a customer.",
        "Olga gave the name Ada.",
        "Olga changed the name from Ada to Ada Byron.",
        "Olga added the address ada@work.example.",
        "Olga took the address ada@example.org away.",
        "Goodword set the organisation to Analytical Ltd.",
        "Olga wrote a note about the customer.",
        "Olga took a note about the customer away.",
        "Olga joined ada@home.example with this customer.",
    ]
