"""What an account signs in with; only ever stored sealed, and never shown."""

import json
from dataclasses import asdict, dataclass, field

from goodword.kit.sealing import Unsealable, seal, unseal
from goodword.mail.models import MailAccount


@dataclass(frozen=True)
class Credentials:
    """A password, or what OAuth 2 needs: the client, its refresh token and the last access token."""

    password: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    tenant: str = ""
    refresh_token: str = field(default="", repr=False)
    access_token: str = field(default="", repr=False)
    expires_at: float = 0.0

    def as_text(self) -> str:
        """All of it as text, for sealing."""
        return json.dumps(asdict(self))


def credentials_of(account: MailAccount) -> Credentials:
    """The account's secrets; raises Unsealable when they cannot be read any more."""
    try:
        return Credentials(**json.loads(unseal(account.sealed)))
    except (ValueError, TypeError) as error:
        if isinstance(error, Unsealable):
            raise
        raise Unsealable("The kept password cannot be read. Enter it anew.") from None


def keep(account: MailAccount, credentials: Credentials) -> None:
    """Keep the account's new credentials, sealed, unless somebody entered others meanwhile."""
    before, account.sealed = account.sealed, seal(credentials.as_text())
    if account.pk:
        MailAccount.objects.filter(pk=account.pk, sealed=before).update(sealed=account.sealed)
