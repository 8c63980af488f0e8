"""A file of customers or what they bought: looked at row by row first, then taken in whole or not at all."""

from datetime import date
from decimal import Decimal

import pytest

from goodword.customers import actions, importing
from goodword.customers.models import (
    Customer,
    CustomerPhone,
    CustomField,
    CustomValue,
    Import,
    Purchase,
    Subscription,
)
from goodword.events.models import Event
from goodword.staff.access import NotAllowed
from goodword.staff.models import Agent

GOOD = """Order;E-Mail;Product;SKU;Price;Order date;Warranty until;Colour
O-1;carla@example.org;Kettle;K1;39,90;2026-05-03;2028-05-03;red
O-1;carla@example.org;Lid;K2;1.204,50;03.05.2026;;red

O-2;Nora@Example.org;Kettle;K1;"39,90";2026-05-04 14:30;;red
"""


def upload(lead: Agent, text: str, *, kind: str = "purchases", encoding: str = "utf-8") -> Import:
    return importing.begin(
        agent=lead, kind=kind, source="shop", filename="orders.csv", data=text.encode(encoding)
    )


def test_the_preview_says_what_will_happen_and_nothing_happens(customer: Customer, lead: Agent) -> None:
    events = Event.objects.count()
    report = importing.preview(upload(lead, GOOD))
    assert [(line.number, line.what, line.outcome, line.customer_is_new) for line in report.lines] == [
        (2, "Kettle", "new", False),
        (3, "Lid", "new", False),
        (5, "Kettle", "new", True),
    ]
    assert (report.new_customers, report.unknown) == (1, ("Colour",))
    assert (Purchase.objects.count(), Customer.objects.count(), Event.objects.count()) == (0, 1, events)


def test_taken_in_twice_it_stands_once(customer: Customer, lead: Agent) -> None:
    for expected in ((3, 0, 0), (0, 0, 3)):
        file = upload(lead, GOOD)
        for _ in range(2):
            report = importing.carry_out(file, agent=lead)
            if report.lines:
                counts = tuple(report.count(outcome) for outcome in ("new", "changed", "same"))
                assert counts == expected
    assert list(Purchase.objects.order_by("id").values_list("amount", flat=True)) == [
        Decimal("39.90"),
        Decimal("1204.50"),
        Decimal("39.90"),
    ]
    assert not Import.objects.exclude(text="").exists()


def test_a_row_with_a_mistake_says_so_and_nothing_is_half_done(customer: Customer, lead: Agent) -> None:
    bad = GOOD + "O-3;;Kettle;K1;1;2026-05-03;;\nO-4;a@example.org;Pan;;x;2026-05-03;;\n"
    bad += "O-5;a@example.org;Pan;;1;05/03/2026;;\nO-1;b@example.org;Kettle;K1;1;2026-05-03;;\n"
    bad += "O-6;b@example.org;;;1;2026-05-03;;\n"
    file = upload(lead, bad)
    report = importing.preview(file)
    assert [(line.number, line.error) for line in report.refused] == [
        (6, "It does not say whose it is. Give a mail address or the customer's number."),
        (7, "Price: 'x' is not a number. Write it as 12.50."),
        (8, "Order date: '05/03/2026' can be read in two ways. Write the date as 2026-03-01."),
        (9, "It has the same number as row 2. Give each row an external id of its own."),
        (10, "There is nothing under 'Product'."),
    ]
    with pytest.raises(actions.CustomerError, match="Nothing was taken in"):
        importing.carry_out(file, agent=lead)
    assert not Purchase.objects.exists()
    importing.carry_out(file, agent=lead, leave_out=True)
    assert Purchase.objects.count() == 3


def test_a_file_of_customers_fills_what_it_says(customer: Customer, lead: Agent) -> None:
    CustomField.objects.create(key="shoe-size", label="Shoe size", kind="number")
    text = "email,Full name,Phone,Tier,Shoe Size\ncarla@example.org,,+49 30 1234567,gold,38\n"
    text += "zoë@example.org,Zoë,12,,\nnora@example.org,Nora,,,many\n"
    file = upload(lead, text, kind="customers", encoding="cp1252")
    report = importing.preview(file)
    assert [line.outcome for line in report.lines] == ["changed", "refused", "refused"]
    importing.carry_out(file, agent=lead, leave_out=True)
    customer.refresh_from_db()
    assert (customer.name, customer.tier) == ("Carla Customer", "gold")
    assert (CustomerPhone.objects.get().number, CustomValue.objects.get().value) == ("+49301234567", "38")
    assert Customer.objects.count() == 1


SUBSCRIPTIONS = """Email;Subscription ID;Plan;Status;Price;Currency;Start date;Renewal date;Cancelled at
carla@example.org;S-1;Tea club;Active;9,90;eur;2026-01-03;2026-12-03;
carla@example.org;S-2;Filter post;past_due;4,50;eur;2026-02-01;;
nora@example.org;;Tea club;Cancelled;;;2025-02-01;;2026-03-01
"""


def test_a_file_of_subscriptions_stands_once_and_its_news_change_it(customer: Customer, lead: Agent) -> None:
    def take_in(text: str) -> tuple[int, ...]:
        report = importing.carry_out(upload(lead, text, kind="subscriptions"), agent=lead)
        return tuple(report.count(outcome) for outcome in ("new", "changed", "same"))

    assert take_in(SUBSCRIPTIONS) == (3, 0, 0)
    assert take_in(SUBSCRIPTIONS) == (0, 0, 3)
    assert take_in(SUBSCRIPTIONS.replace("Active;9,90", "Paused;9,90")) == (0, 1, 2)
    tea, post, nora = Subscription.objects.order_by("id")
    assert (tea.customer, tea.external_id, tea.state, tea.amount, tea.currency) == (
        customer,
        "S-1",
        "paused",
        Decimal("9.90"),
        "EUR",
    )
    assert (tea.started_on, tea.renews_on) == (date(2026, 1, 3), date(2026, 12, 3))
    assert (post.state, nora.state, nora.ended_on) == ("unpaid", "ended", date(2026, 3, 1))
    assert nora.customer.addresses.get().address == "nora@example.org"


def test_what_a_file_has_no_cell_for_stays_as_it_is_known(customer: Customer, lead: Agent) -> None:
    plans = "ID;E-Mail;Plan;Status;Amount;Currency;Start date;End date\nP-1;carla@example.org;Box;"
    bought = (
        "ID;E-Mail;Product;SKU;Quantity;Price;Currency;Order date;Warranty until\nO-1;carla@example.org;Lid;"
    )
    for kind, text in (
        ("subscriptions", f"{plans}cancelled;9.90;CHF;2025-01-01;2026-02-01\n"),
        ("purchases", f"{bought}K1;2;39.90;CHF;2026-05-03;2028-05-03\n"),
        ("subscriptions", "ID;E-Mail;Plan;Status\nP-1;carla@example.org;Large box;\n"),
        ("purchases", "ID;E-Mail;Product;Order date\nO-1;carla@example.org;Blue lid;2026-05-03\n"),
    ):
        report = importing.carry_out(upload(lead, text, kind=kind), agent=lead)
        assert report.unknown == ()
    plan = Subscription.objects.get()
    assert (plan.plan, plan.state) == ("Large box", "ended")
    assert (plan.amount, plan.currency) == (Decimal("9.90"), "CHF")
    assert (plan.started_on, plan.ended_on) == (date(2025, 1, 1), date(2026, 2, 1))
    lid = Purchase.objects.get()
    assert (lid.product, lid.sku, lid.quantity) == ("Blue lid", "K1", Decimal(2))
    assert (lid.amount, lid.currency, lid.warranty_until) == (Decimal("39.90"), "CHF", date(2028, 5, 3))


def test_a_subscription_that_cannot_be_is_refused_with_its_row(customer: Customer, lead: Agent) -> None:
    rows = "email,id,plan,state,started on\na@example.org,1,Tea,dormant,\na@example.org,2,,active,\n"
    rows += "a@example.org,3,Tea,,soon\na@example.org,4,Tea,,\na@example.org,4,Post,,\n"
    report = importing.preview(upload(lead, rows, kind="subscriptions"))
    assert [(line.number, line.error) for line in report.refused] == [
        (
            2,
            "'dormant' is no state of a subscription. "
            "Use one of these: trial, active, paused, unpaid, ended.",
        ),
        (3, "There is nothing under 'plan'."),
        (4, "started on: 'soon' is not a date. Write it as 2026-03-01."),
        (6, "It has the same number as row 5. Give each row an external id of its own."),
    ]
    assert [line.what for line in report.lines if not line.error] == ["Tea"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "needs a column called: email, product, bought at"),
        (b"email,product,date\n", "a heading and no rows"),
        (b"product,date\nKettle,2026-05-03\n", "needs a column called: email"),
        (b"PK\x03\x04\x00\x00", "not a text file"),
        (b"email,mail,product,date\na,b,c,d\n", "Two columns mean the same"),
        (b"email,product,date\n" + b"a@example.org,Kettle,2026-05-03\n" * 5001, "more than 5000 rows"),
        (b"x" * 4_000_001, "larger than 4 MB"),
        (b'email,product,date\n"' + b"x" * 140_000 + b'",K,2026-05-03\n', "cannot be read as a table"),
    ],
)
def test_what_is_no_such_table_is_refused(lead: Agent, data: bytes, sentence: str) -> None:
    with pytest.raises(actions.CustomerError, match=sentence):
        importing.begin(agent=lead, kind="purchases", source="shop", filename="x", data=data)
    assert not Import.objects.exists()


def test_only_leads_take_files_in(owner: Agent, lead: Agent) -> None:
    with pytest.raises(NotAllowed):
        upload(owner, GOOD)
    with pytest.raises(NotAllowed):
        importing.carry_out(upload(lead, GOOD), agent=owner)
