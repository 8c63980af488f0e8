"""Where complaints take part in goodwill; loaded once Django is ready."""

from goodword.goodwill import registry

from .actions import gesture_taken_back, request_decided, voucher_redeemed

registry.decided.add(request_decided)
registry.redeemed.add(voucher_redeemed)
registry.taken_back.add(gesture_taken_back)
