"""A program asks the coach as a team has it."""

from collections.abc import Callable

from goodword.coaching import actions as coaching
from goodword.inbox.models import Conversation
from goodword.staff.models import Agent, Team

from .conftest import Program

RULE = "internal-jargon"
DRAFT = "Hi Carla, your kettle is on backorder."


def test_with_a_conversation_the_coach_is_that_of_its_team(
    house: Program, conversation: Conversation, team: Team, lead: Agent
) -> None:
    coaching.change_rule(by=lead, team=team, rule=RULE, off=True, reason="They know it.")

    def rules(**more: object) -> list[str]:
        said = house("POST", "coach/review", {"draft": DRAFT, "customer_message": "Where is it?"} | more)
        return [found["rule"] for found in said.body["findings"]]

    assert RULE in rules()
    assert RULE not in rules(conversation=conversation.pk)
    coaching.change_rule(by=lead, team=None, rule=RULE, off=True, reason="Everybody does.")
    assert RULE not in rules()


def test_a_program_of_a_stranger_asks_for_no_team_but_its_own(
    program: Callable[..., Program], conversation: Conversation, stranger: Agent
) -> None:
    asked = {"draft": DRAFT, "conversation": conversation.pk}
    assert program(agent=stranger)("POST", "coach/review", asked).status == 404
