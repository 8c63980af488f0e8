"""Answers find their conversation, and go to those they should go to and to nobody else."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.mail import addressing
from goodword.mail.addressing import (
    conversation_of,
    looks_signed,
    message_id,
    read_signed,
    reply_all,
    signed_address,
    signed_reply_address,
)
from goodword.mail.parsing import Address, AutoKind, Automatic, ParsedMail, parse
from goodword.mail.parsing.addresses import addresses

KEY = b"k" * 32
HOUSE = ["care@desk.example", "sales@desk.example", "olga@desk.example"]


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=2**63 - 1))
def test_a_signed_address_leads_back_to_its_conversation(number: int) -> None:
    signed = signed_reply_address(mailbox="care@desk.example", conversation_id=number, key=KEY)
    assert addressing.plausible(signed) == signed
    assert conversation_of(signed, key=KEY) == number
    assert conversation_of(f" <{signed.upper()}> ", key=KEY) == number
    assert addressing.mailbox_address(signed) == "care@desk.example"


def test_a_forged_address_leads_nowhere() -> None:
    signed = signed_reply_address(mailbox="care@desk.example", conversation_id=7, key=KEY)
    other = signed_reply_address(mailbox="care@desk.example", conversation_id=8, key=KEY)
    assert conversation_of(signed, key=b"x" * 32) is None
    assert conversation_of(signed.replace("+c7.", "+c8."), key=KEY) is None
    assert conversation_of(signed.replace("care+", "sales+"), key=KEY) is None
    assert conversation_of(signed.replace("desk.example", "evil.example"), key=KEY) is None
    assert signed != other


@pytest.mark.parametrize(
    "address", ["", "care@desk.example", "care+c7@desk.example", "care+c7.@x", "@", "+c7.a@b"]
)
def test_an_ordinary_address_names_no_conversation(address: str) -> None:
    assert conversation_of(address, key=KEY) is None


@settings(deadline=None)
@given(st.sampled_from("abdeqz"), st.integers(min_value=0, max_value=2**63 - 1))
def test_an_address_of_another_kind_leads_to_its_number_and_to_no_conversation(
    kind: str, number: int
) -> None:
    signed = signed_address(kind, number, mailbox="care@desk.example", key=KEY)
    assert addressing.plausible(signed) == signed
    assert looks_signed(signed)
    assert read_signed(f"<{signed.upper()}>", kind=kind, key=KEY) == number
    assert addressing.mailbox_address(signed) == "care@desk.example"
    assert conversation_of(signed, key=KEY) is None
    # The letter of the kind can be neither changed nor read as a digit of the number.
    assert conversation_of(signed.replace(f"+{kind}", "+c"), key=KEY) is None
    assert conversation_of(signed.replace(f"+{kind}", f"+c{kind}"), key=KEY) is None
    assert read_signed(signed.replace(f"+{kind}", "+y"), kind="y", key=KEY) is None


def test_a_reply_address_signed_by_an_earlier_release_still_leads_home() -> None:
    assert conversation_of("care+c7.c3idmbrzeoomnoyy@desk.example", key=KEY) == 7


@pytest.mark.parametrize("kind", ["", "Q", "qq", "7", "ü"])
def test_a_kind_is_one_small_letter(kind: str) -> None:
    with pytest.raises(ValueError, match="small letter"):
        signed_address(kind, 7, mailbox="care@desk.example", key=KEY)


def test_a_message_id_stays_the_same_for_the_same_message() -> None:
    assert message_id(domain="desk.example", seed="7") == message_id(domain="desk.example", seed="7")
    assert message_id(domain="desk.example", seed="7") != message_id(domain="desk.example", seed="8")
    assert message_id(domain="desk.example") != message_id(domain="desk.example")


def mail(sender: str, to: str, cc: str = "", reply_to: str = "", auto: AutoKind | None = None) -> ParsedMail:
    """A mail that came in, of which only the people matter here."""
    plain = parse(b"From: nobody@example.org\r\n\r\nHi\r\n")
    people = addresses(sender)
    return replace(
        plain,
        from_=people[0] if people else None,
        to=addresses(to),
        cc=addresses(cc),
        reply_to=addresses(reply_to),
        automatic=Automatic(auto, "a sign") if auto else None,
    )


CASES: list[tuple[str, ParsedMail, list[str], list[str]]] = [
    ("one customer", mail("carla@x.org", "care@desk.example"), ["carla@x.org"], []),
    (
        "a friend in copy",
        mail("carla@x.org", "care@desk.example", "ben@x.org"),
        ["carla@x.org"],
        ["ben@x.org"],
    ),
    ("two recipients", mail("carla@x.org", "care@desk.example, ben@x.org"), ["carla@x.org"], ["ben@x.org"]),
    (
        "another of our mailboxes",
        mail("carla@x.org", "care@desk.example", "sales@desk.example"),
        ["carla@x.org"],
        [],
    ),
    ("our mailbox in capitals", mail("carla@x.org", "Care@DESK.example"), ["carla@x.org"], []),
    ("our signed address", mail("carla@x.org", "care+c7.abcdefghabcdefgh@desk.example"), ["carla@x.org"], []),
    ("an agent in copy", mail("carla@x.org", "care@desk.example", "olga@desk.example"), ["carla@x.org"], []),
    (
        "an address for answers",
        mail("c@x.org", "care@desk.example", reply_to="carla@y.org"),
        ["carla@y.org"],
        [],
    ),
    (
        "an address for answers and the sender in copy",
        mail("c@x.org", "care@desk.example", "c@x.org, b@x.org", reply_to="carla@y.org"),
        ["carla@y.org"],
        ["b@x.org"],
    ),
    (
        "two for answers",
        mail("c@x.org", "care@desk.example", reply_to="a@y.org, b@y.org"),
        ["a@y.org", "b@y.org"],
        [],
    ),
    (
        "answers to ourselves",
        mail("c@x.org", "care@desk.example", reply_to="care@desk.example"),
        ["c@x.org"],
        [],
    ),
    (
        "answers read by nobody",
        mail("c@x.org", "care@desk.example", reply_to="noreply@x.org"),
        ["c@x.org"],
        [],
    ),
    (
        "somebody twice",
        mail("c@x.org", "care@desk.example, b@x.org", "B@X.org, c@x.org"),
        ["c@x.org"],
        ["b@x.org"],
    ),
    ("a no-reply in copy", mail("c@x.org", "care@desk.example", "no-reply@shop.org"), ["c@x.org"], []),
    ("a no-reply sender", mail("noreply-orders@x.org", "care@desk.example"), [], []),
    (
        "a name that only begins like one",
        mail("nobodyson@x.org", "care@desk.example"),
        ["nobodyson@x.org"],
        [],
    ),
    (
        "a mailing list",
        mail("c@x.org", "list@x.org", "care@desk.example", auto=AutoKind.LIST),
        ["c@x.org"],
        [],
    ),
    (
        "a mailing list that takes the answers",
        mail("c@x.org", "list@x.org", reply_to="list@x.org", auto=AutoKind.LIST),
        ["c@x.org"],
        [],
    ),
    ("an absence note", mail("c@x.org", "care@desk.example", auto=AutoKind.AUTO_REPLY), [], []),
    ("a bounce", mail("MAILER-DAEMON@x.org", "care@desk.example", auto=AutoKind.BOUNCE), [], []),
    ("a bounce of nobody", mail("", "care@desk.example", auto=AutoKind.BOUNCE), [], []),
    ("a read receipt", mail("c@x.org", "care@desk.example", auto=AutoKind.RECEIPT), [], []),
    ("our own mail", mail("care@desk.example", "carla@x.org", "ben@x.org"), ["carla@x.org"], ["ben@x.org"]),
    ("our own mail to ourselves", mail("care@desk.example", "sales@desk.example"), [], []),
]


@pytest.mark.parametrize(("case", "received", "to", "cc"), CASES, ids=[case[0] for case in CASES])
def test_an_answer_goes_to_those_it_should(
    case: str, received: ParsedMail, to: list[str], cc: list[str]
) -> None:
    found = reply_all(received, house=HOUSE)
    assert [person.email for person in found.to] == to
    assert [person.email for person in found.cc] == cc


def test_names_are_kept_for_the_answer() -> None:
    assert reply_all(mail("Carla C <carla@x.org>", "care@desk.example"), house=HOUSE).to == (
        Address("Carla C", "carla@x.org"),
    )
