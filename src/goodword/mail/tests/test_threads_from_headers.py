"""A conversation is rebuilt as one tree from the fields of its mails, whoever wrote them with whatever."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.mail.composing import Letter, compose, shown_references
from goodword.mail.parsing import Address, ParsedMail, parse

AT = datetime(2026, 11, 21, 10, tzinfo=UTC)

# How programs write Message-IDs; '{}' is a number.
IDS = (
    "<{}@desk.example>",
    "<CAF+x=_{}-AbC@mail.gmail.example>",
    "<{}.1234.JavaMail.root@app.example>",
    "<AM0PR01MB{}$E5F6@AM0PR01MB.eurprd01.example>",
    "<" + "y" * 180 + "{}@long.example>",
    "<{}@[192.0.2.1]>",
)


def _full(parent: ParsedMail) -> list[str]:
    chain = [*parent.references, parent.message_id or ""]
    return [f"In-Reply-To: {parent.message_id}", "References: " + "\r\n\t".join(chain)]


def _nearest(parent: ParsedMail) -> list[str]:
    return [f"In-Reply-To: {parent.message_id}"]


def _chain(parent: ParsedMail) -> list[str]:
    return ["references: " + " ".join([*parent.references, parent.message_id or ""])]


def _last(parent: ParsedMail) -> list[str]:
    return [f"References: {parent.message_id}"]


def _talkative(parent: ParsedMail) -> list[str]:
    return [f'In-Reply-To: Your message of "Mon, 1 Jan" {parent.message_id}']


PROGRAMS: tuple[Callable[[ParsedMail], list[str]], ...] = (_full, _nearest, _chain, _last, _talkative)


@dataclass(frozen=True)
class Step:
    """One mail of a conversation: which earlier one it answers, and who wrote it with what."""

    answers: int
    by_us: bool
    program: Callable[[ParsedMail], list[str]]
    form: str


@st.composite
def conversations(draw: st.DrawFn) -> list[Step]:
    """The first mail and its answers, each to any earlier one; some go on and on."""
    length = 35 if draw(st.integers(0, 11)) == 0 else draw(st.integers(1, 7))
    return [
        Step(
            answers=number - 1 if length > 7 else draw(st.integers(0, max(number - 1, 0))),
            by_us=draw(st.booleans()),
            program=draw(st.sampled_from(PROGRAMS)),
            form=draw(st.sampled_from(IDS)),
        )
        for number in range(length)
    ]


def mail_of(step: Step, number: int, parent: ParsedMail | None) -> bytes:
    """The bytes of one mail as it left its author."""
    own = step.form.format(number)
    if step.by_us:
        chain = [*(parent.references or parent.in_reply_to), parent.message_id or ""] if parent else []
        return compose(
            Letter(
                message_id=own,
                sender=Address("Olga", "care@desk.example"),
                to=[Address("Carla", "carla@example.org")],
                subject="Re: lamp",
                text="Here.",
                at=AT,
                in_reply_to=parent.message_id if parent else None,
                references=shown_references(chain),
            )
        )
    fields = ["From: carla@example.org", "To: care@desk.example", "Subject: lamp", f"Message-Id: {own}"]
    fields += step.program(parent) if parent else []
    return "\r\n".join([*fields, "", "Hello.", ""]).encode()


@settings(max_examples=1000, deadline=None)
@given(conversations(), st.randoms(use_true_random=False))
def test_every_conversation_is_one_tree(steps: list[Step], chance) -> None:  # type: ignore[no-untyped-def]
    mails: list[ParsedMail] = []
    for number, step in enumerate(steps):
        mails.append(parse(mail_of(step, number, mails[step.answers] if number else None)))
    wanted = {
        mail.message_id: mails[step.answers].message_id for mail, step in zip(mails, steps, strict=True)
    }
    wanted[mails[0].message_id] = None
    assert len(wanted) == len(steps)
    arrived = list(mails)
    chance.shuffle(arrived)
    assert rebuilt(arrived) == wanted


def rebuilt(mails: list[ParsedMail]) -> dict[str | None, str | None]:
    """Of each mail the one it answers: the nearest it names that is there."""
    known = {mail.message_id for mail in mails}
    return {mail.message_id: next((one for one in mail.thread_ids if one in known), None) for mail in mails}
