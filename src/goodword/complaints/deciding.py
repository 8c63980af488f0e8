"""Where complaints take part in goodwill; loaded once Django is ready."""

from goodword.goodwill import registry

from . import offers
from .actions import gesture_taken_back, remedy_decided, request_decided, voucher_redeemed

registry.offers.add(offers.on_offer)
registry.decided.add(request_decided)
registry.decided.add(remedy_decided)
registry.redeemed.add(voucher_redeemed)
registry.taken_back.add(gesture_taken_back)
