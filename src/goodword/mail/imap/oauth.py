"""Signing in by OAuth 2: the way to the provider and back with PKCE, and fresh tokens ever after."""

import base64
import hashlib
import json
import secrets
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, replace
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.utils.translation import gettext as _

from goodword.kit.asking import ask
from goodword.mail.imap.credentials import Credentials
from goodword.mail.imap.trouble import SignInRefused, Trouble
from goodword.mail.tables import table

WITHIN_SECONDS = 20.0
MOST_BYTES = 100_000
# A token that is about to end is renewed before it is used.
EARLY_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Journey:
    """What has to be remembered while somebody is at the provider's: to know them again, and for PKCE."""

    state: str
    verifier: str

    @classmethod
    def begin(cls) -> "Journey":
        """A new one."""
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(64))


def server_of(kind: str) -> tuple[str, int]:
    """Name and port of a provider's mail server, which speaks TLS from the start."""
    provider = table("mail_providers")[kind]
    return provider["host"], provider["port"]


def authorize_url(kind: str, credentials: Credentials, *, journey: Journey, back: str, username: str) -> str:
    """Where an administrator lets the desk into the mailbox; the provider sends them to `back` afterwards."""
    provider = table("mail_providers")[kind]
    digest = hashlib.sha256(journey.verifier.encode("ascii")).digest()
    asked = {
        "response_type": "code",
        "client_id": credentials.client_id,
        "redirect_uri": back,
        "scope": provider["scope"],
        "state": journey.state,
        "code_challenge": base64.urlsafe_b64encode(digest).decode("ascii").rstrip("="),
        "code_challenge_method": "S256",
        "login_hint": username,
        **provider["more"],
    }
    return f"{_at_tenant(provider['authorize'], credentials)}?{urlencode(asked)}"


def exchange(kind: str, credentials: Credentials, *, journey: Journey, back: str, code: str) -> Credentials:
    """The tokens that the provider's `code` is good for; raises Trouble."""
    got = _ask(
        kind,
        credentials,
        grant_type="authorization_code",
        code=code,
        redirect_uri=back,
        code_verifier=journey.verifier,
    )
    if not got.get("refresh_token"):
        raise SignInRefused(
            _(
                "%(who)s gave no lasting permission (no refresh token). "
                "Sign in again and allow all it asks for."
            )
            % {"who": _name(kind)}
        )
    return _with_tokens(credentials, got)


def fresh(kind: str, credentials: Credentials) -> Credentials:
    """The same credentials while their access token holds, else with a new one; raises Trouble."""
    if credentials.access_token and credentials.expires_at - time.time() > EARLY_SECONDS:
        return credentials
    got = _ask(kind, credentials, grant_type="refresh_token", refresh_token=credentials.refresh_token)
    return _with_tokens(credentials, got)


def _with_tokens(credentials: Credentials, got: dict[str, Any]) -> Credentials:
    lasts = str(got.get("expires_in"))
    seconds = float(lasts) if lasts.isdigit() else 300.0
    return replace(
        credentials,
        access_token=str(got["access_token"]),
        # Some give a new one each time, and the former ends then.
        refresh_token=str(got.get("refresh_token") or credentials.refresh_token),
        expires_at=time.time() + seconds,
    )


def _ask(kind: str, credentials: Credentials, **asked: str) -> dict[str, Any]:
    asked |= {"client_id": credentials.client_id}
    if credentials.client_secret:
        asked["client_secret"] = credentials.client_secret
    url = _at_tenant(table("mail_providers")[kind]["token"], credentials)
    status, body = _post(url, urlencode(asked).encode("ascii"), _name(kind))
    try:
        got = json.loads(body)
    except ValueError:
        got = None
    if not isinstance(got, dict) or not (got.get("access_token") or got.get("error")):
        raise Trouble(
            _("%(who)s gave an answer that could not be read (%(status)d).")
            % {"who": _name(kind), "status": status}
        )
    if got.get("error") or not got.get("access_token"):
        raise _refusal(kind, got)
    return got


def _refusal(kind: str, got: dict[str, Any]) -> Trouble:
    why = " ".join(str(got.get("error_description") or got["error"]).split())[:300]
    if got["error"] in {"temporarily_unavailable", "server_error"}:
        return Trouble(
            _("%(who)s could not be asked for a token: %(why)s") % {"who": _name(kind), "why": why}
        )
    return SignInRefused(
        _(
            "%(who)s no longer lets us into this mailbox: %(why)s "
            "Sign in there anew under Settings, Mailboxes."
        )
        % {"who": _name(kind), "why": why.rstrip(".") + "."}
    )


def _post(url: str, body: bytes, who: str) -> tuple[int, bytes]:
    request = urllib.request.Request(  # noqa: S310 (the addresses stand in our table)
        url, data=body, headers={"Accept": "application/json"}, method="POST"
    )
    try:
        return ask(request, seconds=WITHIN_SECONDS, most_bytes=MOST_BYTES)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(MOST_BYTES)
    except (OSError, ValueError, HTTPException) as error:
        why = getattr(error, "reason", error)
        raise Trouble(
            _("%(who)s (%(host)s) gave no answer: %(why)s.")
            % {"who": who, "host": urlsplit(url).hostname, "why": why}
        ) from error


def _at_tenant(url: str, credentials: Credentials) -> str:
    return url.replace("{tenant}", quote(credentials.tenant or "organizations", safe=""))


def _name(kind: str) -> str:
    return str(table("mail_providers")[kind]["name"])
