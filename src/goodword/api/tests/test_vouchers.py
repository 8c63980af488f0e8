"""A shop asks whether a voucher is good and uses it: once, and without being able to guess."""

import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connections
from django.utils import timezone

from goodword.api.models import WrongCode
from goodword.api.tests.conftest import Program, Said
from goodword.customers.models import Customer
from goodword.goodwill import actions, codes
from goodword.goodwill.actions import NewGesture, Place
from goodword.goodwill.models import Voucher, VoucherRedemption
from goodword.mail.models import Mailbox
from goodword.staff import authority
from goodword.staff.models import Agent, Team

AT_ONCE = 50


@pytest.fixture
def give(lead: Agent, customer: Customer) -> Callable[..., Voucher]:
    """Makes vouchers of 20 that cost the lead's limits nothing."""
    authority.add_level(by=None, name="Top", per_gesture=None, per_customer=None, per_month=None)

    def give(**changes: object) -> Voucher:
        facts = {"kind": "voucher", "amount": Decimal(20), "customer": customer, "reason": "Sorry."}
        at = changes.pop("at", None)
        return actions.give(agent=lead, gesture=NewGesture(**(facts | changes)), at=at).voucher  # type: ignore[arg-type]

    return give


def test_a_good_voucher_says_what_it_takes_off(house: Program, give: Callable[..., Voucher]) -> None:
    voucher = give(percent=10)
    code = codes.grouped(voucher.code)
    said = house("GET", f"vouchers/{code.lower()}")
    assert said.status == 200
    assert said.body == {
        "code": code,
        "state": "valid",
        "value": "20.00",
        "percent": 10,
        "currency": "EUR",
        "expires_at": said.body["expires_at"],
        "redeemed_at": None,
        "reference": None,
        "takes_off": None,
    }


def test_redeeming_is_done_once_and_the_same_reference_gets_the_same_answer(
    house: Program, give: Callable[..., Voucher]
) -> None:
    path = f"vouchers/{give(percent=10).code}/redeem"
    first = house("POST", path, {"reference": "order 1001", "total": "59.90"})
    again = house("POST", path, {"reference": "order 1001", "total": "59.90"})
    other = house("POST", path, {"reference": "order 1002"})

    assert (first.status, again.status) == (200, 200)
    assert first.body == again.body
    assert (first.body["state"], first.body["takes_off"]) == ("redeemed", "5.99")
    assert (other.status, other.body["type"]) == (409, "urn:goodword:problem:already-redeemed")
    assert "for order 1001" in other.body["detail"]
    redemption = VoucherRedemption.objects.get()
    assert (redemption.via, redemption.by) == ("program 1", None)


def test_what_is_expired_or_withdrawn_is_said_and_cannot_be_used(
    house: Program, give: Callable[..., Voucher], lead: Agent
) -> None:
    expired = give(valid_days=1, at=timezone.now() - timedelta(days=3))
    withdrawn = give()
    actions.reverse(gesture=withdrawn.gesture, by=lead, reason="Wrong person.")
    for voucher, state in ((expired, "expired"), (withdrawn, "withdrawn")):
        assert house("GET", f"vouchers/{voucher.code}").body["state"] == state
        said = house("POST", f"vouchers/{voucher.code}/redeem", {"reference": "order 1"})
        assert (said.status, said.body["type"]) == (409, "urn:goodword:problem:not-redeemable")


def test_the_answer_to_a_wrong_code_does_not_tell_how_wrong_it_is(house: Program, db: None) -> None:
    unknown = house("GET", f"vouchers/{codes.new_code()}")
    broken = house("GET", "vouchers/AAAA-AAAA-AAAA")
    used = house("POST", f"vouchers/{codes.new_code()}/redeem", {"reference": "order 1"})
    assert unknown.status == 404
    assert unknown.body == broken.body == used.body


def test_a_token_with_too_many_wrong_codes_has_to_wait_even_for_right_ones(
    program: Callable[..., Program], give: Callable[..., Voucher]
) -> None:
    guesser, shop, voucher = program("write"), program("write"), give()
    answers = [guesser("GET", f"vouchers/{codes.new_code()}").status for _ in range(22)]
    assert answers == [404] * 20 + [429] * 2

    refused = guesser("POST", f"vouchers/{voucher.code}/redeem", {"reference": "order 1"})
    assert (refused.status, refused.body["type"]) == (429, "urn:goodword:problem:too-many-wrong-codes")
    assert 0 < int(refused.headers["Retry-After"]) == refused.body["retry_after"] <= 601
    assert shop("GET", f"vouchers/{voucher.code}").status == 200

    WrongCode.objects.update(at=timezone.now() - timedelta(minutes=11))
    assert guesser("GET", f"vouchers/{voucher.code}").status == 200


def test_right_codes_do_not_count(house: Program, give: Callable[..., Voucher]) -> None:
    voucher = give()
    assert {house("GET", f"vouchers/{voucher.code}").status for _ in range(30)} == {200}


def test_a_token_that_may_only_read_redeems_nothing(
    program: Callable[..., Program], give: Callable[..., Voucher]
) -> None:
    voucher = give()
    reader = program("read")
    assert reader("GET", f"vouchers/{voucher.code}").status == 200
    assert reader("POST", f"vouchers/{voucher.code}/redeem", {"reference": "order 1"}).status == 403


def test_what_an_agent_may_not_see_is_a_wrong_code(
    program: Callable[..., Program],
    give: Callable[..., Voucher],
    mailbox: Mailbox,
    team: Team,
    stranger: Agent,
) -> None:
    voucher = give(place=Place(mailbox_id=mailbox.pk))
    assert program("write", agent=stranger)("GET", f"vouchers/{voucher.code}").status == 404


def test_what_is_sent_is_checked(house: Program, give: Callable[..., Voucher]) -> None:
    path = f"vouchers/{give().code}/redeem"
    for body in ({}, {"reference": ""}, {"reference": "x", "total": "-1"}, {"reference": "x", "more": 1}):
        assert house("POST", path, body).status == 422
    assert house("GET", "vouchers/%C3%84%C3%84").status == 422


@pytest.mark.django_db(transaction=True)
def test_fifty_shops_at_once_redeem_one_code_once(house: Program, give: Callable[..., Voucher]) -> None:
    code = give().code
    gate = threading.Barrier(AT_ONCE)
    answers: list[Said] = []

    def redeem(number: int) -> None:
        shop = Program(house.key)
        gate.wait(timeout=60)
        answers.append(shop("POST", f"vouchers/{code}/redeem", {"reference": f"order {number}"}))
        connections.close_all()

    threads = [threading.Thread(target=redeem, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert sorted(answer.status for answer in answers) == [200] + [409] * (AT_ONCE - 1)
    winner = next(answer for answer in answers if answer.status == 200)
    assert VoucherRedemption.objects.get().reference == winner.body["reference"]


@pytest.mark.django_db(transaction=True)
def test_many_guesses_at_once_are_no_more_than_one_after_the_other(house: Program) -> None:
    gate = threading.Barrier(AT_ONCE)
    answers: list[int] = []

    def guess() -> None:
        guesser = Program(house.key)
        gate.wait(timeout=60)
        answers.append(guesser("GET", f"vouchers/{codes.new_code()}").status)
        connections.close_all()

    threads = [threading.Thread(target=guess) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert (answers.count(404), answers.count(429)) == (20, 30)
