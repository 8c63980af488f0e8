"""A voucher has a code that can be read out, is not to be guessed, and is good once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from goodword.customers.models import Customer
from goodword.events.models import Event
from goodword.goodwill import actions, codes, registry
from goodword.goodwill.errors import GoodwillError
from goodword.goodwill.models import Gesture, Voucher, VoucherRedemption
from goodword.staff.models import Agent, AuthorityLevel

from .conftest import new


@pytest.fixture
def voucher(levels: list[AuthorityLevel], lead: Agent, customer: Customer) -> Voucher:
    return actions.give(agent=lead, gesture=new(customer, "20", kind="voucher")).voucher


def test_codes_have_no_signs_that_look_alike_and_are_all_different() -> None:
    made = {codes.new_code() for _ in range(2_000)}
    assert len(made) == 2_000
    assert all(codes.is_well_formed(code) for code in made)
    assert not set("".join(made)) & set("0O1IL2Z5S8BUV")
    assert len(codes.ALPHABET) == 23


@given(st.integers(0, 11), st.sampled_from(codes.ALPHABET))
def test_one_wrong_sign_is_noticed(place: int, sign: str) -> None:
    code = codes.new_code()
    wrong = code[:place] + sign + code[place + 1 :]
    assert codes.is_well_formed(wrong) == (wrong == code)


@given(st.integers(0, 11), st.integers(0, 11))
def test_two_signs_that_changed_places_are_noticed(one: int, other: int) -> None:
    code = codes.new_code()
    signs = list(code)
    signs[one], signs[other] = signs[other], signs[one]
    assert codes.is_well_formed("".join(signs)) == ("".join(signs) == code)


def test_a_code_is_read_however_it_was_typed() -> None:
    code = codes.new_code()
    for typed in (codes.grouped(code), codes.grouped(code).lower(), f" {code[:3]} {code[3:]}\n"):
        assert codes.tidy(typed) == code
    assert codes.grouped(code).count("-") == 2


def test_a_voucher_comes_with_its_gesture_and_expires_at_the_end_of_a_day(
    voucher: Voucher, customer: Customer
) -> None:
    assert (voucher.value, voucher.customer, voucher.state) == (Decimal(20), customer, Voucher.State.VALID)
    assert voucher.gesture == Gesture.objects.get()
    assert timezone.localtime(voucher.expires_at).strftime("%H:%M:%S") == "23:59:59"
    assert timedelta(days=364) < voucher.expires_at - timezone.now() < timedelta(days=367)


def test_a_share_is_taken_off_up_to_its_most(
    levels: list[AuthorityLevel], lead: Agent, customer: Customer
) -> None:
    gesture = new(customer, "20", kind="voucher", percent=15, valid_days=30)
    voucher = actions.give(agent=lead, gesture=gesture).voucher
    assert voucher.percent == 15
    assert voucher.takes_off(Decimal("33.33")) == Decimal("5.00")
    assert voucher.takes_off(Decimal(1000)) == Decimal(20)
    assert Voucher(value=Decimal(20)).takes_off(Decimal(8)) == Decimal(8)


def test_a_voucher_is_redeemed_once_and_the_same_reference_again_does_no_harm(
    voucher: Voucher, lead: Agent
) -> None:
    first = actions.redeem(code=codes.grouped(voucher.code).lower(), reference="order 1001", by=lead)
    again = actions.redeem(code=voucher.code, reference=" order  1001 ", via="Shop")
    assert first == again
    assert first.state == Voucher.State.REDEEMED
    with pytest.raises(actions.AlreadyRedeemed, match=r"was redeemed on .* for order 1001"):
        actions.redeem(code=voucher.code, reference="order 1002")
    assert VoucherRedemption.objects.get().by == lead
    assert Event.objects.filter(kind="voucher.redeemed").count() == 1


def test_without_a_reference_a_second_redemption_is_refused(voucher: Voucher, lead: Agent) -> None:
    actions.redeem(code=voucher.code, reference="", by=lead)
    with pytest.raises(actions.AlreadyRedeemed, match="for something else"):
        actions.redeem(code=voucher.code, reference="", by=lead)


def test_what_is_unknown_expired_or_withdrawn_is_not_good(
    voucher: Voucher, levels: list[AuthorityLevel], lead: Agent, customer: Customer
) -> None:
    with pytest.raises(actions.NotRedeemable, match="There is no voucher of this code"):
        actions.redeem(code=codes.new_code(), reference="order 1")
    with pytest.raises(actions.NotRedeemable, match="There is no voucher of this code"):
        actions.redeem(code="", reference="order 1")
    old = new(customer, "5", kind="voucher", valid_days=1)
    expired = actions.give(agent=lead, gesture=old, at=timezone.now() - timedelta(days=3)).voucher
    with pytest.raises(actions.NotRedeemable, match="This voucher expired on"):
        actions.redeem(code=expired.code, reference="order 1")
    actions.reverse(gesture=voucher.gesture, by=lead, reason="Sent to the wrong person.")
    with pytest.raises(actions.NotRedeemable, match="This voucher was withdrawn"):
        actions.redeem(code=voucher.code, reference="order 1")


def test_the_gesture_of_a_redeemed_voucher_stays(voucher: Voucher, lead: Agent) -> None:
    actions.redeem(code=voucher.code, reference="order 1", by=lead)
    with pytest.raises(GoodwillError, match=r"The voucher .*-.*-.* is redeemed already"):
        actions.reverse(gesture=voucher.gesture, by=lead, reason="Changed my mind.")


def test_rooms_above_hear_of_a_redemption(voucher: Voucher, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Voucher] = []
    monkeypatch.setattr(registry.redeemed, "_entries", [heard.append])
    actions.redeem(code=voucher.code, reference="order 1")
    actions.redeem(code=voucher.code, reference="order 1")
    assert heard == [voucher]


def test_no_event_carries_a_code(voucher: Voucher) -> None:
    actions.redeem(code=voucher.code, reference="order 1")
    assert not any(voucher.code in str(event.data) for event in Event.objects.all())
