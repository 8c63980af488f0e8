"""Checks of courtesy: a greeting that is missing, and praise or loyalty that nobody took up."""

from __future__ import annotations

from collections.abc import Iterator

from goodword.coach.case import Case
from goodword.coach.checks.base import Hit, Kind, Wake, when
from goodword.coach.rule import Rule

ENOUGH_WORDS = 6
MOST_IN_GREETING = 5


def no_greeting(rule: Rule, case: Case) -> Iterator[Hit]:
    """A draft that begins neither with a greeting nor with a name on a line of its own."""
    if len(case.draft.lowers) < rule.options["from_words"] or not case.draft.sentences:
        return
    greets = any(act.act == "greeting" for act in case.acts) or case.marks.has("act.greeting")
    if not greets and not _begins_with_name(case) and not _chats(case):
        yield Hit(*case.draft.sentences[0])


def _begins_with_name(case: Case) -> bool:
    """'Cormac,' and 'Evening Hugh,' greet too: few words, a capital, a comma, and the line ends."""
    start = case.draft.sentences[0].start
    first_name = case.customer_name.split()[:1] if case.customer_name else []
    if first_name and case.draft.raw.startswith(f"{first_name[0]},", start):
        return True
    line = case.draft.raw[start:].split("\n", 1)[0].strip()
    first, last = case.draft.places(start, start + len(line))
    return last - first <= MOST_IN_GREETING and line[-1:] in ",!:" and any(map(str.isupper, line))


def _chats(case: Case) -> bool:
    """One paragraph back to somebody who writes in small letters, as in a chat, wants no greeting."""
    first = next(filter(str.isalpha, case.customer.raw), "")
    return first.islower() and "\n" not in case.draft.raw.strip()


def unthanked(rule: Rule, case: Case) -> Iterator[Hit]:
    """The customer's sentence with `calls_for` and `beside`, when the draft has none of `met_by`."""
    if len(case.draft.lowers) < ENOUGH_WORDS or case.marks.has(*rule.options["met_by"]):
        return
    for tag in rule.options["calls_for"]:
        for start, _ in case.customer_marks.spans(tag):
            sentence = case.customer.sentence_at(start)
            if case.customer_marks.any_within(rule.options["beside"], *sentence):
                yield Hit(*sentence, "customer")
                return


KINDS = {
    "no_greeting": Kind(no_greeting, {"from_words": int}, wakes=when("customer")),
    "unthanked": Kind(
        unthanked,
        {"calls_for": list, "beside": list, "met_by": list},
        wakes=lambda rule: Wake(customer=tuple(rule.options["calls_for"])),
    ),
}
