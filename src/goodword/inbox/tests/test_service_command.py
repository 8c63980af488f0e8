"""`goodword service recompute` tells what differs, and sets it right."""

import argparse
from datetime import timedelta

import pytest
from django.utils import timezone

from goodword.__main__ import COMMANDS
from goodword.inbox import actions
from goodword.inbox.actions import NewLevel
from goodword.inbox.commands import service_recompute
from goodword.inbox.models import ServiceClock


@pytest.fixture
def command():
    """Runs the command with these words."""

    def run(*words):
        parser = argparse.ArgumentParser()
        service_recompute.add_arguments(parser)
        return service_recompute.run(parser.parse_args(words))

    return run


@pytest.fixture
def waiting(lead, customer, mailbox):
    """A conversation with a clock."""
    actions.save_level(by=lead, given=NewLevel(name="All", first_reply=60))
    return actions.open_conversation(customer=customer, subject="A lamp", text="Broken.", mailbox=mailbox)


def test_it_says_that_all_is_well(command, waiting, capsys):
    assert command("--all", "--check") == 0
    assert "as the event log says" in capsys.readouterr().out


def test_a_difference_is_told_and_set_right(command, waiting, capsys):
    ServiceClock.objects.update(due_at=timezone.now() + timedelta(days=9))
    assert command("--conversation", str(waiting.pk), "--check") == 1
    assert command("--conversation", f"#{waiting.pk}") == 0
    assert "set right" in capsys.readouterr().out
    assert command("--all", "--check") == 0


def test_the_command_is_known():
    assert COMMANDS["service", "recompute"].module == "goodword.inbox.commands.service_recompute"
