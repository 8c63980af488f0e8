"""What a customer says yes and no to."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.staff.models import Agent

from ..errors import CustomerError
from ..models import Consent, Customer
from ..purposes import purpose as purpose_named
from ..telling import tell
from .record import locked

HOW_LENGTH = 200
PROOF_LENGTH = 20_000


@transaction.atomic
def consent(
    *,
    customer: Customer,
    purpose: str,
    given: bool,
    how: str,
    proof: str = "",
    at: datetime | None = None,
    agent: Agent | None,
) -> Consent:
    """Write down that the customer said yes or no to a purpose: where (`how`), and in which words (`proof`).

    Earlier words stay; the newest count. The same word of the same moment is written once.
    Raises CustomerError for a purpose that needs no consent, or that there is not, and when nothing says how.
    """
    wanted = purpose_named(purpose)
    if wanted.always:
        raise CustomerError(
            _("%(purpose)s needs no consent: it belongs to what the customer asked for.")
            % {"purpose": _(wanted.label)}
        )
    how = " ".join(how.replace("\x00", "").split())[:HOW_LENGTH]
    if not how:
        raise CustomerError(_("Say how the customer said so, as 'by phone' or 'check-out form'."))
    now = timezone.now()
    if at is not None and at > now:
        raise CustomerError(_("The customer cannot have said so in the future. Check the date."))
    locked(customer)
    same = Consent.objects.filter(customer=customer, purpose=purpose, given=given, how=how, at=at or now)
    known = same.first()
    if known is not None:
        return known
    row = Consent.objects.create(
        customer=customer,
        purpose=purpose,
        given=given,
        at=at or now,
        how=how,
        proof=proof.replace("\x00", "").strip()[:PROOF_LENGTH],
        by=agent,
    )
    tell("customer.consent", customer, agent, purpose=purpose, given=given, how=how)
    return row
