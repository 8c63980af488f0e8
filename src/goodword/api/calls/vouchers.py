"""Vouchers at the till or in a shop's checkout: is it good, and use it."""

from ninja import Router

from goodword.api import guessing
from goodword.api.access import Caller, Request, reads, writes
from goodword.api.shapes.vouchers import Code, RedeemIn, VoucherOut, voucher_out
from goodword.goodwill import access, actions, codes
from goodword.goodwill.models import Voucher
from goodword.staff.looking import Thing

router = Router(tags=["vouchers"])


@router.get("/vouchers/{code}", response=VoucherOut, auth=reads)
def get_voucher(request: Request, code: Code) -> VoucherOut:
    """Whether a voucher is good, and what for."""
    found = _voucher(request.auth, code)
    made = voucher_out(found)
    if found.customer_id is not None:
        request.auth.looked(Thing(found.customer_id, found.gesture.conversation_id))
    return made


@router.post("/vouchers/{code}/redeem", response=VoucherOut, auth=writes)
def redeem_voucher(request: Request, code: Code, body: RedeemIn) -> VoucherOut:
    """Use a voucher: once, whoever asks first. The same reference again gets the same answer."""
    found = _voucher(request.auth, code)
    token = request.auth.token
    used = actions.redeem(code=found.code, reference=body.reference, by=request.auth.agent, via=token.name)
    return voucher_out(used, total=body.total)


def _voucher(caller: Caller, code: str) -> Voucher:
    def find() -> Voucher | None:
        try:
            return access.get_voucher(caller.agent, code) if codes.is_well_formed(codes.tidy(code)) else None
        except Voucher.DoesNotExist:
            return None

    return guessing.look_up(caller.token, find)
