"""Shops and billing systems that bring their own news, signed with a secret."""

import base64
import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from goodword.kit.sealing import seal, unseal
from goodword.staff.access import require_administrator
from goodword.staff.models import Agent

from ..errors import CustomerError
from ..models import Shop

PREFIX = "whsec_"


@transaction.atomic
def add_shop(*, agent: Agent, name: str) -> tuple[Shop, str]:
    """A shop and the secret it signs with, which is shown once. Administrators only."""
    require_administrator(agent)
    if Shop.objects.filter(name=name).exists():
        raise CustomerError(_("There is a shop '%(name)s' already. Choose another name.") % {"name": name})
    secret = _new_secret()
    return Shop.objects.create(name=name, secret=seal(secret)), secret


@transaction.atomic
def renew_secret(*, agent: Agent, shop: Shop) -> str:
    """Another secret; the former one opens nothing any more."""
    require_administrator(agent)
    secret = _new_secret()
    Shop.objects.filter(pk=shop.pk).update(secret=seal(secret))
    return secret


@transaction.atomic
def remove_shop(*, agent: Agent, shop: Shop) -> None:
    """Take nothing more from it; what it brought stays."""
    require_administrator(agent)
    Shop.objects.filter(pk=shop.pk).delete()


def key_of(shop: Shop) -> bytes:
    """What the shop signs with."""
    return base64.b64decode(unseal(shop.secret).removeprefix(PREFIX))


def _new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(24)).decode("ascii")
