"""The pages about goodwill: giving in a conversation, asking for more, and answering."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from goodword.customers.models import Customer
from goodword.desk.tests.conftest import LogIn
from goodword.desk.tests.giving import add_levels, give, text
from goodword.goodwill import actions
from goodword.goodwill.actions import NewGesture
from goodword.goodwill.models import ApprovalRequest, Gesture, Voucher
from goodword.goodwill.months import month_of
from goodword.inbox.models import Conversation, Draft, Message
from goodword.staff.models import Agent, AuthorityLevel, Team

HTMX = {"HX-Request": "true"}


@pytest.fixture
def levels(owner: Agent, team: Team) -> list[AuthorityLevel]:
    """The owner may give 25 at once; leads anything."""
    return add_levels(owner)


def wish(**changes: str) -> dict[str, str]:
    return {
        "kind": "voucher",
        "amount": "20",
        "reason": "It leaked.",
        "into_reply": "on",
        "key": "k",
    } | changes


@pytest.mark.usefixtures("levels")
class TestInAConversation:
    """'Make a gesture'."""

    def test_the_form_says_what_is_left_in_one_sentence(
        self, browser: Client, conversation: Conversation, team: Team, lead: Agent
    ) -> None:
        actions.set_budget(by=lead, team=team, month=month_of(), amount=Decimal(300))
        shown = text(browser, "gesture_form", conversation.pk)
        assert "You may give up to €25.00 at once, and €300.00 of Care&#x27;s budget of €300.00 for " in shown
        assert 'value="give"' in shown

    def test_more_than_the_limit_becomes_asking_for_approval(
        self, browser: Client, conversation: Conversation
    ) -> None:
        within = text(browser, "gesture_verdict", conversation.pk, amount="25")
        beyond = text(browser, "gesture_verdict", conversation.pk, amount="25,01")
        assert ('value="give"' in within, 'value="ask"' in within) == (True, False)
        assert ('value="give"' in beyond, 'value="ask"' in beyond) == (False, True)
        assert "The level Top may decide it." in beyond
        assert 'value="give"' in text(browser, "gesture_verdict", conversation.pk, amount="nonsense")

    def test_a_gesture_is_given_told_and_its_code_stands_in_the_reply(
        self, browser: Client, conversation: Conversation, owner: Agent
    ) -> None:
        answer = browser.post(reverse("gesture_make", args=[conversation.pk]), wish(), follow=True)
        voucher = Voucher.objects.get()
        assert answer.redirect_chain[-1][0] == reverse("conversation", args=[conversation.pk])
        assert "€20.00 given. It stands in the ledger." in answer.content.decode()
        assert voucher.shown in Draft.objects.get(agent=owner).markdown
        assert Message.objects.filter(kind="note", text__contains=voucher.shown).count() == 1

    def test_a_dialog_loads_the_page_anew_only_for_a_code_in_the_reply(
        self, browser: Client, conversation: Conversation
    ) -> None:
        where = reverse("gesture_make", args=[conversation.pk])
        place = reverse("conversation", args=[conversation.pk])
        code = browser.post(where, wish(amount="5"), headers=HTMX)
        assert (code.status_code, code.headers["HX-Redirect"]) == (200, place)
        refund = browser.post(where, wish(amount="5", kind="refund", key="k2"), headers=HTMX)
        assert (refund.status_code, refund.headers["Location"]) == (303, place)

    def test_the_same_form_sent_twice_gives_once(self, browser: Client, conversation: Conversation) -> None:
        for _ in range(2):
            assert browser.post(reverse("gesture_make", args=[conversation.pk]), wish()).status_code == 303
        assert Gesture.objects.count() == 1

    def test_beyond_the_limit_the_form_stays_with_the_words_and_offers_to_ask(
        self, browser: Client, conversation: Conversation
    ) -> None:
        where = reverse("gesture_make", args=[conversation.pk])
        page = browser.post(where, wish(amount="40", reason="Twice now."))
        assert page.status_code == 422
        shown = page.content.decode()
        assert "Ask for approval: the level Top may decide it." in shown
        assert "Twice now." in shown
        assert 'value="ask"' in shown

        dialog = browser.post(where, wish(amount="40"), headers=HTMX)
        assert (dialog.status_code, dialog.headers["HX-Retarget"]) == (200, "#more-body")
        assert not Gesture.objects.exists()

    def test_asking_waits_for_an_answer(
        self, browser: Client, conversation: Conversation, owner: Agent, lead: Agent
    ) -> None:
        answer = browser.post(
            reverse("gesture_make", args=[conversation.pk]), wish(amount="40", verb="ask"), follow=True
        )
        assert "Asked. Somebody with the level Top answers" in answer.content.decode()
        request = ApprovalRequest.objects.get()
        assert (request.asked_by, request.conversation_id) == (owner, conversation.pk)
        assert "asked for approval of €40.00" in answer.content.decode()
        assert "€40.00 waits for an answer" in text(browser, "gesture_form", conversation.pk)

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"amount": "a lot"}, "is no amount. Write one such as 12.50."),
            ({"amount": "0"}, "A gesture of nothing is none."),
            ({"amount": "1,000"}, "is no amount."),
            ({"reason": ""}, "This field is required."),
            ({"kind": "cash"}, "Select a valid choice."),
            ({"percent": "101"}, "less than or equal to 100"),
        ],
    )
    def test_what_is_wrong_is_said(
        self, browser: Client, conversation: Conversation, changes: dict[str, str], sentence: str
    ) -> None:
        page = browser.post(reverse("gesture_make", args=[conversation.pk]), wish(**changes))
        assert sentence in page.content.decode()
        assert not Gesture.objects.exists()

    def test_strangers_find_nothing(self, conversation: Conversation, stranger: Agent, log_in: LogIn) -> None:
        client = log_in(stranger)
        assert client.get(reverse("gesture_form", args=[conversation.pk])).status_code == 404
        assert client.post(reverse("gesture_make", args=[conversation.pk]), wish()).status_code == 404

    def test_the_menu_offers_it_and_the_customers_page_shows_it(
        self, browser: Client, conversation: Conversation, owner: Agent, customer: Customer
    ) -> None:
        assert reverse("gesture_form", args=[conversation.pk]) in text(
            browser, "conversation", conversation.pk
        )
        give(owner, customer)
        shown = text(browser, "customer", customer.pk)
        assert "€20.00 in twelve months" in shown
        assert "Olga Owner made a gesture: refund, €20.00. “It leaked.”" in shown


@pytest.fixture
def asked(levels: list[AuthorityLevel], owner: Agent, lead: Agent, customer: Customer) -> ApprovalRequest:
    """The owner asks for 40."""
    gesture = NewGesture(kind="gift", amount=Decimal(40), customer=customer, reason="Ten years with us.")
    return actions.ask(agent=owner, gesture=gesture)


class TestApprovals:
    """Yes and no."""

    def test_those_who_may_see_it_for_you_and_say_yes_with_one_click(
        self, asked: ApprovalRequest, lead: Agent, browser: Client, log_in: LogIn
    ) -> None:
        leads = log_in(lead)
        for name in ("for_you", "approvals"):
            assert "Ten years with us." in text(leads, name)
        assert "Waiting for your yes or no" not in text(browser, "for_you")

        answer = leads.post(reverse("approval_answer", args=[asked.pk]), {"verb": "approve"}, follow=True)
        assert "Approved, and given." in answer.content.decode()
        assert Gesture.objects.get().request == asked

    def test_who_asked_hears_of_it_until_they_looked(
        self, asked: ApprovalRequest, lead: Agent, browser: Client, log_in: LogIn
    ) -> None:
        log_in(lead).post(
            reverse("approval_answer", args=[asked.pk]), {"verb": "refuse", "reason": "A card will do."}
        )
        shown = text(browser, "for_you")
        assert "€40.00 for Carla Customer: not approved" in shown
        assert "A card will do." in shown
        browser.get(reverse("approval_seen", args=[asked.pk]))
        assert "A card will do." not in text(browser, "for_you")
        assert "A card will do." in text(browser, "approvals")

    def test_a_no_needs_a_reason(self, asked: ApprovalRequest, lead: Agent, log_in: LogIn) -> None:
        answer = log_in(lead).post(
            reverse("approval_answer", args=[asked.pk]), {"verb": "refuse"}, follow=True
        )
        assert "The reason is empty." in answer.content.decode()
        asked.refresh_from_db()
        assert asked.is_open

    def test_a_request_whose_budget_is_gone_says_so(
        self, asked: ApprovalRequest, lead: Agent, log_in: LogIn
    ) -> None:
        actions.set_budget(by=lead, team=None, month=month_of(), amount=Decimal(30))
        leads = log_in(lead)
        assert "It cannot be given as things stand: €30.00 of the house" in text(leads, "approvals")
        answer = leads.post(reverse("approval_answer", args=[asked.pk]), {"verb": "approve"}, follow=True)
        assert "€30.00 of the house" in answer.content.decode()
        assert not Gesture.objects.exists()

    def test_those_who_may_not_decide_find_nothing(
        self, asked: ApprovalRequest, team_mate: Agent, log_in: LogIn
    ) -> None:
        client = log_in(team_mate)
        assert "Ten years with us." not in text(client, "approvals")
        answer = client.post(reverse("approval_answer", args=[asked.pk]), {"verb": "approve"})
        assert answer.status_code == 404

    def test_nobody_decides_their_own(self, asked: ApprovalRequest, browser: Client) -> None:
        answer = browser.post(reverse("approval_answer", args=[asked.pk]), {"verb": "approve"}, follow=True)
        assert "You asked for this yourself" in answer.content.decode()

    def test_it_can_be_withdrawn(
        self, asked: ApprovalRequest, browser: Client, lead: Agent, log_in: LogIn
    ) -> None:
        browser.post(reverse("approval_withdrawal", args=[asked.pk]))
        assert "Waiting for your yes or no" not in text(log_in(lead), "approvals")

    def test_having_read_it_all_counts_for_answers(
        self, asked: ApprovalRequest, lead: Agent, browser: Client
    ) -> None:
        actions.refuse(request=asked, by=lead, reason="No.")
        browser.post(reverse("see_all"))
        assert "Answers to what you asked for" not in text(browser, "for_you")
