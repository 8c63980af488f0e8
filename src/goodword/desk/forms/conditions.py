"""Conditions as rows of a form: a field, a question, and answers with commas between them.

The rows stand in two groups: all of the first must hold, and one at least of the second.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goodword.inbox import conditions
from goodword.inbox.conditions import Field, Sort
from goodword.inbox.errors import NotPossible
from goodword.mail.models import Mailbox
from goodword.staff.models import Team

EMPTY_ROWS = 2
# How the inputs of each group of rows are called.
PREFIXES = {"all": "condition", "any": "condition_any"}
QUESTIONS: "dict[str, Lazy]" = {
    "is": _("is one of"),
    "is_not": _("is none of"),
    "has": _("has one of the words"),
    "has_not": _("has none of the words"),
    "at_least": _("is at least"),
    "at_most": _("is at most"),
}
YES = {"yes", "true", "1"}
NO = {"no", "false", "0"}


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One row as the form shows it."""

    field: str = ""
    question: str = "is"
    answers: str = ""


@dataclass(frozen=True, slots=True)
class ConditionGroup:
    """The rows of one group, some empty ones with them, and how their inputs are called."""

    key: str
    prefix: str
    rows: Sequence[ConditionRow]
    is_filled: bool


@dataclass(frozen=True, slots=True)
class ConditionRows:
    """What `desk/condition_rows.html` shows: the groups, and what can be chosen in them."""

    groups: Sequence[ConditionGroup]
    fields: Sequence[tuple[str, str]]
    questions: Sequence[tuple[str, str]]


def shown(kept: Mapping[str, Any]) -> ConditionRows:
    """Kept conditions as rows of the form."""
    return _rows({key: [_row(one) for one in kept.get(key) or ()] for key in PREFIXES})


def sent(data: QueryDict) -> ConditionRows:
    """The rows as they were sent, to be shown again."""
    return _rows({key: _sent(data, key) for key in PREFIXES})


def read(data: QueryDict) -> dict[str, Any]:
    """The conditions of a sent form; raises NotPossible with a sentence. Empty rows count for nothing."""
    read = {key: [_read(row) for row in _sent(data, key)] for key in PREFIXES}
    return conditions.checked({key: rows for key, rows in read.items() if rows})


def in_words(kept: Mapping[str, Any]) -> str:
    """The conditions as a line to read, '' when there are none."""
    every, some = ([_in_words(_row(one)) for one in kept.get(key) or ()] for key in PREFIXES)
    one_of = gettext(" or ").join(some)
    if every and len(some) > 1:
        one_of = gettext("one of these: %(conditions)s") % {"conditions": one_of}
    return gettext(" and ").join([*every, one_of] if one_of else every)


def _in_words(row: ConditionRow) -> str:
    return f"{_label(row.field)} {QUESTIONS.get(row.question, row.question)} {row.answers}"


def _read(row: ConditionRow) -> dict[str, Any]:
    if not row.field:
        raise NotPossible(
            gettext(
                "'%(answers)s' stands in a condition on nothing. Choose what it is about, or clear the row."
            )
            % {"answers": row.answers[:60]}
        )
    if not row.answers.strip():
        raise NotPossible(
            gettext("The condition on '%(field)s' has no answer yet. Write one, or clear the row.")
            % {"field": _label(row.field)}
        )
    return {"field": row.field, row.question: _answers(row)}


def _rows(groups: Mapping[str, Sequence[ConditionRow]]) -> ConditionRows:
    empty = [ConditionRow()] * EMPTY_ROWS
    labels = {name: str(one.label) for name, one in conditions.fields().items()}
    # What a room asked that is gone is shown all the same, so that no row is lost unseen.
    gone = {
        row.field: row.field
        for rows in groups.values()
        for row in rows
        if row.field and row.field not in labels
    }
    return ConditionRows(
        groups=[
            ConditionGroup(key, PREFIXES[key], [*rows, *empty], bool(rows)) for key, rows in groups.items()
        ],
        fields=[("", "–"), *{**labels, **gone}.items()],
        questions=[(key, str(label)) for key, label in QUESTIONS.items()],
    )


def _sent(data: QueryDict, key: str) -> list[ConditionRow]:
    parts = (data.getlist(f"{PREFIXES[key]}_{name}") for name in ("field", "question", "answers"))
    return [ConditionRow(*each) for each in zip(*parts, strict=False) if each[0] or each[2].strip()]


def _answers(row: ConditionRow) -> object:
    one = conditions.fields().get(row.field)
    given = [part.strip() for part in row.answers.split(",") if part.strip()]
    if one is None:
        return given
    if one.sort == Sort.NUMBER:
        return _number(row.answers)
    if one.sort == Sort.YES_NO:
        return [_yes_or_no(part) for part in given]
    if one.sort == Sort.NUMBER_OF:
        return [_number_of(one, part) for part in given]
    return given


def _yes_or_no(word: str) -> object:
    """What a word says, in English or as this page says it; one that says neither stays as it is."""
    tidy = word.casefold()
    if tidy in {*YES, gettext("yes").casefold()}:
        return True
    return False if tidy in {*NO, gettext("no").casefold()} else word


def _number(text: str) -> object:
    for sort in (int, float):
        try:
            return sort(text.strip())
        except ValueError:
            continue
    return text.strip()


def _number_of(one: Field, name: str) -> object:
    """The number of the mailbox or team of that name."""
    found = _named(one.name, name)
    if found is None:
        raise NotPossible(
            gettext("There is no %(what)s '%(name)s'. Write its name as it stands in the settings.")
            % {"what": str(one.label).lower(), "name": name[:60]}
        )
    return found


def _named(field: str, name: str) -> int | None:
    if name.isascii() and name.isdigit():
        return int(name)
    if field == "team":
        return Team.objects.filter(name__iexact=name).values_list("pk", flat=True).first()
    boxes = Mailbox.objects.filter(name__iexact=name) | Mailbox.objects.filter(address__iexact=name)
    return boxes.values_list("pk", flat=True).first()


def _row(kept: Mapping[str, Any]) -> ConditionRow:
    field = str(kept.get("field", ""))
    question = next((key for key in QUESTIONS if key in kept), "is")
    given = kept.get(question)
    values = given if isinstance(given, Sequence) and not isinstance(given, str) else [given]
    return ConditionRow(field, question, ", ".join(_said(field, value) for value in values))


def _said(field: str, value: object) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    whose = {"team": Team, "mailbox": Mailbox}.get(field)
    if whose is not None and isinstance(value, int):
        return whose._default_manager.filter(pk=value).values_list("name", flat=True).first() or str(value)
    return str(value)


def _label(field: str) -> str:
    one = conditions.fields().get(field)
    return str(one.label) if one else field
