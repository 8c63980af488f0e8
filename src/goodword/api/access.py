"""Who calls: a token, what it may do, and for whom it acts."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from goodword.kit.ids import digest
from goodword.staff import looking
from goodword.staff.access import hidden_mailboxes
from goodword.staff.looking import Thing
from goodword.staff.models import Agent, Look

from .models import Token
from .problems import ProblemError

AGENT_HEADER = "Goodword-Agent"
USED_EVERY = timedelta(minutes=1)
_MAY: dict[str, set[str]] = {
    Token.Scope.READ: {"read"},
    Token.Scope.WRITE: {"read", "write"},
    Token.Scope.ADMIN: {"read", "write", "admin", "mail"},
    Token.Scope.MAIL: {"mail"},
}


@dataclass(frozen=True, slots=True)
class Caller:
    """A program with its token. `agent` None is the house itself, which sees everything."""

    token: Token
    agent: Agent | None

    def hidden(self) -> list[int]:
        """Ids of the mailboxes the caller may not see."""
        return hidden_mailboxes(self.agent) if self.agent else []

    def looked(self, *things: Thing) -> None:
        """Write down that these were read, after the answer was made."""
        program = "" if self.agent else self.token.name
        looking.looked_at(things, Look.How.API, agent=self.agent, program=program)

    def somebody(self) -> Agent:
        """An agent where one is needed: the one it acts as, else the first administrator."""
        found = self.agent or _administrators().first()
        if found is None:
            raise ProblemError(
                409,
                "no-agent",
                "There is no administrator yet to act as. Open the desk once to make the first one.",
            )
        return found


class Request(HttpRequest):
    """A request that came with a token."""

    auth: Caller


class BearerToken(HttpBearer):
    """`Authorization: Bearer <token>`, with a scope that allows the call."""

    def __init__(self, needs: str) -> None:
        super().__init__()
        self.needs = needs

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The caller; raises ProblemError 401 or 403."""
        found = Token.objects.select_related("agent").filter(digest=digest(token), revoked_at=None).first()
        if found is None or (found.agent is not None and not found.agent.is_active):
            raise ProblemError(
                401, "unknown-token", "This token is not known, or it was revoked. Make a new one."
            )
        if self.needs not in _MAY[found.scope]:
            raise ProblemError(
                403,
                "scope",
                f"The token '{found.name}' has the scope '{found.scope}'; this call needs '{self.needs}'.",
            )
        _used(found)
        return Caller(found, _acting(found, request.headers.get(AGENT_HEADER)))


def _acting(token: Token, email: str | None) -> Agent | None:
    """The agent the token acts as; the header chooses one for tokens of the whole house."""
    if email is None:
        return token.agent
    if token.agent is not None:
        if token.agent.email == email.lower():
            return token.agent
        raise ProblemError(
            403, "not-yours", f"The token '{token.name}' acts as {token.agent.email} and nobody else."
        )
    if "admin" not in _MAY[token.scope]:
        raise ProblemError(
            403,
            "scope",
            f"To act as an agent by {AGENT_HEADER}, a token of the whole house needs the scope 'admin'.",
        )
    found = Agent.objects.filter(email=email.lower().replace("\x00", ""), is_active=True).first()
    if found is None:
        raise ProblemError(403, "unknown-agent", f"No agent who may log in has the address '{email[:100]}'.")
    return found


def _administrators() -> Any:
    return Agent.objects.filter(role=Agent.Role.ADMINISTRATOR, is_active=True).order_by("id")


def _used(token: Token) -> None:
    """Note when the token was used, at most once a minute, so that reading costs no write."""
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USED_EVERY)
    if token.last_used_at is None or now - token.last_used_at > USED_EVERY:
        Token.objects.filter(stale, pk=token.pk).update(last_used_at=now)


reads = BearerToken("read")
writes = BearerToken("write")
brings_mail = BearerToken("mail")
