"""Service levels on the pages: set up, seen in the lists and above a conversation, and reported."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from goodword.inbox import actions, clocks
from goodword.inbox.actions import NewLevel
from goodword.inbox.models import Conversation, ServiceClock, ServiceLevel
from goodword.staff.models import Shift


def opened(customer, mailbox, minutes_ago=0, subject="A lamp"):
    return actions.open_conversation(
        customer=customer,
        subject=subject,
        text="It broke.",
        mailbox=mailbox,
        at=timezone.now() - timedelta(minutes=minutes_ago),
    )


@pytest.fixture
def level(lead):
    """A first reply within an hour, day and night."""
    return actions.save_level(
        by=lead, given=NewLevel(name="Standard", first_reply=60, resolution=480, working_hours=False)
    )


def filled(**more):
    return {
        "name": "Gold",
        "first_reply": "4 h",
        "next_reply": "",
        "resolution": "2 days",
        "working_hours": "yes",
        "warn_at": "80",
        "is_on": "on",
        "condition_field": ["tier", ""],
        "condition_question": ["is", "is"],
        "condition_answers": ["gold, silver", ""],
        **more,
    }


def test_a_lead_adds_a_level_in_plain_words(log_in, lead):
    for day in range(5):
        Shift.objects.create(weekday=day, opens="09:00", closes="17:00")
    browser = log_in(lead)
    assert browser.get("/settings/service-levels/").status_code == 200
    assert browser.post("/settings/service-levels/new/", filled()).status_code == 303
    made = ServiceLevel.objects.get()
    assert (made.first_reply, made.next_reply, made.resolution) == (240, None, 2 * 8 * 60)
    assert made.conditions == {"all": [{"field": "tier", "is": ["gold", "silver"]}]}
    body = browser.get("/settings/service-levels/").content.decode()
    assert "solved within 2 days" in body
    again = browser.get(f"/settings/service-levels/{made.pk}/").content.decode()
    assert 'value="2 days"' in again
    assert 'value="gold, silver"' in again


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"first_reply": "soon"}, "&#x27;soon&#x27; is no length of time"),
        ({"first_reply": "", "resolution": ""}, "asks for nothing"),
        ({"condition_field": ["team"], "condition_answers": ["Moon"]}, "Moon"),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_typed_is_lost(log_in, lead, given, said):
    answer = log_in(lead).post("/settings/service-levels/new/", filled(**given))
    body = answer.content.decode()
    assert answer.status_code == 422
    assert said in body
    assert 'value="Gold"' in body
    assert not ServiceLevel.objects.exists()


def test_the_dry_view_says_what_it_would_hold_for(log_in, lead, customer, mailbox, level):
    place = opened(customer, mailbox)
    opened(customer, mailbox)
    actions.prioritise(conversation=place, agent=lead, priority="urgent")
    asked = filled(
        dry="1",
        condition_field=["priority"],
        condition_question=["is"],
        condition_answers=["urgent"],
    )
    body = log_in(lead).post(f"/settings/service-levels/{level.pk}/", asked).content.decode()
    assert "It fits one open conversation of 2" in body
    body = log_in(lead).get("/settings/service-levels/").content.decode()
    assert "Holds for 2 open conversations" in body


def test_order_and_removal(log_in, lead, level):
    other = actions.save_level(by=lead, given=NewLevel(name="Other", first_reply=5))
    browser = log_in(lead)
    browser.post(f"/settings/service-levels/{other.pk}/place/", {"to": "up"})
    assert [one.name for one in ServiceLevel.objects.all()] == ["Other", "Standard"]
    browser.post(f"/settings/service-levels/{other.pk}/remove/")
    assert [one.name for one in ServiceLevel.objects.all()] == ["Standard"]


def test_only_leads_set_levels_up(browser, level):
    assert browser.get("/settings/service-levels/").status_code == 403
    browser.post(f"/settings/service-levels/{level.pk}/remove/")
    assert ServiceLevel.objects.exists()


def test_lists_say_what_is_due_and_what_is_late(browser, customer, mailbox, team, level):
    opened(customer, mailbox, minutes_ago=180, subject="The late one")
    opened(customer, mailbox, minutes_ago=20, subject="The next one")
    body = browser.get("/inbox/due/").content.decode()
    assert body.index("The late one") < body.index("The next one")
    assert re.search(r'row-sign bad">.*?reply 2 h late', body, re.DOTALL)
    assert re.search(r'row-sign soon">.*?reply in 40 min', body, re.DOTALL)


def test_the_head_tells_the_clocks_and_how_they_were_counted(browser, customer, mailbox, team, level):
    place = opened(customer, mailbox, minutes_ago=20)
    body = browser.get(f"/conversations/{place.pk}/").content.decode()
    assert "First reply: due in 40 min" in body
    assert "Standard asks for 1 h, day and night" in body


def test_priority_is_chosen_for_one_and_for_many(browser, customer, mailbox, team):
    one, other = opened(customer, mailbox), opened(customer, mailbox)
    browser.post(f"/conversations/{one.pk}/priority/", {"priority": "high"})
    browser.post("/inbox/bulk/", {"conversation": [one.pk, other.pk], "action": "priority:urgent"})
    assert set(Conversation.objects.values_list("priority", flat=True)) == {"urgent"}
    assert "Urgent priority" in browser.get(f"/conversations/{one.pk}/").content.decode().replace(
        "urgent priority", "Urgent priority"
    )


def test_for_you_names_what_is_due_of_ones_own_and_of_nobody_for_leads(
    browser, log_in, owner, lead, customer, mailbox, team, level
):
    own = opened(customer, mailbox, minutes_ago=70, subject="Of the owner")
    opened(customer, mailbox, minutes_ago=70, subject="Of nobody")
    actions.assign(conversation=own, agent=owner, to=owner)
    clocks.watch()
    body = browser.get("/for-you/").content.decode()
    assert "Of the owner" in body
    assert "Of nobody" not in body
    body = log_in(lead).get("/for-you/").content.decode()
    assert "Of nobody" in body
    assert "Of the owner" not in body


def test_every_figure_of_the_report_opens_as_many_rows_as_it_says(
    browser, owner, customer, mailbox, team, level
):
    late = opened(customer, mailbox, minutes_ago=180)
    soon = opened(customer, mailbox, minutes_ago=20)
    opened(customer, mailbox, minutes_ago=10)
    for place in (late, soon):
        actions.reply(conversation=place, agent=owner, markdown="Here.")
    actions.close(conversation=soon, agent=owner)
    body = browser.get("/service-report/").content.decode()
    assert "You kept 66 % of 3 answers" in body
    links = re.findall(r'href="(/service-report/[^"]+)"[^>]*>(\d+)<', body)
    assert sum(int(count) for _address, count in links) == ServiceClock.objects.count()
    for address, count in links:
        rows = browser.get(address.replace("&amp;", "&")).content.decode()
        assert rows.count('<th scope="row">') == int(count), address
    assert list(clocks.recompute(write=False)) == []
    again = browser.get("/service-report/").content.decode()
    assert re.findall(r">(\d+)</a>", again) == re.findall(r">(\d+)</a>", body)


def test_a_stranger_counts_nothing_of_hidden_mailboxes(log_in, stranger, customer, mailbox, team, level):
    opened(customer, mailbox, minutes_ago=180)
    assert "Nothing was asked for" in log_in(stranger).get("/service-report/").content.decode()
