"""Links by which a recipient asks for no more mail of a kind: signed, so that nobody asks for another."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing

_SALT = "goodword.mail.unsubscribe"


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants no more of what."""

    address: str
    topic: str


def token_for(address: str, topic: str) -> str:
    """What names address and topic in a link; it holds for ever, as the mail it stands in does."""
    return signing.dumps([address.casefold(), topic], salt=_SALT)


def read(token: str) -> Wish | None:
    """What a link asks for; None for one that we did not make."""
    try:
        address, topic = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Wish(str(address), str(topic))


def address_for(address: str, topic: str) -> str:
    """The page's address for a mail's fields."""
    return f"{settings.CONFIG.url}/unsubscribe/{token_for(address, topic)}/"
