"""Checks of listening: asking for what was given or done, sending where nobody wants to go."""

from __future__ import annotations

from collections.abc import Iterator

from goodword.coach.case import Case
from goodword.coach.checks.base import Hit, Kind, Wake, shorten, when
from goodword.coach.given_words import GivenWords
from goodword.coach.results import Act
from goodword.coach.rule import Rule
from goodword.coach.text import Sentence, Text

_MAY_ASK = ("clarifying_question", "instruction", "suggestion", "other", "option")
_ADVISING = ("clarifying_question", "instruction", "suggestion")
_NEAR = 8  # words between what a customer names and its figure: 'the receipt number, as on the slip, is 4711'
_ASKING = 16  # words in which a reply says what it asks for
_MOST_DEEDS = 20
_SHARE = 0.25  # of what the reply asks for
_ENOUGH = 1.5  # a word the same counts one
_PLENTY = 2.0
_AKIN = 0.5  # a word of the same topic


def asked_again(rule: Rule, case: Case) -> Iterator[Hit]:
    """The draft asks for a detail that stands in the customer's message."""
    told: set[int] = set()
    for sentence, value in (*_of_known_kinds(case), *_by_its_words(case)):
        if sentence.start not in told:
            told.add(sentence.start)
            yield Hit(sentence.start, sentence.end, values={"detail": value, "kind": "detail"})


def _of_known_kinds(case: Case) -> Iterator[tuple[Sentence, str]]:
    given = {detail.kind: detail for detail in reversed(case.details)}
    for kind in case.pack.data["questions"]["details"]:
        if kind not in given:
            continue
        for start, _ in case.marks.spans(f"asks_for.{kind}"):
            sentence = case.draft.sentence_at(start)
            if _asks(case, sentence.start, sentence.end):
                yield sentence, given[kind].value
                break


def _by_its_words(case: Case) -> Iterator[tuple[Sentence, str]]:
    """'your serial number' is asked for, and 'Serial AE14-77120' stands in the message."""
    words = case.pack.given
    places = _places(case.customer)
    for act in case.acts:
        if case.marks.first_within("given.known", act.start, act.end):
            continue
        heads = [head for at in _asks_from(case, act) for head in _heads(case.draft, words, at, act.end)]
        for head in heads:
            value = _value_of(case, words, places, head)
            if value and (head in words.papers or not _names(case, act, value)):
                yield Sentence(act.start, act.end), value
                break


def _names(case: Case, act: Act, value: str) -> bool:
    """The reply says the value itself, and only wants it confirmed."""
    return len(value) > 2 and value.lower() in case.draft.lower[act.start : act.end]


def _asks_from(case: Case, act: Act) -> list[int]:
    """Where the reply begins to ask: after 'please send', or at the 'which' of a question."""
    marks = case.marks.within("given.asking", act.start, act.end)
    text, which = case.draft, case.pack.given.which
    if marks or text.raw[act.end - 1] != "?":
        return [end for _, end in marks]
    first, last = text.places(act.start, act.end)
    return [text.starts[at] for at in range(first, last) if text.lowers[at] in which][:1]


def _places(text: Text) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, word in enumerate(text.own_stems):
        if word:
            found.setdefault(word, []).append(place)
    return found


def _heads(text: Text, words: GivenWords, start: int, end: int) -> Iterator[str]:
    """The things that are asked for: 'which device and operating system are you using'.

    Of 'a photo of the base' that is the photo alone.
    """
    first, last = text.places(start, end)
    open_, named = True, False
    for word in text.lowers[first : min(last, first + _ASKING)]:
        if word in words.breaks:
            return
        if word in words.joins:
            open_, named = True, False
        elif named and word in words.belongs:
            open_ = False
        elif word in words.before:
            open_ = open_ or not named
        elif word in words.stops:
            open_ = False
        elif open_ and word not in words.generic and not word.isdigit() and word[-2:] != "'s":
            named = True
            yield word


def _value_of(case: Case, words: GivenWords, places: dict[str, list[int]], head: str) -> str | None:
    text = case.customer
    for meant in words.meant_by(head):
        for place in places.get(meant, ())[:_NEAR]:
            sentence = text.sentence_at(text.starts[place])
            if head in words.papers:
                if case.customer_marks.first_within("given.attached", *sentence):
                    return shorten(text.raw[text.starts[place] : sentence.end])
                continue
            value = _value_near(text, sentence, place, words.abbreviated)
            if value is not None:
                return value
    return None


def _value_near(text: Text, sentence: Sentence, place: int, abbreviated: frozenset[str]) -> str | None:
    """The figure or name that stands near the word, the one after it first."""
    first, last = text.places(*sentence)
    if text.lowers[last - 1] in abbreviated:
        last = min(len(text.lowers), last + 2)  # 'parcel no. LL77120' is no end of a sentence
    after = range(place + 1, min(last, place + 1 + _NEAR))
    before = range(place - 1, max(first, place - _NEAR // 2) - 1, -1)
    for at in (*after, *before):
        own = text.raw[text.starts[at] : text.ends[at]]
        named = at > first and own[:1].isupper() and not own.isupper()
        if named or any(map(str.isdigit, own)):
            asked = "?" in text.raw[text.starts[min(at, place)] : text.ends[max(at, place)] + 1]
            return None if asked else own
    return None


def already_done(rule: Rule, case: Case) -> Iterator[Hit]:
    """The draft asks for, or advises, what the customer says they have done or sent already."""
    acts = [act for act in case.acts if _advises(case, act)]
    if not acts:
        return
    told: set[int] = set()
    for sentence in _deeds(case)[:_MOST_DEEDS]:
        theirs = case.customer.own_stems_in(*sentence)
        topics = _topics_in(case, case.customer.lowers_in(*sentence))
        for act in acts[:_MOST_DEEDS]:
            if act.start not in told and _is_alike(case, act, theirs, topics):
                told.add(act.start)
                yield Hit(act.start, act.end, values={"done": shorten(case.customer.quote(*sentence))})


def _advises(case: Case, act: Act) -> bool:
    if case.marks.first_within("given.known", act.start, act.end):
        return False
    if case.marks.begins("given.asked_if", act.start, act.end):
        return True
    if act.act not in _MAY_ASK:
        return False
    if case.marks.begins("manner.own", act.start, act.end):
        return False
    if act.act in _ADVISING or _asks(case, act.start, act.end):
        return True
    if not case.pack.given.imperatives.isdisjoint(case.draft.lowers_in(act.start, act.end)[:2]):
        return True
    return case.marks.first_within("given.advising", act.start, act.end) is not None


def _deeds(case: Case) -> list[Sentence]:
    """The sentences in which the customer tells what they did."""
    words, text = case.pack.given, case.customer
    lowers = text.lowers
    found: list[Sentence] = []
    for place, word in enumerate(lowers):
        if word not in words.done and not _is_deed(words, word, lowers[place - 1] if place else ""):
            continue
        sentence = text.sentence_at(text.starts[place])
        if found and found[-1] == sentence:
            continue
        first, last = text.places(*sentence)
        before = lowers[max(first, place - _NEAR // 2) : place]
        if not (words.not_done.isdisjoint(before) and words.others.isdisjoint(before)):
            continue
        if not words.doers.isdisjoint(before) or _stands_alone(text, first, place, last):
            found.append(sentence)
    return found


def _is_deed(words: GivenWords, word: str, before: str) -> bool:
    """'Rebooted', and of verbs that mostly tell of things only 'I blocked'."""
    return word.endswith(words.past) and (word not in words.no_done or before in words.doers)


def _stands_alone(text: Text, first: int, place: int, last: int) -> bool:
    """'Restarted it twice', 'cache cleared, ...': told without saying who."""
    begins = place == first or len(text.lower[text.ends[place - 1] : text.starts[place]]) > 1
    ends = place + 1 == last or len(text.lower[text.ends[place] : text.starts[place + 1]]) > 1
    return begins or ends


def _topics_in(case: Case, lowers: list[str]) -> frozenset[int]:
    topics = case.pack.asking.topics
    return frozenset().union(*(sense.topics for word in lowers if (sense := topics[word])))


def _is_alike(case: Case, act: Act, theirs: set[str], topics: frozenset[int]) -> bool:
    """Whether enough of what the reply asks for is what the customer did."""
    known = case.pack.asking.topics
    first, last = case.draft.places(act.start, act.end)
    same = akin = whole = 0.0
    for word in set(case.draft.lowers[first:last]):
        sense = known[word]
        if sense is None or not sense.weight:
            continue
        whole += sense.weight
        if sense.stem in theirs:
            same += sense.weight
        elif not sense.topics.isdisjoint(topics):
            akin += sense.weight
    found = same + akin * _AKIN
    return found >= _ENOUGH and found >= min(_SHARE * whole, _PLENTY)


def against_wish(rule: Rule, case: Case) -> Iterator[Hit]:
    """The draft sends the customer where they said that they do not want to go."""
    for way in rule.options["ways"]:
        declined = case.customer_marks.spans(f"declined.{way}")
        if not declined:
            continue
        for start, _ in case.marks.spans(f"directs.{way}"):
            sentence = case.draft.sentence_at(start)
            if not case.marks.first_within("given.known", *sentence):
                values = {"wish": shorten(case.customer.quote(*case.customer.sentence_at(declined[0][0])))}
                yield Hit(sentence.start, sentence.end, values=values)
                break


def _asks(case: Case, start: int, end: int) -> bool:
    if case.draft.raw[end - 1] == "?":
        return True
    return case.marks.any_within(("given.asking", "asking"), start, end) is not None


KINDS = {
    "asked_again": Kind(asked_again, wakes=when("customer")),
    "already_done": Kind(already_done, wakes=when("customer")),
    "against_wish": Kind(
        against_wish,
        {"ways": list},
        wakes=lambda rule: Wake(customer=tuple(f"declined.{way}" for way in rule.options["ways"])),
    ),
}
