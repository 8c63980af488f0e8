"""The address that shops call with their news, `/hooks/shop/<name>`.

Calls are signed as the Standard Webhooks have it. All of a call is taken in, or nothing, and one that comes
twice changes nothing. A shop that is not set up answers like any address that is not there.
"""

import base64
import hashlib
import hmac
import logging
import time

from django.conf import settings
from django.db import Error, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from pydantic import Field, ValidationError

from goodword.api.fields import Sent
from goodword.api.shapes.buying import CustomerIn, ExternalId, PurchaseIn, SubscriptionIn
from goodword.customers import actions
from goodword.customers.actions import CustomerError
from goodword.customers.models import Shop

from .refusing import Refusals

LEEWAY = 300
MOST = 500
LATER = {"Retry-After": "60"}
log = logging.getLogger(__name__)
refusals = Refusals()


class NewsOfCustomer(CustomerIn):
    """As the API takes it; the shop is the source."""

    source: str = Field(default="", max_length=60)


class NewsOfPurchase(PurchaseIn):
    """As the API takes it; the shop is the source."""

    source: str = Field(default="", max_length=60)
    external_id: ExternalId


class NewsOfSubscription(SubscriptionIn):
    """As the API takes it; the shop is the source."""

    source: str = Field(default="", max_length=60)


class News(Sent):
    """What a shop may bring in one call."""

    customers: list[NewsOfCustomer] = Field(default=[], max_length=MOST)
    purchases: list[NewsOfPurchase] = Field(default=[], max_length=MOST)
    subscriptions: list[NewsOfSubscription] = Field(default=[], max_length=MOST)


@csrf_exempt  # the caller is a program, which its signature lets in
@never_cache
def shop(request: HttpRequest, name: str) -> HttpResponse:
    """A call of the shop `name`."""
    found = Shop.objects.filter(name=name).first()
    if found is None:
        raise Http404
    if request.method != "POST":
        return _say(405, "Use POST.", {"Allow": "POST"})
    if int(request.headers.get("Content-Length") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return _say(413, "The call is too large; send fewer at once.")
    if not _is_signed(request, found):
        return _refused(request, name)
    try:
        news = News.model_validate_json(request.body)
        taken = _take(news, found)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in fault["loc"])
        return _say(422, f"{where}: {fault['msg']}." if where else f"{fault['msg']}.")
    except CustomerError as error:
        return _say(422, f"Nothing was taken in. {error}")
    except Error as error:
        log.warning("A call of the shop %s could not be written down: %s", name, error)
        return _say(503, "The database does not answer; call again later.", LATER)
    return _say(200, f"{taken} changed.")


@transaction.atomic
def _take(news: News, found: Shop) -> int:
    """Take in all of it; how much of it was new or changed."""
    source = found.name
    puts = [actions.put_customer(source=source, who=one.who(), facts=one.facts()) for one in news.customers]
    puts += [
        actions.put_purchase(source=source, who=one.customer.who(), facts=one.facts())
        for one in news.purchases
    ]
    puts += [
        actions.put_subscription(source=source, who=one.customer.who(), facts=one.facts())
        for one in news.subscriptions
    ]
    Shop.objects.filter(pk=found.pk).update(heard_at=timezone.now())
    return sum(1 for put in puts if put.outcome != "same")


def _is_signed(request: HttpRequest, found: Shop) -> bool:
    """Whether the call was signed with the shop's secret within the last five minutes."""
    number, moment, given = (
        request.headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature")
    )
    if not (moment.isascii() and moment.isdigit() and len(moment) < 12):
        return False
    if not number or abs(time.time() - int(moment)) > LEEWAY:
        return False
    signed = b".".join([number.encode(), moment.encode(), request.body])
    wanted = base64.b64encode(hmac.digest(actions.key_of(found), signed, hashlib.sha256))
    offered = [one.partition(",")[2] for one in given.split() if one.startswith("v1,")]
    return any(hmac.compare_digest(wanted, one.encode()) for one in offered)


def _refused(request: HttpRequest, name: str) -> HttpResponse:
    caller = request.META.get("REMOTE_ADDR", "")
    refusals.add(caller)
    if refusals.too_many(caller):
        return _say(429, "Too many calls from here were refused; wait a minute.", LATER)
    log.warning("A call of the shop %s was refused.", name)
    return _say(403, "The call is not signed as it should be, it is too old, or the secret is another one.")


def _say(status: int, sentence: str, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(
        sentence + "\n", status=status, content_type="text/plain; charset=utf-8", headers=headers
    )
