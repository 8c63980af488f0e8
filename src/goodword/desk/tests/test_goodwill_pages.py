"""The pages about goodwill: giving in a conversation, asking and answering, the ledger, vouchers, levels."""

import csv
import io
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from goodword.customers.models import Customer
from goodword.desk.tests.conftest import LogIn
from goodword.goodwill import actions
from goodword.goodwill.actions import NewGesture, Place
from goodword.goodwill.models import ApprovalRequest, Gesture, TeamBudget, Voucher, VoucherRedemption
from goodword.goodwill.months import month_of
from goodword.inbox.models import Conversation, Draft, Message
from goodword.mail.models import Mailbox
from goodword.staff import authority
from goodword.staff.models import Agent, AuthorityLevel, Team

HTMX = {"HX-Request": "true"}


@pytest.fixture
def levels(owner: Agent, team: Team) -> list[AuthorityLevel]:
    """The owner may give 25 at once; leads anything."""
    care = authority.add_level(
        by=None, name="Care", per_gesture=Decimal(25), per_customer=Decimal(60), per_month=Decimal(100)
    )
    top = authority.add_level(by=None, name="Top", per_gesture=None, per_customer=None, per_month=None)
    authority.give_level(by=None, agent=owner, level=care)
    owner.refresh_from_db()
    return [care, top]


def give(agent: Agent, customer: Customer, amount: str = "20", **more: object) -> Gesture:
    facts = {"kind": "refund", "amount": Decimal(amount), "customer": customer, "reason": "It leaked."}
    return actions.give(agent=agent, gesture=NewGesture(**(facts | more)))  # type: ignore[arg-type]


def wish(**changes: str) -> dict[str, str]:
    return {
        "kind": "voucher",
        "amount": "20",
        "reason": "It leaked.",
        "into_reply": "on",
        "key": "k",
    } | changes


def text(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


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


@pytest.mark.usefixtures("levels")
class TestTheLedger:
    """The page 'Goodwill'."""

    def test_sums_lead_to_the_rows_they_count(
        self, browser: Client, owner: Agent, lead: Agent, team: Team, customer: Customer
    ) -> None:
        give(owner, customer, "20")
        give(lead, customer, "7.50", kind="gift")
        shown = text(browser, "goodwill")
        assert "2 gestures, €27.50 in all" in shown
        month = f"{month_of():%Y-%m}"
        assert f"?month={month}&amp;team={team.pk}&amp;kind=refund#rows" in shown
        assert f"?month={month}&amp;team=none&amp;kind=gift#rows" in shown
        only = text(browser, "goodwill", month=month, team="none", kind="gift")
        assert ("€7.50</td>" in only, ">€20.00</td>" in only) == (True, False)

    def test_another_month_and_nonsense(self, browser: Client, owner: Agent, customer: Customer) -> None:
        give(owner, customer)
        assert "Nothing was given in January 2020." in text(browser, "goodwill", month="2020-01")
        assert browser.get(reverse("goodwill"), {"month": "soon"}).status_code == 422
        assert "€20.00" in text(browser, "goodwill", team="99999999999999999999999", kind="?")

    def test_the_table_for_a_spreadsheet_has_the_same_rows_and_no_formulas(
        self, browser: Client, owner: Agent, customer: Customer
    ) -> None:
        gesture = give(owner, customer, reason="=HYPERLINK(1)")
        actions.reverse(gesture=gesture, by=owner, reason="Booked twice.")
        answer = browser.get(reverse("goodwill_csv"))
        rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))  # type: ignore[attr-defined]
        assert [row["Amount"] for row in rows] == ["20.00", "-20.00"]
        assert rows[0]["Reason"] == "'=HYPERLINK(1)"
        assert (rows[0]["Customer"], rows[0]["Currency"], rows[1]["Takes back"]) == (
            "Carla Customer",
            "EUR",
            str(gesture.pk),
        )
        assert "no-store" in answer["Cache-Control"]

    def test_strangers_see_none_of_another_teams_mailbox(
        self, owner: Agent, stranger: Agent, mailbox: Mailbox, customer: Customer, log_in: LogIn
    ) -> None:
        gesture = give(owner, customer, place=Place(mailbox_id=mailbox.pk), reason="Secret.")
        client = log_in(stranger)
        assert "Secret." not in text(client, "goodwill")
        assert client.get(reverse("gesture", args=[gesture.pk])).status_code == 404
        body = b"".join(client.get(reverse("goodwill_csv")).streaming_content)  # type: ignore[attr-defined]
        assert b"Secret." not in body

    def test_a_gesture_is_taken_back_by_a_second_row(
        self, browser: Client, owner: Agent, customer: Customer
    ) -> None:
        gesture = give(owner, customer)
        answer = browser.post(
            reverse("gesture_reversal", args=[gesture.pk]), {"reason": "Booked twice."}, follow=True
        )
        assert "Taken back. Both rows stand in the ledger." in answer.content.decode()
        shown = text(browser, "goodwill")
        assert ("−€20.00" in shown, "was taken back" in shown) == (True, True)
        assert "One gesture of €0.00" in shown

    def test_leads_set_budgets_and_everybody_sees_what_is_left(
        self, browser: Client, team: Team, owner: Agent, lead: Agent, customer: Customer, log_in: LogIn
    ) -> None:
        fields = {"team": str(team.pk), "month": f"{month_of():%Y-%m}", "amount": "300"}
        refused = browser.post(reverse("goodwill_budgets"), fields, follow=True)
        assert "Only a lead or an administrator may do this." in refused.content.decode()
        assert not TeamBudget.objects.exists()
        assert log_in(lead).post(reverse("goodwill_budgets"), fields).status_code == 303
        give(owner, customer)
        for name in ("goodwill", "goodwill_budgets"):
            assert "€280.00 of €300.00 left" in text(browser, name)


@pytest.mark.usefixtures("levels")
class TestVouchers:
    """By hand."""

    def test_a_code_is_found_however_it_is_typed_and_redeemed_once(
        self, browser: Client, owner: Agent, lead: Agent, customer: Customer
    ) -> None:
        voucher = give(owner, customer, kind="voucher").voucher
        shown = text(browser, "vouchers", code=f" {voucher.shown.lower()} ")
        assert "€20.00 off" in shown
        where = reverse("voucher_redemption", args=[voucher.code])
        assert (
            "Redeemed for order 7"
            in browser.post(where, {"reference": "order 7"}, follow=True).content.decode()
        )
        again = browser.post(where, {"reference": "order 8"}, follow=True)
        assert "This voucher was redeemed on" in again.content.decode()
        assert VoucherRedemption.objects.get().by == owner

    def test_a_wrong_code_is_said(self, browser: Client) -> None:
        assert "There is no voucher NONE. Look at it again" in text(browser, "vouchers", code="NONE")

    def test_the_newest_are_listed(self, browser: Client, owner: Agent, customer: Customer) -> None:
        assert "No voucher yet" in text(browser, "vouchers")
        voucher = give(owner, customer, kind="voucher", percent=15).voucher
        shown = text(browser, "vouchers")
        assert (voucher.shown in shown, "15 %" in shown) == (True, True)


class TestAuthority:
    """Settings › Authority."""

    @pytest.fixture
    def admins(self, administrator: Agent, log_in: LogIn) -> Client:
        return log_in(administrator)

    def test_a_house_begins_with_three_usual_levels_once(self, admins: Client) -> None:
        assert "There is no level yet" in text(admins, "authority")
        for _ in range(2):
            admins.post(reverse("authority_usual"))
        assert [(level.name, level.per_gesture) for level in authority.levels()] == [
            ("Standard", Decimal(25)),
            ("Senior", Decimal(100)),
            ("Lead", None),
        ]

    def test_levels_are_added_changed_moved_and_removed(self, admins: Client) -> None:
        limits = {"per_gesture": "10", "per_customer": "", "per_month": "99,50"}
        for name in ("Low", "High"):
            admins.post(reverse("authority_new"), {"name": name} | limits)
        low, high = authority.levels()
        assert (low.name, low.per_customer, low.per_month) == ("Low", None, Decimal("99.50"))
        twice = admins.post(reverse("authority_new"), {"name": "low"} | limits)
        assert "There is a level called &#x27;low&#x27; already." in twice.content.decode()
        admins.post(
            reverse("authority_level", args=[low.pk]), {"name": "Low"} | limits | {"per_gesture": "12"}
        )
        admins.post(reverse("authority_move", args=[low.pk]), {"to": "up"})
        assert [(level.name, level.per_gesture) for level in authority.levels()] == [
            ("High", Decimal(10)),
            ("Low", Decimal(12)),
        ]
        admins.post(reverse("authority_removal", args=[high.pk]))
        assert [level.name for level in authority.levels()] == ["Low"]

    def test_who_has_which_is_set_for_everybody_at_once(
        self, admins: Client, levels: list[AuthorityLevel], owner: Agent, team_mate: Agent, lead: Agent
    ) -> None:
        fields = {f"level-{owner.pk}": "", f"level-{team_mate.pk}": str(levels[0].pk)}
        admins.post(reverse("authority_people"), fields)
        found = {agent.pk: agent.authority for agent in Agent.objects.select_related("authority")}
        assert (found[owner.pk], found[team_mate.pk], found[lead.pk]) == (None, levels[0], None)
        gone = admins.post(reverse("authority_people"), {f"level-{owner.pk}": "987654"}, follow=True)
        assert "That level is gone meanwhile." in gone.content.decode()

    def test_a_level_somebody_has_stays(
        self, admins: Client, levels: list[AuthorityLevel], owner: Agent
    ) -> None:
        answer = admins.post(reverse("authority_removal", args=[levels[0].pk]), follow=True)
        assert "have the level &#x27;Care&#x27;. Give them another one first." in answer.content.decode()

    def test_only_administrators_set_it(
        self, lead: Agent, levels: list[AuthorityLevel], log_in: LogIn
    ) -> None:
        client = log_in(lead)
        assert client.get(reverse("authority")).status_code == 403
        client.post(reverse("authority_people"), {f"level-{lead.pk}": str(levels[0].pk)})
        client.post(reverse("authority_removal", args=[levels[1].pk]))
        client.post(reverse("authority_new"), {"name": "Mine"})
        client.post(reverse("authority_usual"))
        lead.refresh_from_db()
        assert (lead.authority, len(authority.levels())) == (None, 2)
