"""Card numbers that customers write are not kept, and other long numbers stay."""

import pytest

from goodword.inbox import actions
from goodword.inbox.queries import searching
from goodword.inbox.redacting import html_without_cards, without_cards


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("My card is 4242424242424242.", "My card is ••••••••••••4242."),
        ("4242 4242 4242 4242 exp 11/28", "•••• •••• •••• 4242 exp 11/28"),
        ("5555-5555-5555-4444", "••••-••••-••••-4444"),
        ("amex 3782 822463 10005 please", "amex •••• •••••• •0005 please"),
        ("(6011111111111117)", "(••••••••••••1117)"),
        ("two: 4111111111111111, 30569309025904", "two: ••••••••••••1111, ••••••••••5904"),
    ],
)
def test_card_numbers_are_hidden_but_for_the_last_four(written: str, kept: str) -> None:
    assert without_cards(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "4242424242424241",  # the check digit is wrong
        "Order 4242424242424242",
        "Tracking number: 4111 1111 1111 1111",
        "https://shop.example/o/4242424242424242",
        "id=4242424242424242",
        "4242-424242424-242",
        "0000000000000000",
        "+49 170 1234567 and 2026-11-22 10:15",
        "DE89 3704 0044 0532 0130 00",
        "1234567890123456789012345",
    ],
)
def test_other_long_numbers_stay(written: str) -> None:
    assert without_cards(written) == written


def test_in_html_only_what_is_read_is_changed() -> None:
    html = '<a href="/x/4242424242424242" id="4242424242424242">4242 4242 4242 4242</a>'
    assert html_without_cards(html) == html.replace(">4242 4242 4242", ">•••• •••• ••••")


@pytest.mark.django_db
def test_what_a_customer_wrote_is_kept_without_it_everywhere(customer, mailbox, team, lead) -> None:
    place = actions.open_conversation(
        customer=customer,
        subject="Card 4242424242424242",
        text="Please charge 4242 4242 4242 4242 again.",
        mailbox=mailbox,
    )
    place.refresh_from_db()
    message = place.messages.get()
    for kept in (place.subject, place.preview, message.subject, message.text):
        assert "4242424242" not in kept.replace(" ", "")
        assert "4242" in kept
    actions.note(conversation=place, agent=lead, markdown="They gave 4242424242424242 by phone.")
    noted = place.messages.get(kind="note")
    assert "••••••••••••4242" in noted.text
    assert "4242424242424242" not in noted.html + noted.markdown
    assert not searching.search(lead, "4242424242424242").rows
