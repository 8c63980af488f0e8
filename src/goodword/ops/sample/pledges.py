"""Promises of the sample's replies as rows: who answers for them, what became of them, and what shows it."""

from datetime import datetime, timedelta
from random import Random

from goodword.inbox.models import ConversationPromise, Message
from goodword.promises import moments
from goodword.promises.models import Outcome, Promise

from . import script
from .company import Case, Pledge
from .desk import Filed, Filing
from .ledger import Ledger
from .story import Vow

TABLES = (Promise, Outcome, ConversationPromise)
SHOWN = 0.7  # share of kept promises for which somebody wrote down what shows it
Kind = Outcome.Kind


def happen(filed: list[Filed], filing: Filing, *, now: datetime) -> None:
    """Note down the promises of these conversations."""
    chance = Random(53)  # noqa: S311 nothing secret is drawn
    for one in filed:
        for pledge in one.case.pledges:
            _promised(one, pledge, filing, chance, now)


def _promised(filed: Filed, pledge: Pledge, filing: Filing, chance: Random, now: datetime) -> None:
    vow, ledger = pledge.said.vow, filing.ledger
    assert vow is not None
    message = filed.messages[filed.case.story.said.index(pledge.said)]
    due = moments.end_of_day(pledge.due_after or vow.due)
    promise = ledger.add(
        Promise(
            customer=filed.place.customer,
            what=vow.what,
            quote=vow.sentence,
            kind=vow.kind,
            source=Promise.Source.REPLY,
            due_at=due,
            whole_day=True,
            due_text=vow.due_text if not pledge.due_after else "",
            owner=filed.owner,
            team=filing.house.teams[filed.case.story.scenario.team],
            made_by=filed.owner,
            made_at=pledge.said.at,
            state=_state_of(pledge, filed.case),
        )
    )
    ledger.add(ConversationPromise(promise=promise, conversation=filed.place, message=message))
    facts = {"promise": promise, "what": vow.what, "whole_day": True, "owner": filed.owner}
    made = moments.end_of_day(vow.due).isoformat()
    filing.tell(filed, pledge.said.at, "promise.made", filed.owner, due_at=made, **facts)
    for kind, at, note in _outcomes(pledge, promise, now):
        moved = kind == Kind.RENEGOTIATED
        said = ledger.add(
            Outcome(
                promise=promise,
                kind=kind,
                by=filed.owner,
                at=at,
                note=note,
                due_before=moments.end_of_day(vow.due) if moved else None,
                due_after=due if moved else None,
                told_at=at if moved and pledge.told else None,
            )
        )
        if kind == Kind.KEPT:
            _show(said, message, vow, filed, ledger, chance)
        told = {**facts, "due_at": due.isoformat(), "note": note}
        filing.tell(filed, at, f"promise.{kind.value}", filed.owner, **told)


def _state_of(pledge: Pledge, case: Case) -> Promise.State:
    if pledge.fate == "renegotiated":
        return Promise.State.OPEN if case.state != "closed" else Promise.State.KEPT
    return Promise.State(pledge.fate)


def _outcomes(pledge: Pledge, promise: Promise, now: datetime) -> list[tuple[Outcome.Kind, datetime, str]]:
    if pledge.fate == "open" or pledge.settled_at is None:
        return []
    outcomes = [(Kind(pledge.fate), pledge.settled_at, pledge.note)]
    if pledge.fate == "renegotiated" and promise.state == Promise.State.KEPT:
        outcomes.append((Kind.KEPT, min(now, pledge.settled_at + timedelta(days=1)), ""))
    return outcomes


def _show(said: Outcome, promising: Message, vow: Vow, filed: Filed, ledger: Ledger, chance: Random) -> None:
    """The evidence: our next letter for what a letter can show, else words."""
    later = [
        message
        for message in filed.messages
        if message.kind == Message.Kind.REPLY and promising.at < message.at <= said.at
    ]
    if later and vow.kind != Promise.Kind.DELIVERY:
        said.evidence_kind, said.note = Outcome.Evidence.MESSAGE, ""
        ledger.number(said, "evidence_id", later[0])
    elif chance.random() < SHOWN:
        words: list[str] = script.table("promises")["shown"][vow.kind]
        said.evidence_kind = Outcome.Evidence.WORDS
        said.evidence = chance.choice(words).format(number=chance.randint(10_000, 99_999))
