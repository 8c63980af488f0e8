"""Who gets in, with which token, and how far."""

import argparse
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from goodword.api.actions import TokenError, create_token, revoke_token
from goodword.api.commands import token as command
from goodword.api.models import Token
from goodword.inbox.models import Conversation
from goodword.staff.models import Agent

from .conftest import Program

Make = Callable[..., Program]


def run(*words: str) -> int:
    """Run `goodword token …`."""
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(words))


def test_without_a_token_nothing_is_told(db: None) -> None:
    said = Program(None)("GET", "customers")
    assert (said.status, said.headers["WWW-Authenticate"]) == (401, 'Bearer realm="Goodword"')
    assert said.headers["Content-Type"] == "application/problem+json"
    assert said.body["detail"] == "This needs a token. Send the header Authorization: Bearer <token>."


def test_an_unknown_token_is_told_so(db: None) -> None:
    said = Program("gw_wrong")("GET", "customers")
    assert (said.status, said.body["type"]) == (401, "urn:goodword:problem:unknown-token")


def test_a_revoked_token_gets_nothing(program: Make) -> None:
    caller = program("read")
    assert caller("GET", "customers").status == 200
    revoke_token(name="program 1")
    assert caller("GET", "customers").status == 401


def test_the_token_of_an_agent_who_left_gets_nothing(program: Make, owner: Agent) -> None:
    caller = program("read", agent=owner)
    Agent.objects.filter(pk=owner.pk).update(is_active=False)
    assert caller("GET", "customers").status == 401


def test_reading_is_not_writing(program: Make) -> None:
    said = program("read")("POST", "customers", {"email": "new@example.org"})
    assert (said.status, said.body["type"]) == (403, "urn:goodword:problem:scope")
    assert said.body["detail"] == "The token 'program 1' has the scope 'read'; this call needs 'write'."


def test_an_agents_token_sees_what_the_agent_sees(
    program: Make, owner: Agent, stranger: Agent, conversation: Conversation
) -> None:
    path = f"conversations/{conversation.pk}"
    assert program("read", agent=owner)("GET", path).status == 200
    hidden = program("admin", agent=stranger)
    assert hidden("GET", path).status == 404
    assert hidden("GET", "conversations").body["items"] == []
    assert hidden("GET", "conversations?q=parcel").body["items"] == []
    assert hidden("POST", f"{path}/reply", {"markdown": "Hello"}).status == 404
    opened = {"customer": {"id": conversation.customer_id}, "subject": "Hi", "mailbox": "care@desk.example"}
    assert hidden("POST", "conversations", opened).status == 404


def test_a_token_of_the_house_sees_everything_and_may_act_as_an_agent(
    house: Program, stranger: Agent, conversation: Conversation
) -> None:
    path = f"conversations/{conversation.pk}"
    assert house("GET", path).status == 200
    assert house("GET", path, Goodword_Agent=stranger.email).status == 404


def test_only_an_admin_token_may_choose_its_agent(program: Make, owner: Agent, lead: Agent) -> None:
    said = program("write")("GET", "customers", Goodword_Agent=lead.email)
    assert (said.status, said.body["type"]) == (403, "urn:goodword:problem:scope")
    said = program("admin", agent=owner)("GET", "customers", Goodword_Agent=lead.email)
    assert (said.status, said.body["type"]) == (403, "urn:goodword:problem:not-yours")
    said = program("admin")("GET", "customers", Goodword_Agent="nobody@desk.example")
    assert said.body["detail"] == "No agent who may log in has the address 'nobody@desk.example'."


def test_use_is_noted_at_most_once_a_minute(program: Make) -> None:
    caller = program("read")
    caller("GET", "customers")
    first = Token.objects.get().last_used_at
    caller("GET", "customers")
    assert first is not None
    assert Token.objects.get().last_used_at == first
    Token.objects.update(last_used_at=timezone.now() - timedelta(minutes=2))
    caller("GET", "customers")
    assert Token.objects.get().last_used_at > first


def test_the_key_itself_is_kept_nowhere(db: None) -> None:
    token, key = create_token(name="shop", scope="read")
    assert key not in str(Token.objects.filter(pk=token.pk).values())


@pytest.mark.django_db
def test_the_command_prints_the_key_as_its_last_word(capsys: Any, owner: Agent) -> None:
    assert run("create", "web shop", "--scope", "write", "--agent", owner.email) == 0
    key = capsys.readouterr().out.split()[-1]
    assert Program(key)("POST", "customers", {"email": "new@example.org"}).status == 201


@pytest.mark.django_db
def test_the_same_name_twice_is_refused_in_a_sentence(capsys: Any) -> None:
    assert run("create", "shop", "--scope", "read") == 0
    assert run("create", "shop", "--scope", "read") == 1
    assert "There is a token named 'shop' already. Choose another name." in capsys.readouterr().err


@pytest.mark.django_db
def test_the_command_names_an_agent_it_cannot_find(capsys: Any) -> None:
    assert run("create", "shop", "--scope", "read", "--agent", "no@desk.example") == 1
    assert "No agent who may log in has the address 'no@desk.example'" in capsys.readouterr().err


@pytest.mark.django_db
def test_tokens_are_listed_and_revoked(capsys: Any) -> None:
    assert run("list") == 0
    assert "There are no tokens." in capsys.readouterr().out
    run("create", "shop", "--scope", "read")
    assert run("revoke", "shop") == 0
    assert run("revoke", "shop") == 0
    capsys.readouterr()
    assert run("list") == 0
    assert "shop  read  the whole house  revoked" in capsys.readouterr().out
    assert run("revoke", "shopp") == 1
    with pytest.raises(TokenError, match="There is no token named 'shopp'"):
        revoke_token(name="shopp")
