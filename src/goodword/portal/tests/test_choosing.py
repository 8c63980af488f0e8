"""The customer chooses on a page of their own, without logging in."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from goodword.complaints import actions
from goodword.complaints.actions import NewOption
from goodword.complaints.models import Choice, Remedy
from goodword.goodwill.codes import grouped
from goodword.inbox.models import Message
from goodword.kit import links


def text_of(response):
    return response.content.decode()


def option(offer, kind):
    return offer.options.get(kind=kind).pk


def test_the_page_shows_the_options_and_a_way_out(customer_client, page):
    response = customer_client.get(page)
    html = text_of(response)
    assert response.status_code == 200
    for words in ("A new kettle", "Your money back", "€30.00", "None of these", "I have a question"):
        assert words in html
    assert not response.cookies
    assert response.headers["Cache-Control"] == "no-store, private"
    assert response.headers["Referrer-Policy"] == "no-referrer"


def test_looking_and_the_step_before_the_last_change_nothing(customer_client, page, offer):
    html = text_of(customer_client.get(page, {"pick": option(offer, "refund")}))
    assert "Is this your choice?" in html
    assert "What happens next" in html
    assert "We pay it back by" in html
    assert not Choice.objects.exists()


def test_the_choice_is_noted_with_its_time_and_the_page_shows_what_became_of_it(customer_client, page, offer):
    response = customer_client.post(page, {"pick": option(offer, "refund")}, follow=True)
    assert response.redirect_chain == [(page, 303)]
    html = text_of(response)
    assert "your choice is noted" in html
    assert "Your money back" in html
    assert "We pay it back by" in html
    choice = Choice.objects.get()
    assert (choice.kind, choice.option.kind) == ("chosen", "refund")
    assert timezone.now() - choice.at < timedelta(minutes=1)


def test_choosing_twice_is_one_choice(customer_client, page, offer):
    for _twice in range(2):
        customer_client.post(page, {"pick": option(offer, "refund")})
    assert Choice.objects.count() == 1
    assert Remedy.objects.count() == 1


def test_changing_the_choice_is_refused_kindly_and_says_what_to_do(customer_client, page, offer):
    customer_client.post(page, {"pick": option(offer, "refund")})
    response = customer_client.post(page, {"pick": option(offer, "replacement")})
    assert response.status_code == 409
    assert "You have chosen already" in text_of(response)
    assert "Write to us" in text_of(response)
    assert Choice.objects.get().option.kind == "refund"


@pytest.mark.parametrize("picked", ["", "0", "999999", "refund", "-1", "9" * 40])
def test_a_pick_that_is_none_is_asked_for_again(customer_client, page, offer, picked):
    response = customer_client.post(page, {"pick": picked})
    assert response.status_code == 422
    assert "Choose one of them first" in text_of(response)
    assert "Choose one of them first" in text_of(customer_client.get(page, {"pick": picked}))


def test_an_option_of_another_proposal_cannot_be_chosen(customer_client, page, offer, case, owner):
    other = actions.save_proposal(complaint=case, agent=owner, options=[NewOption("gift", "A cup")])
    customer_client.post(page, {"pick": other.options.get().pk})
    assert not Choice.objects.exists()


def test_none_of_these_goes_into_the_conversation_and_the_case_goes_on(customer_client, page, offer, case):
    assert "What would put it right" in text_of(customer_client.get(page, {"pick": "none"}))
    told = {"pick": "none", "words": "I want to keep it, mended."}
    response = customer_client.post(page, told, follow=True)
    assert "Thank you for telling us" in text_of(response)
    customer_client.post(page, told)
    said = case.conversation.messages.filter(kind=Message.Kind.CUSTOMER).order_by("id")
    assert said.count() == 2
    assert "I want to keep it, mended." in said.last().text
    case.refresh_from_db()
    assert case.stage == "investigating"
    case.conversation.refresh_from_db()
    assert case.conversation.waiting_since is not None


def test_a_question_becomes_a_message_and_the_offer_stays_open(customer_client, page, offer, case):
    for _twice in range(2):
        response = customer_client.post(
            page, {"pick": "ask", "words": "Is the new one the same kind?"}, follow=True
        )
    assert "We have your question" in text_of(response)
    said = case.conversation.messages.filter(text="Is the new one the same kind?")
    assert said.count() == 1
    offer.refresh_from_db()
    assert offer.state == "asked"
    customer_client.post(page, {"pick": option(offer, "replacement")})
    assert Choice.objects.get(kind="chosen").option.kind == "replacement"


def test_an_empty_question_is_asked_for_again(customer_client, page, offer):
    response = customer_client.post(page, {"pick": "ask", "words": "  "})
    assert response.status_code == 422
    assert "nothing in it yet" in text_of(response)


def test_after_the_choice_the_customer_can_still_write(customer_client, page, offer, case):
    customer_client.post(page, {"pick": option(offer, "refund")})
    response = customer_client.post(
        page, {"pick": "ask", "words": "Could it be the kettle after all?"}, follow=True
    )
    assert "We have your words" in text_of(response)
    assert case.conversation.messages.filter(text="Could it be the kettle after all?").exists()
    offer.refresh_from_db()
    assert offer.state == "chosen"


def test_the_page_shows_how_far_the_remedy_is(customer_client, page, offer, owner):
    customer_client.post(page, {"pick": option(offer, "replacement")})
    remedy = Remedy.objects.get()
    actions.ship(remedy=remedy, agent=owner, tracking="JD0146")
    assert "The tracking number is JD0146" in text_of(customer_client.get(page))
    actions.delivered(remedy=remedy, agent=owner)
    assert "It has arrived" in text_of(customer_client.get(page))


def test_a_voucher_shows_its_code_at_once(customer_client, page, offer):
    response = customer_client.post(page, {"pick": option(offer, "voucher")}, follow=True)
    assert grouped(Remedy.objects.get().proof) in text_of(response)


def test_an_expired_offer_says_so_and_takes_nothing(customer_client, page, offer):
    with time_machine.travel(offer.expires_at + timedelta(minutes=1)):
        assert "This offer has ended" in text_of(customer_client.get(page))
        response = customer_client.post(page, {"pick": option(offer, "refund")})
    assert response.status_code == 409
    assert "too late" in text_of(response)
    assert not Choice.objects.exists()


def test_a_withdrawn_and_a_superseded_offer_say_so(customer_client, page, offer, case, owner):
    newer = actions.save_proposal(complaint=case, agent=owner, options=[NewOption("gift", "A cup")])
    actions.send_proposal(proposal=newer, agent=owner)
    assert "There is a newer offer" in text_of(customer_client.get(page))
    assert customer_client.post(page, {"pick": option(offer, "refund")}).status_code == 409


def test_an_offer_that_was_taken_back_says_so(customer_client, page, offer, owner):
    actions.withdraw_proposal(proposal=offer, agent=owner)
    assert "This offer was taken back" in text_of(customer_client.get(page))


def test_a_forged_link_and_one_of_another_page_open_nothing(customer_client, page, offer, case):
    for token in (page.rsplit("/", 1)[1][:-3] + "abc", links.sign("promises", offer.pk, days=9), "x"):
        response = customer_client.get(f"/yours/choice/{token}")
        assert response.status_code == 404
        assert case.number not in text_of(response)
        assert customer_client.post(f"/yours/choice/{token}", {"pick": "none"}).status_code == 404
    assert not Choice.objects.exists()


def test_a_link_that_is_too_old_says_what_to_do(customer_client, page):
    with time_machine.travel(timezone.now() + timedelta(days=500)):
        response = customer_client.get(page)
    assert response.status_code == 410


def test_a_draft_has_no_page(customer_client, case, owner):
    draft = actions.save_proposal(complaint=case, agent=owner, options=[NewOption("gift", "A cup")])
    token = links.sign("choice", draft.pk, days=9)
    assert customer_client.get(f"/yours/choice/{token}").status_code == 404


def test_what_an_agent_wrote_is_shown_as_words_only(customer_client, case, owner):
    options = [NewOption("gift", "<script>alert(1)</script>", Decimal("1"))]
    proposal = actions.save_proposal(complaint=case, agent=owner, options=options)
    actions.send_proposal(proposal=proposal, agent=owner)
    token = links.sign("choice", proposal.pk, days=9)
    assert "<script>alert" not in text_of(customer_client.get(f"/yours/choice/{token}"))


@pytest.mark.django_db(transaction=True)
def test_many_choices_at_once_are_one_choice(page, offer):
    kinds = ["replacement", "refund", "voucher"] * 4
    picks = {kind: option(offer, kind) for kind in set(kinds)}
    answers: list[int] = []
    ready = threading.Barrier(len(kinds))

    def choose(kind: str) -> None:
        ready.wait()
        try:
            answers.append(Client().post(page, {"pick": picks[kind]}).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=choose, args=(kind,)) for kind in kinds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Choice.objects.count() == 1
    assert Remedy.objects.count() == 1
    assert sorted(answers) == [303] * 4 + [409] * 8
