"""Telling a scenario: who says what, when, in which words, and what is promised."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random

from . import days, script, slots
from .cast import Clerk, Writer
from .script import Exchange, Scenario, Speaker, Turn
from .wording import Wording


@dataclass(frozen=True, slots=True)
class Vow:
    """A promise in a reply: the action, the sentence, the words for the day, that day, and its kind."""

    what: str
    sentence: str
    due_text: str
    due: date
    kind: str


@dataclass(frozen=True, slots=True)
class Said:
    """One letter or note."""

    by: Speaker
    at: datetime
    text: str
    vow: Vow | None = None
    mentions: str = ""
    poor: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What a telling is given: the people, when it begins, when the world ends, and special wishes.

    `length` asks for exactly so many turns, `due` for a promise on that very day, `poor` is how likely
    a careless reply is.
    """

    writer: Writer
    owner: Clerk
    colleague: Clerk
    opened: datetime
    until: datetime
    length: int | None = None
    due: date | None = None
    poor: float = 0.0


@dataclass(frozen=True, slots=True)
class Story:
    """A conversation as told; `slots` is what filled its gaps at the end."""

    scenario: Scenario
    subject: str
    said: tuple[Said, ...]
    slots: dict[str, str] = field(hash=False, compare=False)


def tell(scenario: Scenario, frame: Frame, chance: Random) -> Story:
    """Tell a scenario once; the same `chance` tells it in the same words."""
    values = slots.of_story(
        scenario,
        chance=chance,
        writer=frame.writer,
        owner=frame.owner,
        colleague=frame.colleague,
        opened=frame.opened,
    )
    tone = scenario.tone or ("formal" if chance.random() < 0.25 else "casual")
    said: list[Said] = []
    moment = frame.opened
    for number, turn in enumerate(_turns(scenario, frame.length, chance)):
        if number:
            moment = _later(moment, turn, chance)
        if moment > frame.until:
            break
        slots.on_day(values, moment, scenario.language)
        said.append(_spoken(turn, moment, values, tone if not number else "short", frame, scenario, chance))
    return Story(scenario, scenario.subjects.say(chance, values), tuple(said), values)


def _turns(scenario: Scenario, length: int | None, chance: Random) -> list[Turn]:
    turns: list[Turn] = []
    for turn in scenario.turns if length is None else scenario.turns[:length]:
        # Everything after a note that was not written, or a thank-you that did not come, differs.
        if length is None and chance.random() >= turn.likely:
            if turn.by == "note":
                continue
            break
        turns.append(turn)
    while length is not None and len(turns) < length:
        turns += _exchanged(script.exchanges()[int(chance.random() * len(script.exchanges()))])
    return turns[:length]


def _exchanged(exchange: Exchange) -> list[Turn]:
    return [
        Turn("customer", exchange.customer, after=(2, 40)),
        Turn("agent", exchange.agent, after=(0.5, 12)),
    ]


def _later(moment: datetime, turn: Turn, chance: Random) -> datetime:
    shortest, longest = turn.after
    moment += timedelta(hours=shortest + chance.random() * (longest - shortest))
    return days.awake(moment, chance) if turn.by == "customer" else days.at_work(moment, chance)


def _spoken(
    turn: Turn,
    moment: datetime,
    values: dict[str, str],
    tone: str,
    frame: Frame,
    scenario: Scenario,
    chance: Random,
) -> Said:
    words = script.phrases(scenario.language)
    if turn.by == "note":
        return Said("note", moment, turn.say.say(chance, values), mentions=values["mention"])
    if turn.by == "customer":
        hello, bye = words.customer[f"{tone}_hello"], words.customer[f"{tone}_bye"]
        return Said("customer", moment, _letter(chance, values, hello, turn.say, bye))
    if turn.poor and chance.random() < frame.poor:
        return Said("agent", moment, _letter(chance, values, turn.poor, words.poor_bye), poor=True)
    vow = _vow(turn, moment, values, frame, scenario.language, chance)
    values["promise"] = vow.sentence if vow else ""
    parts = (words.agent_hello, turn.say, words.agent_offer, words.agent_bye)
    text = _letter(chance, values, *parts)
    return Said("agent", moment, text, vow=_whole(vow, text) if vow else None)


def _letter(chance: Random, values: dict[str, str], *parts: Wording) -> str:
    return "\n\n".join(filter(None, [part.say(chance, values) for part in parts]))


def _vow(
    turn: Turn, moment: datetime, values: dict[str, str], frame: Frame, language: str, chance: Random
) -> Vow | None:
    if not turn.promise or not turn.what:
        return None
    shortest, longest = turn.days
    wished = moment.date() + timedelta(days=shortest + int(chance.random() * (longest - shortest + 1)))
    due = frame.due if frame.due and frame.due >= moment.date() else days.working_day(wished)
    values["due"] = days.said(due, language)
    what, sentence = turn.what.say(chance, values), turn.promise.say(chance, values)
    return Vow(what, sentence, values["due"], due, turn.promised)


def _whole(vow: Vow, text: str) -> Vow | None:
    """The vow with its whole sentence as it stands in the text; None when the text does not hold it."""
    at = text.find(vow.sentence)
    if at < 0:
        return None
    start = max(
        text.rfind(mark, 0, at) + len(mark) for mark in (". ", "? ", "\n", "\n\n") if mark in text[:at]
    )
    return replace(vow, sentence=text[start : at + len(vow.sentence)])
