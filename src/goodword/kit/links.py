"""Signed, expiring addresses for people without an account, such as a customer's page."""

from datetime import timedelta

from django.core import signing

_LONGEST = timedelta(days=3660)


class Unusable(ValueError):
    """The link opens nothing: it was changed on its way, or is of another kind."""


class Expired(Unusable):
    """The link was good once and its time is over."""


def sign(purpose: str, number: int, *, days: int) -> str:
    """A token for one record of one purpose, good for `days`; it holds nothing but the number."""
    return signing.TimestampSigner(salt=f"goodword.links.{purpose}").sign_object([number, days])


def read(purpose: str, token: str) -> int:
    """The number that `sign` was given; raises Expired or Unusable."""
    signer = signing.TimestampSigner(salt=f"goodword.links.{purpose}")
    try:
        number, days = signer.unsign_object(token, max_age=_LONGEST)
        signer.unsign(token, max_age=timedelta(days=days))
    except signing.SignatureExpired as error:
        raise Expired("This link is too old.") from error
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Unusable("This link is not complete.") from error
    return int(number)
