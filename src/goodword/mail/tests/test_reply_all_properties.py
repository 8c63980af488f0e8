"""Whatever a mail names: an answer goes to nobody new, never to ourselves; a machine's to the asker only."""

from dataclasses import replace
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.mail.addressing import (
    Recipients,
    automatic_answer,
    mailbox_address,
    reply_all,
    signed_reply_address,
)
from goodword.mail.parsing import Address, AutoKind, Automatic, ParsedMail, parse
from goodword.mail.parsing.addresses import reads_no_answer

HOUSE = ("care@desk.example", "sales@desk.example", "olga@desk.example")
EMPTY = parse(b"From: a@example.org\r\nTo: b@example.org\r\n\r\nHello.\r\n")
SIGNED = signed_reply_address(mailbox=HOUSE[0], conversation_id=7, key=b"key")

locals_ = st.sampled_from(
    ["carla", "Ben", "c.d", "noreply", "mailer-daemon", "bounces-7", "nobodyson", "x+y"]
)
domains = st.sampled_from(["example.org", "Example.ORG", "desk.example", "b\u00fccher.example"])
outside = st.builds("{}@{}".format, locals_, domains)
ours = st.sampled_from([*HOUSE, "Care@DESK.example", "care+anything@desk.example", SIGNED, SIGNED.upper()])
person = st.builds(Address, st.sampled_from(["", "Carla C", "x@y"]), outside | ours)
people = st.lists(person, max_size=6).map(tuple)
kinds = st.sampled_from([None, None, *AutoKind])


@st.composite
def mails(draw: st.DrawFn) -> ParsedMail:
    """A mail with any people in any field, written by a person or by a machine."""
    kind = draw(kinds)
    return replace(
        EMPTY,
        from_=draw(st.none() | person),
        reply_to=draw(people),
        to=draw(people),
        cc=draw(people),
        automatic=Automatic(kind, "a sign") if kind else None,
    )


answered = partial(reply_all, house=HOUSE)
thorough = settings(max_examples=300, deadline=None)


def everybody(found: Recipients) -> list[Address]:
    return [*found.to, *found.cc]


@thorough
@given(mails())
def test_nobody_new_is_ever_added(mail: ParsedMail) -> None:
    named = {one.key for one in (*((mail.from_,) if mail.from_ else ()), *mail.reply_to, *mail.to, *mail.cc)}
    assert {one.key for one in everybody(answered(mail))} <= named


@thorough
@given(mails())
def test_none_of_our_addresses_is_ever_written_to(mail: ParsedMail) -> None:
    assert not {mailbox_address(one.email) for one in everybody(answered(mail))} & set(HOUSE)


@thorough
@given(mails())
def test_nobody_is_written_to_twice_or_who_reads_no_answer(mail: ParsedMail) -> None:
    found = everybody(answered(mail))
    assert len({one.key for one in found}) == len(found)
    assert not any(reads_no_answer(one.email) for one in found)


@thorough
@given(mails())
def test_a_machine_is_never_answered_and_a_list_by_nobody_but_its_sender(mail: ParsedMail) -> None:
    found = answered(mail)
    if mail.auto in {AutoKind.BOUNCE, AutoKind.AUTO_REPLY, AutoKind.RECEIPT}:
        assert everybody(found) == []
    if mail.auto == AutoKind.LIST:
        asked = {one.key for one in (*((mail.from_,) if mail.from_ else ()), *mail.reply_to)}
        assert found.cc == ()
        assert {one.key for one in found.to} <= asked


@thorough
@given(mails())
def test_who_asked_comes_before_those_in_copy(mail: ParsedMail) -> None:
    found = answered(mail)
    assert not found.cc or found.to or mail.from_ is None or not _can_answer(mail)


def _can_answer(mail: ParsedMail) -> bool:
    people = [*mail.reply_to, *([mail.from_] if mail.from_ else [])]
    return any(mailbox_address(one.email) not in HOUSE and not reads_no_answer(one.email) for one in people)


@thorough
@given(mails())
def test_an_automatic_answer_goes_to_whoever_asked_and_to_nobody_else(mail: ParsedMail) -> None:
    asked = answered(mail).to
    found = automatic_answer(mail.from_, asked=asked, house=HOUSE)
    if len(asked) == 1:
        assert found == asked[0]
    elif mail.from_ is not None and not _reads_none(mail.from_):
        assert found is not None
        assert found.key == mail.from_.key
    else:
        assert found is None


def _reads_none(person: Address) -> bool:
    return mailbox_address(person.email) in HOUSE or reads_no_answer(person.email)
