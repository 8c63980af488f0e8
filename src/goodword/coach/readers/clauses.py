"""A customer's sentence cut into what is asked, what is wished and what is told.

'Please refund it and, if I buy elsewhere, can I cancel this one? My back hurts.' asks for two things in one
sentence. A cut is made where a word that can open a question or a wish follows a joint: a mark of
punctuation, or a word such as 'and'.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from goodword.coach.case import Case
from goodword.coach.text import Sentence

Clausal = Literal["", "told", "question", "request"]
ASKED: Clausal = "question"
WISHED: Clausal = "request"
TOLD: Clausal = "told"
NONE: Clausal = ""

# What stands before a word at which a clause may begin: a comma, a mark that ends more, 'and', or nothing.
Joint = Literal["", "mark", "start", "word", "run"]

_JOINTS = frozenset(',;:()[]-&/"\n.?!')
_STRONG = frozenset(";:()[]-.?!")  # what follows these begins anew
_NEAR = 4  # so many words after 'which' may stand before its verb: 'which of the papers do'
_FEW = 3  # a question of fewer words says nothing alone: '..., did you?'
_LEADS = 5


@dataclass(slots=True)
class Clause:
    """A part of a sentence; `first` and `last` are the places of its words.

    `read`, `sought`, `known` and `inquires` tell how far it was read in search of an indirect question.
    """

    first: int
    last: int
    kind: Clausal
    read: int = -1
    sought: bool = False
    known: int = -_NEAR - 1
    inquires: bool = False


class Reader:
    """Reads the sentences of one message; what it holds is the same for all of them."""

    def __init__(self, case: Case) -> None:
        self.text = case.customer
        self.lowers = case.customer.lowers
        self.words = case.pack.asking
        self.leads = self.words.lead_ins | self.words.joiners
        self.helpers = self.words.auxiliaries | self.words.shaky_auxiliaries
        self.asking_words = self.words.wh | self.words.wh_is
        self._begins_any = self.words.joiners | self.words.polite | self.words.may_ask
        self._marks = case.customer_marks
        self._asks = False

    def clauses(self, sentence: Sentence, first: int, last: int) -> list[Clause]:
        """The clauses of a sentence with the words `[first, last)`, in order; they hold all its words."""
        self._asks = "?" in self.text.raw[sentence.start : sentence.end]
        found = [Clause(first, first, self._opens(first, last, TOLD, "start") or TOLD)]
        asked = TOLD
        starts, ends, lowers = self.text.starts, self.text.ends, self.lowers
        for at in range(first + 1, last):
            if starts[at] - ends[at - 1] == 1 and lowers[at] not in self._begins_any:
                continue  # so it is with most words: neither a mark nor a word at which anything begins
            joint = self._joint(at)
            if not joint and not self._runs_on(found[-1], at):
                continue
            before = self._so_far(found[-1], at)
            asked = asked if before == TOLD else before
            kind = self._opens(at, last, asked, joint or "run")
            if not kind and joint and self._ends(found[-1], at):
                kind = TOLD
            if kind and self._only_leads_in(found[-1], at):
                found[-1].kind = kind
            elif kind:
                found[-1].last = at
                found.append(Clause(at, at, kind))
        found[-1].last = last
        for clause in found:
            clause.kind = self._so_far(clause, clause.last)
        if self._asks:
            self._has_question(found)
        return self._without_announcements(found)

    def span(self, clause: Clause) -> tuple[int, int]:
        """Where the clause stands in the text, without the joining words before it."""
        first, raw = clause.first, self.text.raw
        while first < clause.last - 1 and self.lowers[first] in self.words.joiners:
            first += 1
        last = clause.last
        while last - 1 > first and self.lowers[last - 1] in self.words.joiners:
            last -= 1
        end = self.text.ends[last - 1]
        while end < len(raw) and raw[end] in "?!.":
            end += 1
        return self.text.starts[first], end

    def inquires(self, clause: Clause) -> bool:
        """'nobody has told me whether': a word that seeks, one of knowing, and soon a 'whether'."""
        return self._inquires_until(clause, clause.last)

    def _gap(self, at: int) -> str:
        return self.text.lower[self.text.ends[at - 1] : self.text.starts[at]]

    def _joint(self, at: int) -> Joint:
        gap = self._gap(at)
        if gap[0] == ")" and self.lowers[at - 1].isdigit():
            return ""  # '(2) the price for each'
        if len(gap) > 1 and not _JOINTS.isdisjoint(gap):
            return "mark" if _STRONG.isdisjoint(gap) else "start"
        words = self.words
        if self.lowers[at] not in words.joiners:
            return ""
        following = self.lowers[at + 1 : at + 2]
        purpose = self.lowers[at] in words.purposes and words.that_words.issuperset(following)
        return "" if purpose else "word"

    def _only_leads_in(self, clause: Clause, at: int) -> bool:
        """Whether only words that lead in stand before the word `at`: 'Hi, ...', 'If not, ...'."""
        return at - clause.first <= _FEW and self.leads.issuperset(self.lowers[clause.first : at])

    def _runs_on(self, clause: Clause, at: int) -> bool:
        """A wish without any mark before it: 'it is late can you check', 'in which case please send'."""
        if clause.kind != TOLD or at + 1 >= len(self.lowers):
            return False
        words, here, after = self.words, self.lowers[at], self.lowers[at + 1]
        if here in words.polite:
            return after in words.deeds
        return here in words.may_ask and after in words.you and self.lowers[at - 1] not in words.wh

    def _so_far(self, clause: Clause, at: int) -> Clausal:
        """What the clause is that would end before the word `at`; one that opens nothing may still ask."""
        if clause.kind != TOLD:
            return clause.kind
        start, end = self.text.starts[clause.first], self.text.ends[at - 1]
        marks = self._marks
        if marks.first_within("ask.indirect", start, end) or self._inquires_until(clause, at):
            return ASKED
        if not marks.first_within("ask.request", start, end):
            return TOLD
        return TOLD if marks.first_within("ask.no_request", start, end) else WISHED

    def _inquires_until(self, clause: Clause, last: int) -> bool:
        words = self.words
        for at in range(max(clause.first, clause.read), last - 1):
            here = self.lowers[at]
            if clause.sought and at - clause.known <= _NEAR and here in words.goes_on - words.that_words:
                clause.inquires = True
            clause.sought = clause.sought or here in words.seeking
            if here in words.knowing:
                clause.known = at
        clause.read = max(clause.read, last - 1)
        return clause.inquires

    def _opens(self, at: int, last: int, before: Clausal, joint: Joint) -> Clausal:
        """The kind of clause that begins with the word `at`, or nothing."""
        words, lowers = self.words, self.lowers
        head, polite = self._head(at, last)
        if before == ASKED and lowers[at] in words.alternatives:
            return NONE  # 'is it broken or do I need another?' is one question
        here, joined = lowers[head], head > at and lowers[at] in words.joiners
        if polite:
            sure = here in words.deeds or (joint == "start" and here not in words.no_deeds)
            return WISHED if sure else self._asked(head, last, before, joint)
        if here in words.before_wh and head + 1 < last and lowers[head + 1] in words.wh:
            head, here, joint = head + 1, lowers[head + 1], "start"
        if before != TOLD and joint != "run" and self._goes_on(head, last, joined=joined):
            return before if here in words.that_words else ASKED
        if before != TOLD and joined and self._wished_too(head, last, before):
            return WISHED
        if before != TOLD and lowers[at].isdigit() and self._gap(at)[-1:] == "(":
            return before
        return self._asked(head, last, before, joint) or self._wished(head, last, joint)

    def _head(self, at: int, last: int) -> tuple[int, bool]:
        """The first word that does not only lead in, and whether a 'please' stands before it."""
        words, lowers = self.words, self.lowers
        head, polite = at, False
        while head < last - 1 and lowers[head] in self.leads and head - at < _LEADS:
            if lowers[head] in words.if_words and lowers[head + 1] not in words.after_if:
                break
            polite = polite or lowers[head] in words.polite
            head += 1
        return head, polite

    def _goes_on(self, head: int, last: int, *, joined: bool) -> bool:
        """'tell me what it costs, and whether I can appeal'; not 'and when?', nor ', which is a pity'."""
        words, here = self.words, self.lowers[head]
        if here not in words.goes_on or last - head < _FEW:
            return False
        if here in words.relatives or here in words.that_words:
            return joined or (head > 0 and ":" in self._gap(head))
        return True

    def _wished_too(self, head: int, last: int, before: Clausal) -> bool:
        """'please refund it and close my account', 'can you correct it and send me a new price'."""
        words, here = self.words, self.lowers[head]
        if before == WISHED:
            return here in words.deeds or here in words.infinitive
        if here not in words.deeds or last - head <= _FEW or self.lowers[head - 2] in words.deeds:
            return False  # 'can you correct and send it again' is one wish
        return self.lowers[head + 1] in words.objects

    def _asked(self, head: int, last: int, before: Clausal, joint: Joint) -> Clausal:
        words, here = self.words, self.lowers[head]
        if here in self.asking_words:
            return ASKED if self._asks_wh(head, last, joint) else NONE
        if here not in self.helpers:
            return NONE
        subject = self.lowers[head + 1] if head + 1 < last else ""
        if subject in words.denials and head + 2 < last:
            subject = self.lowers[head + 2]
        return ASKED if self._inverted(here, subject, before, joint) else NONE

    def _inverted(self, verb: str, subject: str, before: Clausal, joint: Joint) -> bool:
        """'is it', 'can someone', 'do my two swims'; not 'and was the wrong size' nor 'should you need'."""
        words = self.words
        if subject in words.pronouns:
            return self._asks or joint == "run" or verb not in words.shaky_auxiliaries
        if not subject or joint == "run" or verb in words.negations:
            return bool(subject) and joint != "run" and subject in words.determiners
        if verb not in words.being:
            return self._asks or subject in words.determiners
        if self._asks and joint in ("start", "mark"):
            return True
        sure = self._asks or before == ASKED or (joint == "start" and verb in words.auxiliaries - words.past)
        return sure and subject in words.determiners

    def _asks_wh(self, head: int, last: int, joint: Joint) -> bool:
        """'when will it come', 'how much to fit'; not ', which is a pity' nor 'when I opened it'."""
        words, lowers, asks = self.words, self.lowers, self._asks
        here = lowers[head]
        relative = here in words.relatives and joint == "mark"
        if here in words.wh_is:
            return asks or not relative
        at = head + 1
        while at < last and at - head <= _NEAR and lowers[at] in words.nouns_of_wh:
            at += 1
        if at >= last:
            return asks and not relative and (joint != "word" or at - head > 1)
        if at == head + 1 and at + 1 < last and lowers[at + 1] in self.helpers and not relative:
            at += lowers[at] not in self.helpers and lowers[at] not in words.pronouns  # 'which box do'
        verb, after = lowers[at], lowers[at + 1] if at + 1 < last else ""
        if verb in self.helpers:
            if relative:
                return asks and after in words.pronouns
            sure = after in words.pronouns or after in words.determiners
            return asks or sure or here in words.asking_wh
        if relative:
            return False
        if verb in words.bare_verbs and joint == "start":
            return True
        if verb in words.infinitive and here in words.before_infinitive:
            return asks or joint != "mark"
        return asks and (verb not in words.pronouns or joint == "start" or here in words.asking_wh)

    def _wished(self, head: int, last: int, joint: Joint) -> Clausal:
        """'I want the charge reversed', 'want my money back', 'send me', 'don't send me the terms'."""
        words, lowers = self.words, self.lowers
        here, after = lowers[head], lowers[head + 1] if head + 1 < last else ""
        if here in words.polite:
            return WISHED if after and after not in words.no_deeds else NONE
        if joint == "run":
            return NONE
        if here in words.forbids:
            return WISHED if after in words.deeds else NONE
        if here in words.deeds and after in words.objects and joint == "start":
            return WISHED
        if here not in words.selves and here not in words.wishers:
            return NONE
        for place in range(head + (here in words.selves), min(last, head + _LEADS)):
            if lowers[place] in words.denials:
                return NONE
            if lowers[place] in words.wishes:
                return WISHED if self._wishes_something(place, last) else NONE
        return NONE

    def _wishes_something(self, place: int, last: int) -> bool:
        """'I would like a refund'; not 'I like it' nor 'I want to thank you'."""
        words, lowers = self.words, self.lowers
        if lowers[place] in words.likings and lowers[place - 1] not in words.before_liking:
            return False
        rest = lowers[place + 1 : min(last, place + 3)]
        return bool(rest) and words.no_wishes.isdisjoint(rest)

    def _ends(self, clause: Clause, at: int) -> bool:
        """Whether a statement begins here and ends the question before it; 'is it true, as you say, that'."""
        short = at - clause.first <= _FEW and self.lowers[clause.first] not in self.asking_words
        if clause.kind == TOLD or short:
            return False
        if self.lowers[at] in self.words.joiners:
            at += 1
        return at < len(self.lowers) and self.lowers[at] in self.words.statements

    def _has_question(self, found: list[Clause]) -> None:
        """A sentence with a question mark asks, although no word says so; a very short end is joined on."""
        if all(clause.kind == TOLD for clause in found):
            found[-1].kind = ASKED
        last = found[-1]
        short = len(found) > 1 and last.kind == ASKED and last.last - last.first <= _FEW
        if short and found[-2].kind == TOLD:
            last.first = found[-2].first
            del found[-2]

    def _without_announcements(self, found: list[Clause]) -> list[Clause]:
        """'I need to know: when will it come' asks once."""
        kept: list[Clause] = []
        for clause in found:
            before = kept[-1] if kept else None
            if before and TOLD not in (before.kind, clause.kind) and self._announces(before, clause):
                before.kind, before.last = clause.kind, clause.last
            else:
                kept.append(clause)
        return kept

    def _announces(self, clause: Clause, following: Clause) -> bool:
        gap = self._gap(following.first)
        return ":" in gap or ("(" in gap and clause.last - clause.first <= _FEW)
