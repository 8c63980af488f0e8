"""Draft, reply, note, undo."""

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from goodword.coaching.actions import read_message
from goodword.coaching.models import Override
from goodword.customers.models import Customer
from goodword.inbox import actions
from goodword.inbox.models import Attachment, Conversation, Draft, Mention, Message
from goodword.mail.models import Mailbox, OutgoingMail
from goodword.promises.models import Promise
from goodword.staff.models import Agent

JSON = {"HTTP_ACCEPT": "application/json"}


def post_json(browser: Client, address: str, value: dict[str, Any]) -> Any:
    return browser.post(address, json.dumps(value), content_type="application/json", **JSON)


def seen(conversation: Conversation) -> str:
    return str(conversation.messages.order_by("-pk").values_list("pk", flat=True).first())


def test_a_reply_without_scripts_is_sent_and_shown(browser: Client, conversation: Conversation) -> None:
    address = f"/conversations/{conversation.pk}/"
    answer = browser.post(
        f"{address}reply/", {"markdown": "Hi Carla, **yes**.", "kind": "reply", "seen": seen(conversation)}
    )
    assert answer.status_code == 303
    assert answer["Location"].startswith(address)
    assert OutgoingMail.objects.get().recipients == ["carla@example.org"]
    page = browser.get(address).content.decode()
    assert "<strong>yes</strong>" in page
    assert "Take it back" in page


def test_a_reply_by_script_can_be_taken_back_into_the_draft(
    browser: Client, conversation: Conversation
) -> None:
    sent = browser.post(
        f"/conversations/{conversation.pk}/reply/",
        {"markdown": "Hi Carla, wait.", "kind": "reply", "seen": seen(conversation), "close": ""},
        **JSON,
    ).json()
    assert sent["ok"] is True
    back = browser.post(sent["undo_url"], **JSON).json()
    assert back == {"ok": True, "redirect": f"/conversations/{conversation.pk}/"}
    assert Draft.objects.get().markdown == "Hi Carla, wait."
    assert "Hi Carla, wait." in browser.get(back["redirect"]).content.decode()
    again = browser.post(sent["undo_url"], **JSON)
    assert again.status_code == 422
    assert "taken back already" in again.json()["message"]


def test_a_reply_is_stopped_when_the_conversation_moved(
    browser: Client, conversation: Conversation, team_mate: Agent
) -> None:
    read = seen(conversation)
    actions.reply(conversation=conversation, agent=team_mate, markdown="I was quicker.")
    answer = browser.post(
        f"/conversations/{conversation.pk}/reply/",
        {"markdown": "My answer.", "kind": "reply", "seen": read},
        **JSON,
    )
    assert answer.status_code == 409
    said = answer.json()
    assert said["moved"] is True
    assert "I was quicker." in said["html"]
    assert Draft.objects.get(agent__handle="olga").markdown == "My answer."
    more = {"markdown": "My answer. More.", "text": "", "kind": "reply", "revision": said["revision"]}
    assert post_json(browser, f"/conversations/{conversation.pk}/draft/", more).status_code == 200
    after = browser.post(
        f"/conversations/{conversation.pk}/reply/",
        {"markdown": "My answer.", "kind": "reply", "seen": str(said["seen"])},
        **JSON,
    )
    assert after.status_code == 200


def shown_last(browser: Client, conversation: Conversation) -> str:
    """What the page says was seen."""
    page = browser.get(f"/conversations/{conversation.pk}/").content.decode()
    return page.split('name="seen" value="')[1].split('"')[0]


def test_what_a_merge_brought_along_and_was_shown_stops_no_reply(
    browser: Client, conversation: Conversation, customer: Customer, mailbox: Mailbox, team_mate: Agent
) -> None:
    other = actions.open_conversation(customer=customer, subject="Again", text="Well?", mailbox=mailbox)
    actions.merge(source=conversation, target=other, agent=team_mate)
    sent = {"markdown": "Hi Carla.", "seen": shown_last(browser, other)}
    assert browser.post(f"/conversations/{other.pk}/reply/", sent, **JSON).status_code == 200


def test_a_reply_is_stopped_also_when_what_was_seen_last_was_taken_back(
    browser: Client, conversation: Conversation, team_mate: Agent
) -> None:
    hasty = actions.reply(conversation=conversation, agent=team_mate, markdown="Hasty.")
    read = shown_last(browser, conversation)
    actions.undo_reply(message=hasty, agent=team_mate)
    actions.reply(conversation=conversation, agent=team_mate, markdown="Well considered.")
    sent = {"markdown": "Hi Carla.", "seen": read}
    assert browser.post(f"/conversations/{conversation.pk}/reply/", sent, **JSON).status_code == 409


def test_confirmed_and_firm_promises_stand_in_the_ledger_and_dropped_ones_do_not(
    browser: Client, conversation: Conversation
) -> None:
    found = [
        {"action": "refund you", "due": "2027-01-15", "quote": "I refund you", "firm": True, "choice": None},
        {"action": "call you", "due": None, "quote": "may call", "firm": False, "choice": "keep"},
        {"action": "dance", "due": None, "quote": "dance", "firm": True, "choice": "drop"},
        {"action": "perhaps write", "due": None, "quote": "perhaps", "firm": False, "choice": None},
    ]
    browser.post(
        f"/conversations/{conversation.pk}/reply/",
        {"markdown": "I refund you.", "seen": seen(conversation), "promises": json.dumps(found)},
        **JSON,
    )
    assert sorted(Promise.objects.values_list("what", flat=True)) == ["call you", "refund you"]


def test_send_and_close_stays_open_for_a_promise(browser: Client, conversation: Conversation) -> None:
    found = [{"action": "refund you", "due": "2027-01-15", "quote": "x", "firm": True, "choice": "keep"}]
    answer = browser.post(
        f"/conversations/{conversation.pk}/reply/",
        {"markdown": "Done.", "seen": seen(conversation), "close": "1", "promises": json.dumps(found)},
        **JSON,
    ).json()
    conversation.refresh_from_db()
    assert conversation.state == "open"
    assert "stays open" in browser.get(answer["redirect"]).content.decode()


def test_an_empty_reply_is_refused_with_a_sentence(browser: Client, conversation: Conversation) -> None:
    answer = browser.post(f"/conversations/{conversation.pk}/reply/", {"markdown": "  "}, **JSON)
    assert answer.status_code == 422
    assert answer.json()["errors"] == ["The reply is empty. Write something, then send it."]
    assert not Message.objects.filter(kind="reply").exists()


def test_a_note_mentions_by_the_name_the_composer_wrote(
    browser: Client, conversation: Conversation, team_mate: Agent
) -> None:
    browser.post(
        f"/conversations/{conversation.pk}/reply/",
        {"markdown": "@Tariq Mate please look", "kind": "note", "mentions": json.dumps([team_mate.pk])},
        **JSON,
    )
    assert Mention.objects.get().agent == team_mate
    assert Message.objects.get(kind="note").markdown == "@tariq please look"
    assert not OutgoingMail.objects.exists()


def test_promises_of_a_note_are_offered_and_kept_once_confirmed(
    browser: Client, conversation: Conversation, owner: Agent
) -> None:
    words = "She rang. We will refund you by 27 November 2026. I will call you back tomorrow."
    address = f"/conversations/{conversation.pk}/"
    said = post_json(
        browser, f"{address}draft/", {"markdown": words, "text": words, "kind": "note", "revision": 0}
    )
    review = said.json()["review"]
    assert (review["findings"], review["questions"]) == ([], [])
    refund, call = review["commitments"]
    assert "refund" in refund["action"]
    given = {"markdown": words, "text": words, "kind": "note", "seen": seen(conversation)}
    promises = [refund | {"choice": "keep"}, call | {"choice": None, "firm": True}]
    browser.post(f"{address}reply/", given | {"promises": json.dumps(promises)}, **JSON)
    kept = Promise.objects.get()
    note = Message.objects.get(kind="note")
    assert (kept.source, kept.owner, kept.place.message) == ("note", owner, note)
    assert kept.due_at is not None
    assert timezone.localdate(kept.due_at).isoformat() == "2026-11-27"
    assert Promise.objects.filter(customer=conversation.customer).count() == 1


def test_a_note_sent_twice_is_one_with_its_promises_and_the_same_words_later_are_another(
    browser: Client, conversation: Conversation, team_mate: Agent
) -> None:
    found = [{"action": "call her", "due": "2027-01-15", "quote": "call", "firm": True, "choice": "keep"}]
    given = {
        "markdown": "@Tariq Mate: nobody picked up, I call her again.",
        "kind": "note",
        "mentions": json.dumps([team_mate.pk]),
        "promises": json.dumps(found),
    }
    before = seen(conversation)
    for _click in range(2):
        browser.post(f"/conversations/{conversation.pk}/reply/", given | {"seen": before}, **JSON)
    note = Message.objects.get(kind="note")
    assert (Promise.objects.count(), Mention.objects.count()) == (1, 1)
    browser.post(f"/conversations/{conversation.pk}/reply/", given | {"seen": str(note.pk)}, **JSON)
    assert Message.objects.filter(kind="note").count() == 2


def test_a_note_begun_earlier_still_offers_its_promises(browser: Client, conversation: Conversation) -> None:
    words = "We will refund you by 27 November 2026."
    post_json(
        browser,
        f"/conversations/{conversation.pk}/draft/",
        {"markdown": words, "text": words, "kind": "note", "revision": 0},
    )
    page = browser.get(f"/conversations/{conversation.pk}/").content.decode()
    assert '"commitments": [{' in page


def test_a_draft_is_kept_and_reviewed_and_survives_a_closed_window(
    browser: Client, conversation: Conversation
) -> None:
    address = f"/conversations/{conversation.pk}/draft/"
    kept = post_json(
        browser, address, {"markdown": "Dear Carla", "text": "Dear Carla", "kind": "reply", "revision": 0}
    )
    assert kept.status_code == 200
    said = kept.json()
    assert {"findings", "questions", "commitments"} <= said["review"].keys()
    assert "Dear Carla" in browser.get(f"/conversations/{conversation.pk}/").content.decode()
    older = post_json(
        browser, address, {"markdown": "Other words", "text": "", "kind": "reply", "revision": 1}
    )
    assert older.status_code == 409
    assert older.json()["markdown"] == "Dear Carla"
    newer = {"markdown": "Other words", "text": "", "kind": "reply", "revision": said["revision"]}
    assert post_json(browser, address, newer).status_code == 200


def test_words_that_follow_a_file_are_kept(browser: Client, conversation: Conversation) -> None:
    address = f"/conversations/{conversation.pk}/"
    file = SimpleUploadedFile("bill.pdf", b"%PDF-1", "application/pdf")
    browser.post(f"{address}upload/", {"file": file}, **JSON)
    words = {"markdown": "Here it is.", "text": "Here it is.", "kind": "reply", "revision": 0}
    assert post_json(browser, f"{address}draft/", words).status_code == 200


def test_a_file_goes_along_unless_it_was_taken_off(browser: Client, conversation: Conversation) -> None:
    address = f"/conversations/{conversation.pk}/upload/"
    kept = browser.post(
        address, {"file": SimpleUploadedFile("bill.pdf", b"%PDF-1", "application/pdf")}, **JSON
    ).json()
    browser.post(address, {"file": SimpleUploadedFile("wrong.pdf", b"%PDF-2", "application/pdf")}, **JSON)
    browser.post(
        f"/conversations/{conversation.pk}/reply/",
        {"markdown": "Here it is.", "seen": seen(conversation), "attachments": json.dumps([kept["id"]])},
        **JSON,
    )
    sent = Message.objects.get(kind="reply")
    assert list(sent.attachments.values_list("filename", flat=True)) == ["bill.pdf"]
    page = browser.get(f"/conversations/{conversation.pk}/").content.decode()
    assert "6\xa0bytes" in page.split("bill.pdf</span>")[1].split("</a>")[0]
    assert Attachment.objects.count() == 1


def write_again(conversation: Conversation, text: str) -> None:
    """The customer writes once more, into the same conversation."""
    Message.objects.create(
        conversation=conversation,
        kind="customer",
        at=timezone.now(),
        text=text,
        revision=conversation.revision,
        reading=read_message(text, at=timezone.now()),
    )


def asked(browser: Client, conversation: Conversation, text: str) -> list[str]:
    """The questions the coach still sees beside a draft, without what only worries the customer."""
    draft = {"markdown": text, "text": text, "kind": "reply", "revision": 0}
    review = post_json(browser, f"/conversations/{conversation.pk}/draft/", draft).json()["review"]
    return [question["quote"] for question in review["questions"] if question["kind"] != "concern"]


def test_the_coach_hears_everything_the_customer_wrote_since_our_last_reply(
    browser: Client, conversation: Conversation
) -> None:
    write_again(conversation, "Oh, and do you sell lids?")
    both = ["Can I have my money back?", "do you sell lids?"]
    page = browser.get(f"/conversations/{conversation.pk}/").content.decode()
    first = json.loads(page.split('id="first-review"')[1].split(">", 1)[1].split("</script>")[0])
    everything = (
        "It leaks from the base. Can I have my money back? I am furious.\n\nOh, and do you sell lids?"
    )
    questions = [question for question in first["questions"] if question["kind"] != "concern"]
    for question, words in zip(questions, both, strict=True):
        assert words in question["quote"]
        assert everything[question["start"] : question["end"]] == question["quote"]
    for quote, words in zip(asked(browser, conversation, "Hi Carla,"), both, strict=True):
        assert words in quote


def test_after_our_reply_no_question_is_open_until_the_customer_writes_again(
    browser: Client, conversation: Conversation, owner: Agent
) -> None:
    actions.reply(conversation=conversation, agent=owner, markdown="Yes, of course.")
    assert asked(browser, conversation, "One more thing.") == []
    page = browser.get(f"/conversations/{conversation.pk}/").content.decode()
    assert "money back?" not in page.split('id="first-review"')[1].split("</script>")[0]
    write_again(conversation, "Thanks. When does it arrive?")
    (only,) = asked(browser, conversation, "One more thing.")
    assert "When does it arrive?" in only


def test_a_reply_that_failed_answers_nothing(
    browser: Client, conversation: Conversation, owner: Agent
) -> None:
    actions.reply(conversation=conversation, agent=owner, markdown="Yes, of course.")
    OutgoingMail.objects.update(state="failed")
    (only,) = asked(browser, conversation, "Hi Carla,")
    assert "money back?" in only


def test_each_finding_that_asked_to_stop_is_kept_with_the_reason_to_send_all_the_same(
    browser: Client, conversation: Conversation
) -> None:
    words = "Dear Mark,\n\nI've attached the label. Your order is [ORDER NUMBER]."
    draft = {"markdown": words, "text": words, "kind": "reply", "revision": 0}
    review = post_json(browser, f"/conversations/{conversation.pk}/draft/", draft).json()["review"]
    stops = {(one["rule"], one["quote"]) for one in review["findings"] if one["severity"] == "stop"}
    assert len(stops) > 1
    sent = {
        "markdown": words,
        "text": words,
        "seen": seen(conversation),
        "reason": "She asked for plain words.",
    }
    assert browser.post(f"/conversations/{conversation.pk}/reply/", sent, **JSON).status_code == 200
    kept = Override.objects.values_list("rule", "quote", "reason")
    assert {(rule, quote) for rule, quote, _ in kept} == stops
    assert {reason for _, _, reason in kept} == {"She asked for plain words."}
