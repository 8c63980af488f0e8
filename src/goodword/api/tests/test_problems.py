"""What is wrong is said as a problem with a sentence, whatever was sent."""

import pytest
from django.db import OperationalError

from goodword.api import parsing
from goodword.inbox import queries

from .conftest import Program


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[" * 100_000, 400),
        (b'{"email": NaN}', 400),
        (b"\xff\xfe", 400),
        (b"", 422),
        (b"[]", 422),
        (b'{"email": "a@example.org", "nme": "x"}', 422),
        (b'{"email": "a@example.org", "name": "\\u0000"}', 422),
        (b'{"email": "a@example.org", "name": "\\ud800"}', 422),
        (b'{"email": 7}', 422),
        (b'{"email": "no address"}', 422),
    ],
)
def test_a_body_that_does_not_fit(house: Program, body: bytes, status: int) -> None:
    said = house("POST", "customers", body)
    assert (said.status, said.body["status"]) == (status, status)
    assert said.headers["Content-Type"] == "application/problem+json"
    assert said.body["detail"].endswith(".")


def test_each_fault_is_named_with_its_place(house: Program) -> None:
    said = house("POST", "customers", {"name": 5, "nme": "x"})
    assert {fault["field"] for fault in said.body["errors"]} == {"body.email", "body.name", "body.nme"}


def test_another_kind_of_body_is_refused(house: Program) -> None:
    said = house("POST", "customers", b"email=a", Content_Type="text/plain")
    assert (said.status, said.body["type"]) == (415, "urn:goodword:problem:not-json")


def test_a_body_too_large_is_refused(house: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "BODY_LIMIT", 10)
    assert house("POST", "customers", {"email": "nora@example.org"}).status == 413


@pytest.mark.parametrize("number", ["0", "-1", "abc", "1e3", "1.0", "1_0", "٣", str(2**63), "9" * 30, "%00"])
def test_no_number_breaks_a_call(house: Program, number: str) -> None:
    assert house("GET", f"conversations/{number}").status == 422
    assert house("GET", f"customers?limit={number}").status == 422


def test_the_largest_number_is_just_not_there(house: Program) -> None:
    said = house("GET", f"conversations/{2**63 - 1}")
    assert (said.status, said.body["detail"]) == (
        404,
        "There is no such conversation, or it is not yours to see.",
    )


def test_a_method_that_is_not_possible_names_those_that_are(house: Program) -> None:
    said = house("DELETE", "customers")
    assert said.status == 405
    assert {word.strip() for word in said.headers["Allow"].split(",")} == {"GET", "POST", "PUT"}


@pytest.mark.parametrize("path", ["", "nothing", "conversations/", "conversations/1/2/3", "docs"])
def test_an_address_that_is_none(house: Program, path: str) -> None:
    said = house("GET", path)
    assert (said.status, said.body["type"]) == (404, "urn:goodword:problem:no-such-call")


def test_a_database_that_is_away_is_a_problem_to_try_again(
    house: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OperationalError("connection to 10.0.0.7 failed")

    monkeypatch.setattr(queries, "page", fail)
    said = house("GET", "conversations")
    assert (said.status, said.headers["Retry-After"]) == (503, "5")
    assert "10.0.0.7" not in str(said.body)


def test_a_fault_of_ours_is_a_problem_too(house: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(queries, "page", fail)
    said = house("GET", "conversations")
    assert (said.status, said.body["type"]) == (500, "urn:goodword:problem:fault")
    assert "ZeroDivision" not in str(said.body)
