"""Making and revoking the tokens that let programs in."""

import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone

from goodword.kit.ids import digest
from goodword.staff.models import Agent

from .models import Token

PREFIX = "gw_"


class TokenError(Exception):
    """A token cannot be made or revoked; the text says why and what to do."""


def create_token(*, name: str, scope: str, agent: Agent | None = None) -> tuple[Token, str]:
    """Make a token; the second value is the key itself, which is kept nowhere and cannot be shown again."""
    name = name.strip()
    if not name or len(name) > 200:
        raise TokenError(f"A token needs a name of 1 to 200 characters; this one has {len(name)}.")
    key = PREFIX + secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            return Token.objects.create(name=name, digest=digest(key), scope=scope, agent=agent), key
    except IntegrityError as error:
        raise TokenError(f"There is a token named '{name}' already. Choose another name.") from error


@transaction.atomic
def revoke_token(*, name: str) -> Token:
    """Shut a token out for good; revoking it again changes nothing."""
    token = Token.objects.select_for_update().filter(name=name.strip()).first()
    if token is None:
        raise TokenError(f"There is no token named '{name}'. 'goodword token list' shows them.")
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
    return token
