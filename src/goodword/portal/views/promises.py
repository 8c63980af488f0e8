"""What was promised to a customer and how it stands, in plain words. Nothing internal stands here."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from goodword.customers.models import Customer
from goodword.customers.queries import kept_instead
from goodword.promises.models import Outcome, Promise
from goodword.promises.moments import company_zone
from goodword.promises.queries import shown_to_customer

from ..pages import broken, linked, show

PURPOSE = "promises"
Kind = Outcome.Kind


@dataclass(frozen=True, slots=True)
class Told:
    """A promise as the customer is told of it; `tone` is open, good, sorry or quiet."""

    what: str
    made: str
    state: str
    tone: str


@linked(PURPOSE)
def promises(request: HttpRequest, number: int) -> HttpResponse:
    """The open promises first, then what became of the others."""
    # The mail with the link may be older than the joining of two customers who are one person.
    customer = Customer.objects.filter(pk=kept_instead(number) or number, erased_at=None).first()
    if customer is None:
        return broken(request)
    found = shown_to_customer(customer)
    context = {
        "customer": customer,
        "waiting": [_told(one) for one in found if one.is_open],
        "settled": [_told(one) for one in found if not one.is_open],
    }
    return show(request, "portal/promises.html", context)


def _told(promise: Promise) -> Told:
    return Told(promise.what, _day(promise.made_at), *_state(promise))


def _state(promise: Promise) -> tuple[str, str]:
    if promise.state == Promise.State.KEPT:
        return _("Done."), "good"
    if promise.state == Promise.State.BROKEN:
        return _("We did not keep this one, and we are sorry."), "sorry"
    if promise.is_waiting and promise.due_at is None:
        return _("As soon as this has happened: %(condition)s.") % {"condition": promise.condition}, "open"
    if promise.due_at is None:
        return _("We are at it. No day was named."), "open"
    due = _day(promise.due_at) if promise.whole_day else _moment(promise.due_at)
    if promise.due_at < timezone.now():
        return _("This was due by %(due)s and is late. We are sorry, and still at it.") % {
            "due": due
        }, "sorry"
    if promise.is_waiting:
        said = _("By %(due)s, if this has happened: %(condition)s.")
        return said % {"due": due, "condition": promise.condition}, "open"
    return _("By %(due)s.") % {"due": due}, "open"


def _day(moment: datetime) -> str:
    return str(formats.date_format(moment.astimezone(company_zone()), "l j F Y"))


def _moment(moment: datetime) -> str:
    return str(formats.date_format(moment.astimezone(company_zone()), "l j F Y, H:i"))
