"""Each finding that could be read beside a draft is one row with what became of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from goodword.coaching import access, actions
from goodword.coaching.models import Remark
from goodword.staff.models import Agent, Team

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PLACE = 7
Outcome = Remark.Outcome


def finding(rule: str, quote: str = "you should have") -> dict[str, Any]:
    return {"rule": rule, "quote": quote, "severity": "warn"}


def seen(agent: Agent, team: Team, *rules: str, after: int = 0) -> None:
    at = START + timedelta(seconds=after)
    found = [finding(rule) for rule in rules]
    actions.note_remarks(agent=agent, conversation_id=PLACE, team_id=team.pk, findings=found, at=at)


def sent(agent: Agent, team: Team, *rules: str, message: int = 70, after: int = 60) -> None:
    at = START + timedelta(seconds=after)
    found = [finding(rule) for rule in rules]
    actions.settle_remarks(
        agent=agent, conversation_id=PLACE, team_id=team.pk, message_id=message, findings=found, at=at
    )


def outcomes() -> dict[str, str]:
    return dict(Remark.objects.order_by("rule").values_list("rule", "outcome"))


def test_what_changed_before_sending_was_taken_and_what_stood_was_sent_over(owner: Agent, team: Team) -> None:
    seen(owner, team, "blame", "jargon")
    seen(owner, team, "jargon", after=10)
    assert outcomes() == {"blame": "open", "jargon": "open"}
    sent(owner, team, "jargon", "vague")
    assert outcomes() == {"blame": "taken", "jargon": "sent", "vague": "sent"}
    assert set(Remark.objects.values_list("message_id", "team")) == {(70, team.pk)}


def test_what_came_and_went_with_half_a_sentence_is_not_counted(owner: Agent, team: Team) -> None:
    seen(owner, team, "blame")
    seen(owner, team, after=1)
    sent(owner, team)
    assert outcomes() == {}


def test_what_goes_and_comes_back_is_one_remark(owner: Agent, team: Team) -> None:
    seen(owner, team, "blame")
    seen(owner, team, after=10)
    seen(owner, team, "blame", after=20)
    assert Remark.objects.get().gone_at is None
    sent(owner, team, "blame")
    assert outcomes() == {"blame": "sent"}


def test_what_was_disputed_stays_disputed(owner: Agent, team: Team) -> None:
    seen(owner, team, "blame", "jargon")
    for rule in ("blame", "never-noted"):
        actions.dispute(
            agent=owner, rule=rule, quote="you should have", conversation_id=PLACE, team_id=team.pk
        )
    sent(owner, team, "blame")
    assert outcomes() == {"blame": "disputed", "jargon": "taken", "never-noted": "disputed"}
    assert Remark.objects.get(rule="blame").dispute is not None


def test_settling_the_same_message_again_changes_nothing(owner: Agent, team: Team) -> None:
    seen(owner, team, "blame")
    for _ in range(2):
        sent(owner, team, "blame")
    assert outcomes() == {"blame": "sent"}
    seen(owner, team, "blame", after=90)
    sent(owner, team, "blame", message=71, after=120)
    assert Remark.objects.filter(outcome=Outcome.SENT).count() == 2


def test_a_reply_taken_back_was_never_sent(owner: Agent, team: Team) -> None:
    sent(owner, team, "blame")
    actions.forget_sent(conversation_id=PLACE, message_id=70)
    assert outcomes() == {}


def test_two_agents_in_one_conversation_have_remarks_of_their_own(
    owner: Agent, team_mate: Agent, team: Team
) -> None:
    seen(owner, team, "blame")
    seen(team_mate, team, "blame")
    sent(owner, team)
    assert set(Remark.objects.values_list("agent__handle", "outcome")) == {
        ("olga", "taken"),
        ("tariq", "open"),
    }


def test_no_words_of_a_draft_are_kept(owner: Agent, team: Team) -> None:
    seen(owner, team, "blame")
    row = Remark.objects.values().get()
    assert not any("should" in str(value) for value in row.values())


def test_a_stranger_counts_nothing_of_another_team(
    owner: Agent, stranger: Agent, lead: Agent, team: Team
) -> None:
    seen(owner, team, "blame")
    assert access.remarks(owner, team).count() == access.remarks(lead, None).count() == 1
    assert access.remarks(owner, None).count() == 1
    assert access.remarks(stranger, None).count() == 0
    with pytest.raises(Team.DoesNotExist):
        access.remarks(stranger, team)


def test_noting_costs_the_same_however_much_there_is_to_note(
    owner: Agent, team: Team, django_assert_max_num_queries: Any
) -> None:
    seen(owner, team, *[f"rule-{number}" for number in range(30)])
    with django_assert_max_num_queries(8):
        seen(owner, team, *[f"rule-{number}" for number in range(15, 45)], after=10)


@pytest.mark.django_db(transaction=True)
def test_what_the_database_refuses_stops_nobody_from_writing(
    owner: Agent, team: Team, caplog: pytest.LogCaptureFixture
) -> None:
    found = [finding("x" * 200)]
    actions.note_remarks(agent=owner, conversation_id=PLACE, team_id=team.pk, findings=found)
    actions.settle_remarks(agent=owner, conversation_id=PLACE, team_id=team.pk, message_id=70, findings=found)
    assert outcomes() == {}
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]
