"""How much work an expression can be at one place of a text, so that none is let in that runs away.

Work adds up where a repeated part and what follows it cannot be mistaken for one another, and multiplies
where they can: `\\w+ \\w+` is cheap, `.*x.*` is not, and `(a+)+` is refused whatever its limits.
"""

from __future__ import annotations

from goodword.coach.expressions.parts import (
    NOTHING,
    Char,
    Choice,
    Edge,
    Group,
    Look,
    OneOf,
    Part,
    Repeat,
    Sequence,
    first_of,
    first_of_choice,
    first_of_sequence,
)

MOST_WORK = 3000


def check_cost(choice: Choice, source: str) -> None:
    """ValueError where matching `choice` could take more than `MOST_WORK` steps at one place."""
    if _choice_work(choice, NOTHING, 1.0, source) > MOST_WORK:
        raise ValueError(
            f"the expression {source!r} could be tried in too many ways on one text; "
            "bound its repeats ({0,3}), or let different characters follow each of them"
        )


def _sequence_work(sequence: Sequence, follow: frozenset[str], rest: float, source: str) -> float:
    works = [rest]  # of what stands at the end, then of ever more
    for at in range(len(sequence) - 1, -1, -1):
        part = sequence[at]
        works.append(_bounded_work(sequence, at, works) or _work(part, follow, works[-1], source))
        first, empty = first_of(part)
        follow = first | follow if empty else first
    return works[-1]


def _bounded_work(sequence: Sequence, at: int, works: list[float]) -> float:
    """The work of a repeated class that what follows soon must leave, as in `[a-z]+ly-`; 0 for other parts.

    The characters that may be taken both ways are tried at each length, but only where the class ends can
    the match go on: at as many places as there are characters in between.
    """
    match sequence[at]:
        case Repeat(Char() | OneOf() as part, least, most, how) if how != "+":
            taken = first_of(part)[0]
        case _:
            return 0
    near = 0
    for further in range(at + 1, len(sequence)):
        match sequence[further]:
            case Edge():
                continue
            case Char() | OneOf() as single:
                near += 1
                apart = not first_of(single)[0] & taken
                if apart and near == 1:
                    return 0
                if apart:
                    return most + (most - least + 1) * near + (near + 1) * works[len(sequence) - further - 1]
            case _:
                return 0
    return 0


def _choice_work(choice: Choice, follow: frozenset[str], rest: float, source: str) -> float:
    if len(choice) == 1:
        return _sequence_work(choice[0], follow, rest, source)
    dearest = max(_sequence_work(sequence, follow, 1.0, source) for sequence in choice)
    return dearest + _ways(choice) * rest


def _work(part: Part, follow: frozenset[str], rest: float, source: str) -> float:
    match part:
        case Char() | OneOf() | Edge():
            return 1 + rest
        case Look(_, body):
            return _choice_work(body, NOTHING, 1.0, source) + rest
        case Group(body):
            return _choice_work(body, follow, rest, source)
        case Repeat(Char() | OneOf(), least, most, how):
            alike = how != "+" and bool(first_of(part)[0] & follow)
            return most + ((most - least + 1) * rest if alike else rest)
        case Repeat(inner, _, 1):
            return _work(inner, follow, rest, source) + rest
        case Repeat(inner, least, most):
            first, empty = first_of(inner)
            if empty or _ambiguous(inner, first | follow):
                raise ValueError(
                    f"the expression {source!r} repeats a part that repeats itself, which can be tried in "
                    "endless ways; repeat single characters only, or list the words"
                )
            again = bool(first & follow)
            return most * _work(inner, first | follow, 1.0, source) + (
                (most - least + 1) * rest if again else rest
            )


def _ambiguous(part: Part, follow: frozenset[str]) -> bool:
    """Whether the same words can be matched by `part` in several ways, given what may follow."""
    match part:
        case Char() | OneOf() | Edge() | Look():
            return False
        case Group(body):
            return (_ways(body) > 1 and not _fixed(body)) or any(
                _any_ambiguous(sequence, follow) for sequence in body
            )
        case Repeat(Char() | OneOf(), least, most, how):
            return how != "+" and most > least and bool(first_of(part)[0] & follow)
        case Repeat(inner):
            first, empty = first_of(inner)
            return empty or bool(first & follow) or _ambiguous(inner, first | follow)


def _any_ambiguous(sequence: Sequence, follow: frozenset[str]) -> bool:
    for part in reversed(sequence):
        if _ambiguous(part, follow):
            return True
        first, empty = first_of(part)
        follow = first | follow if empty else first
    return False


def _ways(choice: Choice) -> int:
    """How many of the alternatives can match at one place."""
    words = [_word(sequence) for sequence in choice]
    if all(word is not None for word in words):
        known = [word for word in words if word is not None]
        return max(sum(one.startswith(other) for other in known) for one in known[:400])
    firsts = [first_of_sequence(sequence)[0] for sequence in choice]
    together = sum(len(first) for first in firsts)
    return 1 if together == len(first_of_choice(choice)[0]) else len(choice)


def _word(sequence: Sequence) -> str | None:
    chars = [part.char for part in sequence if isinstance(part, Char)]
    return "".join(chars).lower() if len(chars) == len(sequence) else None


def _fixed(choice: Choice) -> bool:
    """Alternatives that are plain words of which none begins another: only one way through them."""
    return all(_word(sequence) is not None for sequence in choice) and _ways(choice) == 1
