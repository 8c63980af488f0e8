"""Which rules of a pack can find anything in the case at hand, told from its marks and facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ahocorasick_rs import AhoCorasick

from goodword.coach.case import Case
from goodword.coach.checks.base import FACTS, Kind, Wake
from goodword.coach.rule import Rule

Asked = tuple[Rule, Kind]


class Plan:
    """The rules of a pack by what wakes them: a case costs what stands in it, not what rules there are."""

    def __init__(self, rules: Sequence[Rule], kinds: Mapping[str, Kind]) -> None:
        asked = [(rule, kinds[rule.kind]) for rule in rules]
        wakes = [kind.wakes(rule) for rule, kind in asked]
        self._asked = asked
        self._needs = [wake.needs for wake in wakes]
        self._facts = frozenset().union(*self._needs)
        self._any_language = [place for place, (rule, _) in enumerate(asked) if rule.any_language]
        self._by_draft = _by_tag((place, wake.draft) for place, wake in enumerate(wakes))
        self._by_customer = _by_tag(
            (place, wake.customer) for place, wake in enumerate(wakes) if not wake.draft
        )
        self._always = [place for place, wake in enumerate(wakes) if _is_unconditional(wake)]
        by_factor = _by_tag((place, wake.factors) for place, wake in enumerate(wakes))
        self._of_factor = list(by_factor.values())
        self._factors = AhoCorasick(list(by_factor)) if by_factor else None

    def woken(self, case: Case) -> Iterator[Asked]:
        """The rules to be asked, in no particular order."""
        facts = {name for name in self._facts if FACTS[name](case)}
        needs, asked = self._needs, self._asked
        for place in self._places(case):
            if not needs[place] or needs[place] <= facts:
                yield asked[place]

    def _places(self, case: Case) -> Iterable[int]:
        if case.language != case.pack.name:  # nothing is marked, so nothing can be told from marks
            return self._any_language
        found = set(self._always)
        for index, marks in ((self._by_draft, case.marks), (self._by_customer, case.customer_marks)):
            for tag in index.keys() & marks.by_tag.keys():
                found.update(index[tag])
        if self._factors is not None:
            near = case.near
            for factor, start, end in self._factors.find_matches_as_indexes(
                case.draft.lower, overlapping=True
            ):
                for place in self._of_factor[factor]:
                    near.setdefault(self._asked[place][0].id, []).append((start, end))
                    found.add(place)
        return found


def _is_unconditional(wake: Wake) -> bool:
    return not (wake.draft or wake.customer or wake.factors)


def _by_tag(tagged: Iterable[tuple[int, Iterable[str]]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, tags in tagged:
        for tag in tags:
            found.setdefault(tag, []).append(place)
    return found
