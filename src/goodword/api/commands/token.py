"""`goodword token`: make, list and revoke API tokens."""

import argparse
from datetime import datetime

from django.utils import timezone

from goodword.api.actions import TokenError, create_token, revoke_token
from goodword.api.models import Token
from goodword.kit.terminal import say
from goodword.staff.models import Agent

MAY = {"read": "read", "write": "read and write", "admin": "do everything", "mail": "hand mail in"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """create NAME --scope SCOPE [--agent EMAIL], list, revoke NAME."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="create|list|revoke")
    create = verbs.add_parser("create", help="make a token and print it once, as the last word")
    create.add_argument("name", metavar="NAME", help="what uses it, such as 'web shop'")
    create.add_argument("--scope", required=True, choices=Token.Scope.values, help="what it may do")
    create.add_argument(
        "--agent", metavar="EMAIL", default="", help="act as this agent; without it, as the house"
    )
    verbs.add_parser("list", help="show the tokens, without the keys")
    revoke = verbs.add_parser("revoke", help="shut a token out for good")
    revoke.add_argument("name", metavar="NAME")


def run(arguments: argparse.Namespace) -> int:
    """Do it; exit code 1 after a sentence saying why it cannot be done."""
    try:
        if arguments.verb == "create":
            return _create(arguments.name, arguments.scope, arguments.agent)
        if arguments.verb == "revoke":
            token = revoke_token(name=arguments.name)
            return say(f"Token '{token.name}' is revoked; nothing gets in with it any more.")
        return _list()
    except TokenError as error:
        return say(str(error), code=1)


def _create(name: str, scope: str, email: str) -> int:
    agent = Agent.objects.filter(email=email.strip().lower(), is_active=True).first() if email else None
    if email and agent is None:
        raise TokenError(f"No agent who may log in has the address '{email}'. Look under Settings, Agents.")
    token, key = create_token(name=name, scope=scope, agent=agent)
    who = f"acts as {agent.name}" if agent else "acts for the whole house"
    say(f"Token '{token.name}' may {MAY[token.scope]} and {who}. Keep it now, it is not shown again:")
    return say(key)


def _list() -> int:
    tokens = Token.objects.select_related("agent").order_by("name")
    for token in tokens:
        used = f"used {_day(token.last_used_at)}" if token.last_used_at else "never used"
        state = f"revoked {_day(token.revoked_at)}" if token.revoked_at else used
        say(
            f"{token.name}  {token.scope}  {token.agent.email if token.agent else 'the whole house'}  {state}"
        )
    return 0 if tokens else say("There are no tokens. Make one with: goodword token create NAME --scope read")


def _day(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")
