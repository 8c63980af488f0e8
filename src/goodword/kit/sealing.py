"""Secrets of others, such as a mailbox's password, kept so that a stolen table opens nothing."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from goodword.kit.ids import derived_key


class Unsealable(ValueError):
    """What was sealed cannot be read any more; the text says why and what to do."""


def seal(text: str) -> str:
    """`text` encrypted with the installation's secret key."""
    return _box().encrypt(text.encode("utf-8")).decode("ascii")


def unseal(sealed: str) -> str:
    """What `seal` was given; raises Unsealable when the secret key is another one now."""
    try:
        return _box().decrypt(sealed.encode("ascii", errors="replace")).decode("utf-8")
    except InvalidToken as error:
        raise Unsealable(
            "The kept password cannot be read, because the secret key of this installation changed. "
            "Enter the password or sign in anew, or set GOODWORD_SECRET_KEY to the former key."
        ) from error


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived_key("sealing", secret=settings.SECRET_KEY)))
