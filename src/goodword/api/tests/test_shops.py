"""A shop brings its news by itself: signed, all or nothing, and harmless when it comes twice."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import pytest
from django.test import Client

from goodword.customers.actions import add_shop, renew_secret
from goodword.customers.models import Customer, Purchase, Shop, Subscription
from goodword.staff.models import Agent

NEWS = {
    "customers": [{"external_id": "C-1", "email": "nora@example.org", "name": "Nora New"}],
    "purchases": [
        {
            "external_id": "77",
            "customer": {"number": "C-1"},
            "product": "Kettle",
            "bought_at": "2026-05-03T10:00:00Z",
        }
    ],
    "subscriptions": [{"external_id": "s1", "customer": {"number": "C-1"}, "plan": "Plus"}],
}


class Caller:
    """A shop that signs its calls."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def __call__(self, news: Any, *, name: str = "web", at: float | None = None, **headers: str) -> Any:
        body = news if isinstance(news, bytes) else json.dumps(news).encode()
        moment = str(int(time.time() if at is None else at))
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        signed = b".".join([b"m1", moment.encode(), body])
        signature = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        sent = {"webhook-id": "m1", "webhook-timestamp": moment, "webhook-signature": f"v1,{signature}"}
        return Client().post(
            f"/hooks/shop/{name}", body, content_type="application/json", headers={**sent, **headers}
        )


@pytest.fixture(autouse=True)
def _mounted(settings: Any) -> None:
    """The whole house: shops call beside the API."""
    settings.ROOT_URLCONF = "goodword.ops.urls"


@pytest.fixture
def shop(administrator: Agent) -> Caller:
    """The web shop."""
    return Caller(add_shop(agent=administrator, name="web")[1])


def test_news_are_taken_in_once_however_often_they_come(shop: Caller) -> None:
    said = [shop(NEWS).content for _ in range(2)]
    assert said == [b"3 changed.\n", b"0 changed.\n"]
    assert (Purchase.objects.get().source, Purchase.objects.get().customer.name) == ("web", "Nora New")
    assert Subscription.objects.count() == 1
    assert Shop.objects.get().heard_at is not None


def test_one_thing_that_does_not_fit_takes_nothing_in(shop: Caller) -> None:
    bad = NEWS | {"subscriptions": [{"external_id": "s1", "customer": {"number": "C-9"}, "plan": "Plus"}]}
    answer = shop(bad)
    assert (answer.status_code, b"Nobody is known by the number 'C-9'" in answer.content) == (422, True)
    assert not Customer.objects.exists()
    assert not Purchase.objects.exists()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", b"JSON"),
        (b"[]", b"object"),
        (b'{"orders": []}', b"orders"),
        (b'{"purchases": [{"external_id": "1"}]}', b"purchases.0.customer"),
        (b'{"customers": [' + b",".join([b'{"external_id": "1"}'] * 501) + b"]}", b"at most 500"),
    ],
)
def test_what_cannot_be_read_is_said_to_be_so(shop: Caller, body: bytes, words: bytes) -> None:
    answer = shop(body)
    assert answer.status_code == 422
    assert words in answer.content


def test_only_what_is_signed_now_with_the_secret_is_taken(shop: Caller, administrator: Agent) -> None:
    refused = [
        Caller("whsec_" + base64.b64encode(b"x" * 24).decode())(NEWS),
        shop(NEWS, at=time.time() - 400),
        shop(NEWS, **{"webhook-id": "m2"}),
        shop(NEWS, **{"webhook-signature": ""}),
        shop(NEWS, **{"webhook-timestamp": "now"}),
    ]
    renew_secret(agent=administrator, shop=Shop.objects.get())
    refused.append(shop(NEWS))
    assert [answer.status_code for answer in refused] == [403] * 6
    assert not Customer.objects.exists()


def test_a_shop_that_is_not_set_up_is_not_there(shop: Caller) -> None:
    assert shop(NEWS, name="other").status_code == 404
    assert Client().get("/hooks/shop/web").status_code == 405
