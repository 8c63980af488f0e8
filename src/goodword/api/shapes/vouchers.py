"""Vouchers as the API takes and shows them. Amounts are texts such as '20.00', so that no cent is lost."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, cast

from django.conf import settings
from pydantic import Field

from goodword.api.fields import SOME_TEXT, Sent, Shown
from goodword.goodwill import codes
from goodword.goodwill.models import Voucher

VoucherState = Literal["valid", "redeemed", "expired", "withdrawn"]
Code = Annotated[
    str,
    Field(
        min_length=1,
        max_length=40,
        pattern=r"^[A-Za-z0-9 -]+$",
        description="The code, with or without its hyphens, in capitals or not.",
    ),
]
Reference = Annotated[
    str,
    Field(
        min_length=1,
        max_length=200,
        pattern=SOME_TEXT,
        description="What it is used for, such as an order's number. Sent again, the answer is the same.",
    ),
]
Amount = Annotated[str, Field(pattern=r"^[0-9]{1,10}(\.[0-9]{1,2})?$", examples=["59.90"])]


class RedeemIn(Sent):
    """What the voucher is used for; with the bill's `total` the answer says what comes off it."""

    reference: Reference
    total: Amount | None = None


class VoucherOut(Shown):
    """A voucher. It takes off `value`, or with a `percent` that share of the bill, up to `value`."""

    code: str
    state: VoucherState
    value: str
    percent: int | None
    currency: str
    expires_at: datetime
    redeemed_at: datetime | None
    reference: str | None
    takes_off: str | None = Field(description="What comes off the `total` that was sent.")


def voucher_out(voucher: Voucher, *, total: str | None = None) -> VoucherOut:
    """A voucher with its redemption, if there is one."""
    redemption = getattr(voucher, "redemption", None)
    return VoucherOut(
        code=codes.grouped(voucher.code),
        state=cast(VoucherState, voucher.state.value),
        value=str(voucher.value),
        percent=voucher.percent,
        currency=settings.CONFIG.currency,
        expires_at=voucher.expires_at,
        redeemed_at=redemption.at if redemption else None,
        reference=redemption.reference if redemption else None,
        takes_off=str(voucher.takes_off(Decimal(total))) if total is not None else None,
    )
