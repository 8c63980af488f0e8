"""Where complaints take part in goodwill; loaded once Django is ready."""

from goodword.goodwill import registry

from . import offers
from .actions import (
    gesture_taken_back,
    remedy_decided,
    remedy_withdrawn,
    request_decided,
    request_withdrawn,
    voucher_redeemed,
)

registry.offers.add(offers.on_offer)
registry.decided.add(request_decided)
registry.decided.add(remedy_decided)
registry.withdrawn.add(request_withdrawn)
registry.withdrawn.add(remedy_withdrawn)
registry.redeemed.add(voucher_redeemed)
registry.taken_back.add(gesture_taken_back)
