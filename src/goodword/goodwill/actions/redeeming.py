"""Redeeming vouchers: once, whoever asks and however many ask at once."""

from datetime import datetime

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from goodword.staff.models import Agent

from .. import codes, registry
from ..errors import GoodwillError
from ..models import Voucher, VoucherRedemption
from .giving import take_turns
from .recording import gesture_event

REFERENCE_LENGTH = 200


class NotRedeemable(GoodwillError):
    """The voucher is not good: there is none of this code, it expired, or it was withdrawn."""


class AlreadyRedeemed(GoodwillError):
    """The voucher was used before, for something else."""


@transaction.atomic
def redeem(*, code: str, reference: str, by: Agent | None = None, via: str = "") -> Voucher:
    """Use a voucher for `reference`, such as an order; raises NotRedeemable or AlreadyRedeemed.

    The same code for the same reference once more gives the same answer. Whoever comes first wins: the
    row is locked, and a second redemption of it cannot be stored.
    """
    reference = " ".join(reference.replace("\x00", "").split())[:REFERENCE_LENGTH]
    code = codes.tidy(code)
    known = Voucher.objects.select_related("customer").filter(code=code).first()
    if known is not None:
        # Before any row is locked, as whoever takes a gesture back does.
        take_turns(None, known.customer)
    locked = Voucher.objects.select_for_update(no_key=True, of=("self",)).select_related("gesture")
    voucher = locked.filter(code=code).first()
    if voucher is None:
        raise NotRedeemable(_("There is no voucher of this code. Look at it again, sign by sign."))
    used = VoucherRedemption.objects.filter(voucher=voucher).first()
    if used is not None:
        if reference and used.reference == reference:
            return voucher
        sentence = _("This voucher was redeemed on %(day)s for %(reference)s.")
        facts = {"day": _day(used.at), "reference": used.reference or _("something else")}
        raise AlreadyRedeemed(sentence % facts)
    _require_valid(voucher)
    VoucherRedemption.objects.create(voucher=voucher, by=by, via=via[:200], reference=reference)
    gesture_event("voucher.redeemed", voucher.gesture, by, reference=reference, via=via[:200])
    done = Voucher.objects.select_related("gesture", "redemption").get(pk=voucher.pk)
    for tell in registry.redeemed:
        tell(done)
    return done


def _require_valid(voucher: Voucher) -> None:
    state = voucher.state
    if state == Voucher.State.EXPIRED:
        raise NotRedeemable(_("This voucher expired on %(day)s.") % {"day": _day(voucher.expires_at)})
    if state == Voucher.State.WITHDRAWN:
        raise NotRedeemable(_("This voucher was withdrawn, and is not good any more."))


def _day(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "j F Y")
