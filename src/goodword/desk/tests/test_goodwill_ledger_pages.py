"""The pages about what was given: the ledger, budgets, vouchers, and levels of authority."""

import csv
import io
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from goodword.customers.models import Customer
from goodword.desk.tests.conftest import LogIn
from goodword.desk.tests.giving import add_levels, give, text
from goodword.goodwill import actions
from goodword.goodwill.actions import Place
from goodword.goodwill.models import TeamBudget, VoucherRedemption
from goodword.goodwill.months import month_of
from goodword.mail.models import Mailbox
from goodword.staff import authority
from goodword.staff.models import Agent, AuthorityLevel, Team


@pytest.fixture
def levels(owner: Agent, team: Team) -> list[AuthorityLevel]:
    """The owner may give 25 at once; leads anything."""
    return add_levels(owner)


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
