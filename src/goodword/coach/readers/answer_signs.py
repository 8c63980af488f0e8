"""What speaks for and against each question being answered, as numbers to be weighed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from goodword.coach.acknowledging import acknowledgements, takes_up
from goodword.coach.case import Case
from goodword.coach.hardships import hardships
from goodword.coach.readers.learned_signs import LearnedSigns
from goodword.coach.readers.pair_signs import pair_signs
from goodword.coach.readers.questions import Worry
from goodword.coach.readers.units import Unit, senses_in
from goodword.coach.results import Question

Signs = dict[str, float]

_SHARED_TOPIC = 0.6
_LIGHT = 0.35
_SAYS_LITTLE = 1.0
_BEFORE = 0.4
_SURE, _MAYBE = 2, 1
_NOTHING = 0.3  # a score below this is no answer
_DOING = ("commitment", "instruction", "option", "suggestion", "refusal")
_CARING = ("apology", "acknowledgement", "reassurance")
_TYPED = ("when", "amount")
_NOWHERE: frozenset[int] = frozenset()
_RULES = "rule."  # how the tags of what rules look for begin: a reply with such words leaves more unanswered


@dataclass(slots=True)
class Asked:
    """A question with the kind of answer it wants, its form, and what it speaks of."""

    question: Question
    want: str
    form: str
    weights: dict[str, float]
    topics: dict[str, frozenset[int]]
    total: float


@dataclass(slots=True)
class Match:
    """How a part of the reply meets a question."""

    words: float
    topics: float
    fit: int
    echo: bool
    score: float


def asked_of(case: Case, question: Question) -> Asked:
    senses = senses_in(case, question.start, question.end)
    weights = {stem: sense.weight for stem, sense in senses.items()}
    topics = {stem: sense.topics for stem, sense in senses.items()}
    little = _SAYS_LITTLE if question.kind == "question" else 0.0
    if sum(weights.values()) <= little:  # 'Why?', 'Can it be on by then?' are read with what stands before
        sentence = case.customer.sentence_at(max(0, question.start - 2))
        for stem, sense in senses_in(case, sentence.start, question.start).items():
            weights.setdefault(stem, sense.weight * _BEFORE)
            topics.setdefault(stem, sense.topics)
    want = _want(case, question)
    form = _form(case, question) if want == "yes_no" else ""
    return Asked(question, want, form, weights, topics, sum(weights.values()) or 1.0)


def _want(case: Case, question: Question) -> str:
    """The kind of answer: when, amount, where, why, how, plan, what, yes_no, deed or care."""
    if question.kind == "concern":
        return "care"
    named = _named(case, question)
    if named:
        return named
    if question.kind == "request" and not _only_tells(case, question):
        return "deed"
    asking = case.pack.asking
    opening = case.customer.lowers_in(question.start, question.end)[:6]
    return "yes_no" if asking.wh.isdisjoint(opening) and asking.wh_is.isdisjoint(opening) else "what"


def _only_tells(case: Case, request: Question) -> bool:
    """'I want to know who replaces the food' is met by an answer, not by a deed."""
    return case.customer_marks.first_within("ask.indirect", request.start, request.end) is not None


def _named(case: Case, question: Question) -> str:
    """The kind of answer whose words stand first: 'why did you wait when I had paid' asks why, not when."""
    wants = case.pack.data["questions"]["wants"]
    found = [
        (span[0], place)
        for place, want in enumerate(wants)
        if (span := case.customer_marks.first_within(f"want.{want}", question.start, question.end))
    ]
    return str(wants[min(found)[1]]) if found else ""


def scale_of(want: str) -> str:
    """The scale on which a question with that want is weighed: question, deed or care."""
    return want if want in ("care", "deed") else "question"


def _form(case: Case, question: Question) -> str:
    """Of 'can I' it is `may`, of 'do I have to' `owe`: the answer has a form of its own."""
    words = case.customer.lowers_in(question.start, question.end)
    for word, following in pairwise(words):
        for form, (verbs, subjects) in case.pack.asking.forms.items():
            if word in verbs and (not subjects or following in subjects):
                return form
    return ""


def _match(asked: Asked, unit: Unit, words: float, topics: float, fit: int, distance: float) -> Match:
    """How the part meets the question; `distance`: how far out of order it stands, from 0 to 1."""
    echo = asked.form in unit.signs
    score = words + _SHARED_TOPIC * topics + (0.45 if asked.want in _TYPED else 0.3) * fit - distance / 2
    if echo:
        score += 0.3
    if asked.want == "when" and not fit:
        score -= 0.6
    if "dodge" in unit.signs:
        score -= 0.5
    if unit.asks:
        score -= 3
    elif unit.nice and asked.want != "care":
        score -= 0.7
    return Match(words, topics, fit, echo, score)


def _fit(want: str, unit: Unit) -> int:
    """0: not that kind of answer; 1: may be; 2: surely is."""
    signs, act = unit.signs, unit.act
    if unit.asks:
        return 0
    if want == "when":
        return _SURE if "time" in signs else 0
    if want == "amount":
        return _SURE if "amount" in signs else int("digit" in signs)
    if want in ("where", "why", "how"):
        doing = (want == "how" and act in ("instruction", "option")) or (
            want == "why" and act == "explanation"
        )
        return _SURE if doing or want in signs else _MAYBE
    if want == "plan":
        return _SURE if act in _DOING or "done" in signs else 0
    if want == "care":
        return _SURE if act in _CARING else int("done" in signs or act == "commitment")
    if want == "deed":
        sure = act in ("commitment", "refusal") or not signs.isdisjoint(("starts", "done"))
        return _SURE if sure else int(act in _DOING)
    return _SURE if "starts" in signs else int("modal" in signs)


def matches(units: list[Unit], asked: list[Asked]) -> list[list[Match]]:
    """A row per question: how each part of the reply meets it."""
    saying = _Saying(units)
    fits = {want: [_fit(want, unit) for unit in units] for want in {one.want for one in asked}}
    away = [(place + 0.5) / len(units) for place in range(len(units))]
    found = []
    for row, one in enumerate(asked):
        words, topics = saying.shared(one)
        here = (row + 0.5) / len(asked)
        each = zip(units, words, topics, fits[one.want], away, strict=True)
        found.append([_match(one, unit, own, of, fit, abs(here - far)) for unit, own, of, fit, far in each])
    return found


class _Saying:
    """Which parts of the reply have a word, and speak of a topic: found by these, not by trying each."""

    def __init__(self, units: list[Unit]) -> None:
        self._count = len(units)
        self._stems: dict[str, set[int]] = {}
        self._topics: dict[int, set[int]] = {}
        for place, unit in enumerate(units):
            for stem in unit.stems:
                self._stems.setdefault(stem, set()).add(place)
            for topic in unit.topics:
                self._topics.setdefault(topic, set()).add(place)

    def shared(self, asked: Asked) -> tuple[list[float], list[float]]:
        """For each part what the words weigh that it shares with the question, and what the topics do."""
        words, topics = [0.0] * self._count, [0.0] * self._count
        for stem, weight in asked.weights.items():
            having = self._stems.get(stem, _NOWHERE)
            for place in having:
                words[place] += weight
            speaking = [found for topic in asked.topics[stem] if (found := self._topics.get(topic))]
            for place in _NOWHERE.union(*speaking) - having:
                topics[place] += weight if weight > _LIGHT else _LIGHT
        return words, topics


def told(table: list[list[Match]]) -> list[list[tuple[float, ...]]]:
    """The same as numbers, in the order of `heads.meeting.TOLD`."""
    return [[(m.words, m.topics, m.fit, m.echo, m.score) for m in row] for row in table]


def signs_of_all(case: Case, units: list[Unit], asked: list[Asked]) -> list[tuple[Signs, Unit | None]]:
    """For each question its signs, and the part of the reply that comes nearest to an answer."""
    if not units:
        return [({"b": 1.0, "silent": 1.0}, None) for _ in asked]
    table = matches(units, asked)
    given = _shared_out(asked, table)
    said, spoken = _all_said(units)
    manner = _manner(case, units, asked)
    worries = _worries(case, asked)
    learned = LearnedSigns(case)
    paired = pair_signs(case, units, [one.question for one in asked], told(table))
    left = [place for place, unit in enumerate(units) if _free(unit) and place not in given.values()]
    last = max((row for row, one in enumerate(asked) if one.want != "care"), default=-1)
    found: list[tuple[Signs, Unit | None]] = []
    for row, one in enumerate(asked):
        place = max(range(len(units)), key=lambda at: table[row][at].score)
        signs = manner | _nearest(table[row], place, given.get(row)) | {f"want_{one.want}": 1.0}
        place = given.get(row, place)
        signs |= _meeting(table[row], units, place, one)
        signs |= _covered(one, said, spoken)
        signs["last"] = float(row == last and manner["asked"] > 1)
        signs |= _spare(table[row], [at for at in left if at != place], manner["asked"])
        if one.want == "care":
            signs |= _caring(one, units, table[row]) | worries[row] | _taken_up(case, one.question)
        elif row in given:
            signs["order"] = float(_in_order(given, row))
        if paired:
            signs |= learned.of(one.question) | paired[row]
        found.append((signs, units[place]))
    return found


def _all_said(units: list[Unit]) -> tuple[frozenset[str], frozenset[int]]:
    """What the reply says anywhere, but where it asks itself."""
    telling = [unit for unit in units if not unit.asks]
    return (
        frozenset().union(*(unit.stems for unit in telling)),
        frozenset().union(*(unit.topics for unit in telling)),
    )


def _covered(one: Asked, said: frozenset[str], spoken: frozenset[int]) -> Signs:
    """How much of what the question speaks of comes up in the reply at all."""
    missing = [
        weight
        for stem, weight in one.weights.items()
        if stem not in said and one.topics[stem].isdisjoint(spoken)
    ]
    return {
        "cov": sum(weight for stem, weight in one.weights.items() if stem in said) / one.total,
        "gap": sum(missing) / one.total,
        "gaps": min(3, sum(weight == 1 for weight in missing)) / 3,
    }


def _free(unit: Unit) -> bool:
    return not unit.asks and not unit.nice and unit.count > _SURE + _MAYBE


def _shared_out(asked: list[Asked], table: list[list[Match]]) -> dict[int, int]:
    """Each part of the reply answers one question: the best pairs first."""
    offers = [
        (found.score, -row, -place)
        for row, one in enumerate(asked)
        if one.want != "care"
        for place, found in enumerate(table[row])
        if found.score > _NOTHING
        and (found.words or found.topics or (one.want in _TYPED and found.fit == _SURE))
    ]
    given: dict[int, int] = {}
    taken: set[int] = set()
    for _, row, place in sorted(offers, reverse=True):
        if -row not in given and -place not in taken:
            given[-row] = -place
            taken.add(-place)
    return given


def _nearest(row: list[Match], place: int, given: int | None) -> Signs:
    best = row[place].score
    signs = {"mx": max(-1.0, min(3.0, best)), "none": float(best < _NOTHING)}
    if given is None:
        signs["lost"] = 1.0
    else:
        signs["got"], signs["as"] = 1.0, max(-1.0, min(3.0, row[given].score))
    return signs


def _meeting(row: list[Match], units: list[Unit], place: int, one: Asked) -> Signs:
    found = row[place]
    return {
        "ex": min(found.words, 2.5),
        "tp": min(found.topics, 3.0),
        "ratio": (found.words + _SHARED_TOPIC * found.topics) / one.total,
        "fit1": float(found.fit >= _MAYBE),
        "fit2": float(found.fit == _SURE),
        "dodge": float("dodge" in units[place].signs),
        "echo": float(found.echo),
        "noecho": float(bool(one.form) and not any(other.echo for other in row)),
        "refuse": float(units[place].act == "refusal"),
        "unmet": float(one.want in _TYPED and found.fit < _SURE),
        "hedged": float(one.want == "when" and any("vague_time" in unit.signs for unit in units)),
        "dodged": float("dodge" in units[place].signs and (found.words or found.topics) > 0),
    }


def _spare(row: list[Match], left: list[int], asked: float) -> Signs:
    """Parts of the reply that answer no question known: one of them may answer this in words of its own."""
    return {
        "left": min(1.5, len(left) / max(1.0, asked)),
        "leftfit": min(2, sum(row[at].fit == _SURE for at in left)) / 2,
    }


def _in_order(given: dict[int, int], row: int) -> bool:
    place = given[row]
    return all((other < row) == (at <= place) for other, at in given.items() if other != row)


def _caring(one: Asked, units: list[Unit], row: list[Match]) -> Signs:
    kind = [(unit, found) for unit, found in zip(units, row, strict=True) if unit.act in _CARING]
    return {
        "ack": float(bool(kind)),
        "ackov": min(2.0, max((m.words + _SHARED_TOPIC * m.topics for _, m in kind), default=0.0)),
        "ackn": min(40, sum(unit.count for unit, _ in kind)) / 20,
        "done": float(any("done" in unit.signs for unit in units)),
    }


def _taken_up(case: Case, concern: Question) -> Signs:
    """Whether the reply acknowledges the hardship that the concern names."""
    named = [one for one in hardships(case) if concern.start <= one.start < concern.end]
    taken = bool(named) and all(takes_up(case, one) for one in named)
    return {
        "taken": float(taken),
        "untaken": float(bool(named) and not taken),
        "grave": max((one.weight for one in named), default=0) / 7,
    }


def _worries(case: Case, asked: list[Asked]) -> dict[int, Signs]:
    """How strong each concern is, and its rank among those of the message."""
    worry = Worry(case)
    weighed = {row: worry.of(one.question) for row, one in enumerate(asked) if one.want == "care"}
    ranked = sorted(weighed, key=lambda row: -weighed[row])
    return {
        row: {"rank": min(3, rank) / 3, "worry": min(4.0, weighed[row])} for rank, row in enumerate(ranked)
    }


def _manner(case: Case, units: list[Unit], asked: list[Asked]) -> Signs:
    """How the whole reply is written: one of set phrases answers less than one of deeds, days and figures."""
    marks, count = case.marks, len(units)
    wanted = sum(one.want != "care" for one in asked)
    words = sum(unit.count for unit in units)
    sentences = max(1, len(case.acts))
    warm = acknowledgements(case)
    return {
        "b": 1.0,
        "warm": float(any(one.warm for one in warm)),
        "acks": min(2.0, len(warm)),
        "dues": min(2.0, sum(one.due is not None for one in case.commitments)),
        "vague": min(2.0, sum(one.due is None for one in case.commitments)),
        "asked": float(wanted),
        "nq": min(5, wanted) / 5,
        "words": min(200, words) / 100,
        "stock": min(3.0, len(marks.spans("manner.stock"))),
        "faults": min(3.0, sum(tag.startswith(_RULES) for tag in marks.by_tag)),
        "own": min(4, len(marks.spans("manner.own"))) / 2,
        "rules": float(marks.has("manner.rules")),
        "dodges": sum("dodge" in unit.signs for unit in units) / count,
        "digits": min(6, sum("digit" in unit.signs for unit in units)) / 6,
        "days": min(4, len(case.times)) / 4,
        "quests": min(2.0, sum(unit.asks for unit in units)),
        "starts": float(any("starts" in unit.signs for unit in units)),
        "talk": min(1.5, sum("'" in word for word in case.draft.lowers) / sentences),
        "length": min(40.0, len(case.draft.lowers) / sentences) / 20,
    }
