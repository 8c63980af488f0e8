from goodword.mail.models import Mailbox
from goodword.staff.access import hidden_mailboxes
from goodword.staff.models import Agent, Team


def test_a_mailbox_of_a_team_is_hidden_from_a_stranger_only(
    team: Team, mailbox: Mailbox, owner: Agent, lead: Agent, stranger: Agent
) -> None:
    assert hidden_mailboxes(owner) == []
    assert hidden_mailboxes(lead) == []
    assert hidden_mailboxes(stranger) == [mailbox.pk]
